"""Reading national lists: encodings, code forms, and lines that are named instead of guessed."""

import pytest

from kakehashi.governments.domain.national_list import UnreadableList, read_national_list

HEADER = "pref,cid,city,citykana,lgcode\n"


def one(line: str, header: str = HEADER) -> tuple[str, str, str, str | None]:
    result = read_national_list((header + line).encode())
    assert result.broken == []
    (government,) = result.governments
    return government.code, government.name, government.kind, government.parent_code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings(encoding: str) -> None:
    result = read_national_list(f"{HEADER}群馬県,10201,前橋市,まえばしし,102016\n".encode(encoding))
    (government,) = result.governments
    assert (government.code, government.name, government.kana, government.line) == ("102016", "前橋市", "マエバシシ", 2)


@pytest.mark.parametrize("code", ["011002", "11002", "01100", "1100", "０１１００２"])
def test_code_forms(code: str) -> None:
    assert one(f"北海道,,札幌市,,{code}")[0] == "011002"


def test_two_readings_are_settled_by_the_prefecture() -> None:
    assert one("北海道,,札幌市清田区,,11100")[:2] == ("011100", "札幌市清田区")
    assert one("埼玉県,,さいたま市,,11100")[:2] == ("111007", "さいたま市")


def test_two_readings_without_a_prefecture_are_reported() -> None:
    result = read_national_list("lgcode,city\n11100,さいたま市\n".encode())
    assert result.governments == []
    assert "011100とも111007とも" in result.broken[0].reason


def test_a_column_without_check_digits() -> None:
    assert one("千葉県,12203,市川市,いちかわし", "pref,cid,city,citykana\n")[0] == "122033"


@pytest.mark.parametrize(
    ("line", "kind", "parent"),
    [
        ("北海道,,札幌市 中央区,,011011", "ward", "011002"),
        ("神奈川県,,川崎市 幸区,,141321", "ward", "141305"),
        ("東京都,,千代田区,,131016", "special_ward", "130001"),
        ("大阪府,,堺市,,271403", "designated_city", "270008"),
        ("大阪府,,門真市,,272230", "city", "270008"),
        ("福島県,,磐梯町,,074071", "town", "070009"),
        ("東京都,,三宅村,,133817", "village", "130001"),
    ],
)
def test_kinds_and_parents(line: str, kind: str, parent: str) -> None:
    assert one(line)[2:] == (kind, parent)


def test_a_prefecture() -> None:
    assert one("北海道,10006", "pref,lgcode\n") == ("010006", "北海道", "prefecture", None)


def test_the_headings_of_the_ministry() -> None:
    header = "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
    text = header + "010006,北海道,,ﾎｯｶｲﾄﾞｳ,\n011002,北海道,札幌市,ﾎｯｶｲﾄﾞｳ,ｻｯﾎﾟﾛｼ\n"
    result = read_national_list(text.encode("cp932"))
    assert [(each.name, each.kana) for each in result.governments] == [
        ("北海道", "ホッカイドウ"),
        ("札幌市", "サッポロシ"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("群馬県,,前橋市,,102017", "検査数字"),
        ("群馬県,,前橋市,,", "団体コードではありません"),
        ("栃木県,,前橋市,,102016", "102016は栃木県のコードではありません"),
        ("上野県,,前橋市,,102016", "という都道府県はありません"),
        ("群馬県,,前橋町,,102016", "合いません"),
        ("群馬県,,群馬県,,102016", "合いません"),
        ("群馬県,,,,102016", "合いません"),
        ("群馬県,,前橋市,,100005", "合いません"),
        ("群馬県,,前橋市 中央区,,101010", ""),
    ],
)
def test_a_broken_line_is_named(line: str, reason: str) -> None:
    result = read_national_list((HEADER + line).encode())
    assert result.governments == []
    assert (result.broken[0].line, reason in result.broken[0].reason) == (2, True)


def test_a_repetition_names_both_lines() -> None:
    result = read_national_list((HEADER + "群馬県,,前橋市,,102016\n" * 2).encode())
    assert len(result.governments) == 1
    assert result.broken[0].line == 3
    assert "2行目" in result.broken[0].reason


def test_a_short_line_and_an_empty_one() -> None:
    result = read_national_list((HEADER + "\n群馬県\n群馬県,10201,前橋市,まえばしし,102016\n").encode())
    assert [(broken.line, broken.text) for broken in result.broken] == [(3, "群馬県")]
    assert len(result.governments) == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "あ,い\n1,2\n".encode(), b"lgcode\n102016\n"])
def test_a_file_that_is_no_list(content: bytes) -> None:
    with pytest.raises(UnreadableList):
        read_national_list(content)
