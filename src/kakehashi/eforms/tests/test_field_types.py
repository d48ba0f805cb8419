"""What each type of field takes, and how it keeps it."""

from datetime import date
from typing import Any

import pytest

from kakehashi.eforms.domain.catalogue import CATALOGUE, Context, Wrong
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.testing import EVERY_FIELD

CONTEXT = Context(date(2026, 11, 21))
BY_KEY = {field.key: field for field in EVERY_FIELD}
HOME = {"postcode": "1000001", "prefecture": "東京都", "city": "千代田区", "street": "千代田1-1", "building": ""}


def parse(key: str, raw: Any) -> Any:
    field = BY_KEY[key]
    return CATALOGUE[field.type].parse(field, raw, CONTEXT)


@pytest.mark.parametrize(
    ("key", "raw", "kept"),
    [
        ("phone", "０９０－１２３４－５６７８", "09012345678"),
        ("phone", "+81 90-1234-5678", "09012345678"),
        ("phone", "(03) 1234 5678", "0312345678"),
        ("mail", " Ｈａｎａｋｏ@EXAMPLE.JP ", "Hanako@example.jp"),
        ("mail", "a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("people", "３ 人", 3),
        ("people", "1０", 10),
        ("cost", "￥１，２００円", 1200),
        ("cost", "0", 0),
        ("start", "令和8年11月21日", "2026-11-21"),
        ("born", {"era": "昭和", "year": "６０", "month": "4", "day": "1"}, "1985-04-01"),
        ("born", {"era": "", "year": "1985", "month": "04", "day": "1日"}, "1985-04-01"),
        ("born", {"era": "", "year": "S60", "month": "4", "day": "1"}, "1985-04-01"),
        ("born", {"era": "平成", "year": "元", "month": "1", "day": "8"}, "1989-01-08"),
        ("born", "H1.1.8", "1989-01-08"),
        ("born", {"era": "昭和", "year": "", "month": "", "day": ""}, None),
        ("home", {**HOME, "postcode": "〒１００ー０００１"}, HOME),
        ("name", {"family": "葛󠄀城", "given": "𠮷", "family_kana": "かつらぎ", "given_kana": "ﾖｼ"},
         {"family": "葛󠄀城", "given": "𠮷", "family_kana": "カツラギ", "given_kana": "ヨシ"}),
        ("reason", " 一行目 \r\n二行目\n", " 一行目\n二行目"),
        ("note", "a\u3000\u3000b\n", "a b"),
        ("note", "\u202e逆", "逆"),
        ("note", "　 ", None),
        ("wishes", ["stop", "new"], ["new", "stop"]),
        ("agree", "on", True),
        ("agree", None, None),
        ("family", [{"who": "太郎", "age": "八"[:0]}, {}], [{"who": "太郎"}]),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_one_form(key: str, raw: Any, kept: Any) -> None:
    assert parse(key, raw) == kept
    if kept is not None:
        assert parse(key, kept) == kept


@pytest.mark.parametrize(
    ("key", "raw", "part", "word"),
    [
        ("phone", "12345", "", "10けたか11けた"),
        ("phone", "電話なし", "", "10けたか11けた"),
        ("mail", "hanako@", "", "メールアドレス"),
        ("people", "0", "", "1以上"),
        ("people", "21", "", "20以下"),
        ("people", "たくさん", "", "数字だけ"),
        ("people", "1.5", "", "数字だけ"),
        ("born", {"era": "昭和", "year": "64", "month": "1", "day": "8"}, "year", "平成元年1月8日"),
        ("born", {"era": "平成", "year": "32", "month": "4", "day": "1"}, "year", "令和2年4月1日"),
        ("born", {"era": "", "year": "2023", "month": "2", "day": "29"}, "year", "ありません"),
        ("born", {"era": "昭和", "year": "60", "month": "2", "day": "31"}, "day", "この日付はありません"),
        ("born", {"era": "昭和", "year": "60", "month": "13", "day": "1"}, "month", "この日付はありません"),
        ("born", {"era": "", "year": "2030", "month": "1", "day": "1"}, "year", "今日より後"),
        ("born", {"era": "令和", "year": "8", "month": "", "day": "1"}, "month", "すべて"),
        ("born", {"era": "", "year": "1700", "month": "1", "day": "1"}, "year", "1868年"),
        ("start", "2026-11-20", "year", "今日か、今日より後"),
        ("kind", "forged", "", "一覧"),
        ("wishes", ["new", "change", "stop"], "", "2つまで"),
        ("home", {**HOME, "street": ""}, "street", "町名"),
        ("home", {**HOME, "prefecture": "江戸"}, "prefecture", "一覧"),
        ("home", {**HOME, "postcode": "123"}, "postcode", "7けた"),
        ("name", {"family": "山田", "given": "花子", "family_kana": "山田", "given_kana": ""}, "given_kana", "カナ"),
        ("reason", "あ" * 501, "", "500文字"),
        ("note", "外字\ue000", "", "外字"),
        ("agree", "forged", "", "入力しなおして"),
        ("family", [{"age": "3"}], "0.who", "名前"),
        ("family", [{"who": "a", "age": "x"}], "0.age", "数字だけ"),
        ("proof", [{"id": "../x", "name": "a", "size": 1}], "", "入力しなおして"),
    ],
)  # fmt: skip
def test_a_wrong_answer_says_what_to_do_beside_its_input(key: str, raw: Any, part: str, word: str) -> None:
    with pytest.raises(Wrong) as wrong:
        parse(key, raw)
    problem = wrong.value.problems[0]
    assert problem.part == part
    assert word in problem.text()


def test_the_postcode_fills_the_address_in() -> None:
    field = BY_KEY["home"]
    filled = CATALOGUE["address"].fill(field, {"postcode": "939-0361", "building": "101"})  # type: ignore[attr-defined]
    assert filled["prefecture"] == "富山県"
    assert filled["city"] == "射水市"
    assert filled["building"] == "101"


@pytest.mark.parametrize("postcode", ["", "12", "0000000", "９９９９９９９"])
def test_a_postcode_that_nobody_has_says_so(postcode: str) -> None:
    with pytest.raises(Wrong) as wrong:
        CATALOGUE["address"].fill(BY_KEY["home"], {"postcode": postcode})  # type: ignore[attr-defined]
    assert wrong.value.problems[0].part == "postcode"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("born", "1985-04-01", "昭和60年4月1日（1985年）"),
        ("phone", "09012345678", "090-1234-5678"),
        ("people", 3, "3人"),
        ("cost", 1200, "1,200円"),
        ("home", HOME, "〒100-0001 東京都千代田区千代田1-1"),
        ("wishes", ["new", "stop"], "新規、廃止"),
        ("family", [{"who": "太郎", "age": 8}, {"who": "次郎"}], "名前：太郎、年齢：8歳\n名前：次郎"),
        ("proof", [{"id": "x", "name": "証明.pdf", "size": 1_200_000}], "証明.pdf（1.2 MB）"),
    ],
)
def test_an_answer_is_said_in_words(key: str, value: Any, said: str) -> None:
    assert CATALOGUE[BY_KEY[key].type].describe(BY_KEY[key], value) == said


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Field("a", "choice", "選ぶ"), "選択肢がありません"),
        (Field("a", "table", "表"), "列がありません"),
        (Field("a", "number", "数", settings={"minimum": 5, "maximum": 1}), "最小の数"),
        (Field("a", "text", "文", settings={"min_length": 500}), "最小の文字数"),
    ],
)
def test_a_field_that_nobody_could_answer_is_found(field: Field, expected: str) -> None:
    assert expected in CATALOGUE[field.type].check(field)[0]
