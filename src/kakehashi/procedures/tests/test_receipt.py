"""受付番号: every single slip and every swap is noticed; what people type is understood."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.procedures.domain.receipt import (
    ALPHABET,
    check_character,
    format_receipt,
    make_receipt,
    normalise_receipt,
)

DAY = dt.date(2026, 11, 21)
receipts = st.text(ALPHABET, min_size=20, max_size=20).map(lambda text: text + check_character(text))


def test_number_says_where_and_when() -> None:
    number = make_receipt("131016", DAY)
    assert number.startswith("131016261121")
    assert len(number) == 21
    assert normalise_receipt(number) == number


def test_numbers_do_not_repeat() -> None:
    assert len({make_receipt("131016", DAY) for _ in range(5_000)}) == 5_000


@given(receipts, st.integers(0, 20), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number: str, place: int, character: str) -> None:
    slipped = number[:place] + character + number[place + 1 :]
    if slipped != number:
        with pytest.raises(ValueError, match="打ち間違い"):
            normalise_receipt(slipped)


@given(receipts, st.integers(0, 20), st.integers(0, 20))
def test_two_swapped_characters_are_noticed(number: str, one: int, other: int) -> None:
    letters = list(number)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    if swapped != number:
        with pytest.raises(ValueError, match="打ち間違い"):
            normalise_receipt(swapped)


@given(receipts)
def test_groups_read_back(number: str) -> None:
    assert normalise_receipt(format_receipt(number)) == number


def test_typed_on_a_phone() -> None:
    number = make_receipt("131016", DAY)
    wide = format_receipt(number).lower().replace("0", "o").replace("-", "－")
    assert normalise_receipt(f"　{wide} ") == number


@pytest.mark.parametrize("text", ["", "131016", "U" * 21, "あ" * 21, "1" * 400])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="受付番号"):
        normalise_receipt(text)


@given(st.text(max_size=60))
def test_any_text_is_answered_with_value_error_or_a_number(text: str) -> None:
    try:
        assert len(normalise_receipt(text)) == 21
    except ValueError as error:
        assert "受付番号" in str(error)
