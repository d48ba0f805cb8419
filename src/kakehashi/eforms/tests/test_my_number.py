"""個人番号 is neither asked for nor let in by mistake."""

from datetime import date

import pytest

from kakehashi.eforms.domain.catalogue import Context, PlainRaw
from kakehashi.eforms.domain.checks import my_number_problem
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.my_number import asks_for_my_number, is_my_number, mentions_my_number
from kakehashi.eforms.domain.validation import check_step

CONTEXT = Context(date(2026, 11, 21))
# Made up: eleven digits with the check digit that the ordinance's formula gives.
VALID = "123456789018"


def test_the_check_digit_follows_the_ordinance() -> None:
    assert is_my_number(VALID)
    assert not is_my_number("123456789012")
    assert sum(is_my_number(f"12345678901{digit}") for digit in range(10)) == 1


@pytest.mark.parametrize(
    "label", ["個人番号", "マイナンバー", "ﾏｲﾅﾝﾊﾞｰ", "個 人 番 号", "世帯主のマイナンバー（12けた）", "My Number"]
)
def test_a_label_that_asks_for_it_is_refused(label: str) -> None:
    assert asks_for_my_number(label)
    assert my_number_problem(Field("a", "text", label))
    assert my_number_problem(Field("t", "table", "家族", columns=(Field("a", "number", label),)))


def test_a_question_about_the_card_or_a_warning_is_allowed() -> None:
    assert not my_number_problem(Field("a", "choice", "マイナンバーカードを持っていますか"))
    assert not my_number_problem(Field("a", "note", "マイナンバーは書かないでください"))
    assert not my_number_problem(Field("a", "text", "電話番号"))


@pytest.mark.parametrize("text", [VALID, "１２３４－５６７８－９０１８", f"番号は {VALID} です", "1234 5678 9018"])
def test_a_number_typed_by_mistake_is_noticed(text: str) -> None:
    assert mentions_my_number(text)


@pytest.mark.parametrize("text", ["123456789012", "1" + VALID, "0312345678", ""])
def test_other_numbers_are_not(text: str) -> None:
    assert not mentions_my_number(text)


def test_the_warning_stops_once_and_lets_through_what_is_confirmed() -> None:
    form = compile_form(FormDefinition(steps=(Step("p", "頁", (Field("licence", "text", "免許の番号"),)),)))
    step = form.definition.steps[0]
    stopped = check_step(form, step, PlainRaw({"licence": VALID}), CONTEXT)
    assert set(stopped.problems) == {"licence.not_my_number"}
    assert stopped.typed["licence"] == VALID
    passed = check_step(form, step, PlainRaw({"licence": VALID, "licence.not_my_number": "on"}), CONTEXT)
    assert passed.values == {"licence": VALID}
    assert not passed.problems
