"""個人番号 is neither asked for nor let in by mistake."""

from datetime import date

import pytest

from kakehashi.eforms.domain.catalogue import Context, PlainRaw
from kakehashi.eforms.domain.checks import my_number_problem, my_number_problems
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.my_number import asks_for_my_number, invites_my_number, is_my_number, mentions_my_number
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


@pytest.mark.parametrize(
    "label",
    [
        "個・人・番・号", "個人-番号", "個\u200b人番号", "個人番號", "こじんばんごう", "ｺｼﾞﾝﾊﾞﾝｺﾞｳ", "マイ・ナンバー", "まいなんばー", "マイナンバ",
        "Ｍｙ　Ｎｕｍｂｅｒ", "my no.", "Individual  number", "個人No.", "12桁の番号", "１２けたの番号", "マイナンバーカードの番号", "mainanba-",
    ],
)  # fmt: skip
def test_disguised_labels_are_refused(label: str) -> None:
    assert my_number_problem(Field("a", "text", label))


@pytest.mark.parametrize(
    "label", ["個人の番地", "会員番号", "個人事業の届出番号", "マイカーのナンバー", "My name", "法人番号（13桁の番号）"]
)
def test_other_labels_are_not(label: str) -> None:
    assert not my_number_problem(Field("a", "text", label))


def test_a_help_a_note_a_page_or_a_translation_that_asks_is_refused() -> None:
    number = Field("a", "text", "番号", help="マイナンバーを書いてください。")
    translated = Field("a", "text", "番号", translations={"en": {"label": "My Number"}})
    note = Field("n", "note", "お願い", help="次の欄に個人番号を入力します")
    for field in (number, translated, note):
        assert my_number_problems(FormDefinition(steps=(Step("p", "頁", (field,)),))), field
    plain = Field("a", "text", "番号")
    assert my_number_problems(FormDefinition(steps=(Step("p", "頁", (plain,), intro="個人番号を用意してください"),)))
    for text in ("マイナンバーは書かないでください。", "マイナンバーカードを見せてください。", "個人番号は不要です。"):
        assert not invites_my_number(text), text


def test_words_split_over_neighbours_are_refused() -> None:
    split = (Field("a", "text", "個人"), Field("b", "text", "番号"))
    assert my_number_problems(FormDefinition(steps=(Step("p", "頁", split),)))
    columns = Field("t", "table", "家族", columns=split)
    assert my_number_problems(FormDefinition(steps=(Step("p", "頁", (columns,)),)))


@pytest.mark.parametrize(
    "text", ["①②③④⑤⑥⑦⑧⑨⓪①⑧", "一二三四五六七八九〇一八", "1234/5678/9018", "1234_5678_9018", "1\u200b23456789018"]
)
def test_a_disguised_number_is_noticed(text: str) -> None:
    assert mentions_my_number(text)


def test_a_number_in_a_table_or_in_three_boxes_is_noticed() -> None:
    columns = tuple(Field(f"c{n}", "text", f"その{n}") for n in range(3))
    form = compile_form(FormDefinition(steps=(Step("p", "頁", (Field("t", "table", "表", columns=columns),)),)))
    rows = [{"c0": "1234", "c1": "5678", "c2": "9018"}]
    assert set(check_step(form, form.definition.steps[0], PlainRaw({"t": rows}), CONTEXT).problems) == {
        "t.not_my_number"
    }
    boxes = tuple(Field(f"b{n}", "text", f"箱{n}") for n in range(3))
    form = compile_form(FormDefinition(steps=(Step("p", "頁", boxes),)))
    typed = {"b0": "1234", "b1": "5678", "b2": "9018"}
    assert set(check_step(form, form.definition.steps[0], PlainRaw(typed), CONTEXT).problems) == {"b2.not_my_number"}
    passed = check_step(form, form.definition.steps[0], PlainRaw(typed | {"b2.not_my_number": "on"}), CONTEXT)
    assert not passed.problems
