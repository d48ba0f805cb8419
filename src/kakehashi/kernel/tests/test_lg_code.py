"""全国地方公共団体コード: check digits, repairs, and doubts that stay errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.lg_code import CodeForm, LgCodeError, check_digit, is_valid, normalise

VECTORS = [
    "100005",  # 群馬県
    "160008",  # 富山県
    "330001",  # 岡山県
    "272230",  # 門真市
    "074071",  # 磐梯町
    "011002",  # 札幌市
    "010006",  # 北海道
    "131016",  # 千代田区
    "092011",  # 宇都宮市
    "221309",  # 浜松市
    "431001",  # 熊本市
    "042021",  # 石巻市
    "082201",  # つくば市
]


@pytest.mark.parametrize("code", VECTORS)
def test_check_digit(code: str) -> None:
    assert check_digit(code[:5]) == code[5]
    assert is_valid(code)
    assert normalise(code) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("92011", "092011"),
        ("13101", "131016"),
        ("1100", "011002"),
        ("11002", "011002"),
        ("01100", "011002"),
        ("10006", "010006"),
        ("９２０１１", "092011"),
        (" 131016 ", "131016"),
        ("10000", "100005"),
    ],
)
def test_repairs(text: str, code: str) -> None:
    assert normalise(text) == code


@pytest.mark.parametrize(
    "text", ["131017", "000000", "480002", "990001", "1310160", "131", "", "千代田区", "13101a", "-13101"]
)
def test_refuses(text: str) -> None:
    with pytest.raises(LgCodeError):
        normalise(text)


def test_names_the_right_check_digit() -> None:
    with pytest.raises(LgCodeError, match="13101の検査数字は6です"):
        normalise("131017")


def test_ambiguous_is_an_error_never_a_guess() -> None:
    # 011100 is 札幌市清田区 without its zero, 11100 is さいたま市 without its check digit.
    with pytest.raises(LgCodeError, match="011100とも111007とも"):
        normalise("11100")


def test_the_form_of_the_column_settles_it() -> None:
    assert normalise("11100", form=CodeForm.WITH_CHECK) == "011100"
    assert normalise("11100", form=CodeForm.WITHOUT_CHECK) == "111007"
    with pytest.raises(LgCodeError):
        normalise("1100", form=CodeForm.WITH_CHECK)


def test_known_codes_settle_it() -> None:
    # 18481 is 福井県高浜町 without its check digit; 018481 is well-formed but nobody's.
    assert normalise("18481", known={"184811"}) == "184811"
    with pytest.raises(LgCodeError):
        normalise("11100", known={"011100", "111007"})


@given(st.integers(1, 47), st.just(0) | st.integers(100, 999))
def test_a_repair_is_right_or_refused(prefecture: int, body: int) -> None:
    stem = f"{prefecture:02}{body:03}"
    code = stem + check_digit(stem)
    assert normalise(code) == code
    for damaged in {stem, code.removeprefix("0"), stem.removeprefix("0")}:
        try:
            repaired = normalise(damaged)
        except LgCodeError as error:
            assert code in str(error)
        else:
            assert repaired == code


@given(st.text(max_size=8))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert is_valid(normalise(text))
    except LgCodeError:
        pass
