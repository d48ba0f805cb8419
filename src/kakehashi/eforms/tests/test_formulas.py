"""計算 and 手数料: exact, bounded, and never read from what is sent."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.template import Context as Given
from django.template import Template
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.eforms.domain.catalogue import Context, PlainRaw
from kakehashi.eforms.domain.checks import check_definition
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import DefinitionError, Field, FormDefinition, Option, Step, from_json, to_json
from kakehashi.eforms.domain.formulas import Formula, Source, Term, evaluate, formula_from_json, formula_sentence
from kakehashi.eforms.domain.validation import check_all, check_step
from kakehashi.eforms.domain.whole_form import Fee
from kakehashi.eforms.forms.formula import read_ratio
from kakehashi.eforms.selectors import describe_answers, fee_of, validate_step
from kakehashi.eforms.testing import published
from kakehashi.people.testing import Town

CONTEXT = Context(date(2026, 11, 22))
HALF = {
    "terms": [{"source": {"kind": "answer", "field": "cost"}, "denominator": 2}],
    "rounding": "down",
    "unit": 1000,
    "most": 100_000,
    "least": 0,
}
COPIES = (Option("plain", "ふつう", amount=300), Option("fast", "いそぎ", amount=500))
GRANT = FormDefinition(
    steps=(
        Step(
            "page_1",
            "費用",
            (
                Field("cost", "money", "対象経費", required=True),
                Field("grant", "calc", "補助額", settings={"formula": HALF}),
                Field("speed", "choice", "いそぎ方", required=True, options=COPIES),
                Field("reason", "text", "理由", urged=True),
            ),
        ),
    ),
    fee=Fee(field="speed"),
)


@pytest.mark.parametrize(
    ("cost", "said"), [(123_456, 61_000), (1_999, 0), (2_000, 1_000), (200_000, 100_000), (999_999, 100_000)]
)
def test_half_of_the_cost_in_thousands_with_a_cap(cost: int, said: int) -> None:
    assert evaluate(formula_from_json(HALF), GRANT, {"cost": cost}) == said


def test_rows_columns_products_and_signs() -> None:
    rows = (Field("price", "money", "単価"), Field("count", "number", "個数"))
    definition = FormDefinition(
        steps=(Step("page_1", "頁", (Field("items", "table", "内訳", columns=rows), Field("days", "number", "日数"))),)
    )
    formula = Formula(
        (
            Term(Source("column", field="items", column="price"), times=Source("answer", field="days")),
            Term(Source("rows", field="items"), minus=True, numerator=100),
        )
    )
    answers = {"items": [{"price": 500}, {"price": 700}, {"count": 1}], "days": 3}
    assert evaluate(formula, definition, answers) == 3_300
    assert evaluate(formula, definition, {}) is None
    assert "「内訳」の「単価」の合計×「日数」−「内訳」の行の数×100" in formula_sentence(formula, definition)


@pytest.mark.parametrize(("how", "said"), [("down", 1), ("half_up", 2), ("up", 2)])
def test_the_rest_goes_where_it_is_told(how: str, said: int) -> None:
    formula = Formula((Term(Source("number", value=3), denominator=2),), rounding=how)
    assert evaluate(formula, FormDefinition(), {}) == said


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5) | st.booleans(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["terms", "source", "kind", "field", "unit", "times", "numerator", "denominator"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_a_hostile_formula_is_refused_or_harmless(data: Any) -> None:
    try:
        formula = formula_from_json(data)
    except DefinitionError:
        return
    evaluate(formula, GRANT, {"cost": 10**15})


@pytest.mark.parametrize(
    ("typed", "read"),
    [("", 1), ("1/2", Fraction(1, 2)), ("２分の１", Fraction(1, 2)), ("50%", Fraction(1, 2)), ("300円", None), ("1.5", Fraction(3, 2)), ("1/0", None)],
)  # fmt: skip
def test_a_ratio_as_people_write_it(typed: str, read: Any) -> None:
    assert read_ratio(typed) == read


def test_what_is_sent_for_a_calculation_is_not_read() -> None:
    form = compile_form(from_json(to_json(GRANT)))
    raw = PlainRaw({"cost": "10,000", "grant": "999999", "speed": "fast"})
    assert check_step(form, form.definition.steps[0], raw, CONTEXT).values["grant"] == 5_000
    assert check_all(form, {"cost": 10_000, "grant": 1, "speed": "fast"}, CONTEXT).values["grant"] == 5_000


def test_the_fee_is_what_the_answer_comes_to(town: Town) -> None:
    version = published(town.clerk, GRANT)
    assert fee_of(version, {"speed": "fast"}) == 500
    assert fee_of(version, {}) == 0
    assert fee_of(published(town.clerk), {}) is None
    assert ("補助額", "5,000円") in describe_answers(version, {"cost": 10_000, "grant": 3})[0][1]


def test_an_empty_answer_is_pointed_out_once(town: Town) -> None:
    version = published(town.clerk, GRANT)
    post = {"cost": "1", "speed": "fast", "_shown": "cost grant speed reason"}
    first = validate_step(version, "page_1", post)
    assert (first.errors, first.redisplay) == ({}, True)
    again = validate_step(version, "page_1", post | {"reason.urged": "on"})
    assert (again.errors, again.redisplay) == ({}, False)


def test_a_page_that_comes_back_says_which_question_is_new_and_which_is_still_empty(town: Town) -> None:
    version = published(town.clerk, GRANT)
    back = validate_step(version, "page_1", {"cost": "1", "_shown": "cost grant reason"})
    assert (back.errors, back.redisplay) == ({}, True)
    lines = '{% load eforms %}{% eform_step version "page_1" values %}'
    html = Template(lines).render(Given({"version": version, "values": back.typed}))
    top = html[html.index("まだ空いている質問があります。") : html.index('id="question_')]
    assert re.findall(r'href="#question_(\w+)"', top) == ["speed", "reason"]
    assert html.count("いまの答えに合わせて出た質問です。") == 1
    assert html.count("できればお願いします。空けたままでも") == 1
    answered = {**back.typed, "speed": "fast", "reason": "急ぐため"}
    assert "まだ空いている質問" not in Template(lines).render(Given({"version": version, "values": answered}))


def test_a_fee_that_cannot_be_told_is_not_published() -> None:
    gone = FormDefinition(steps=GRANT.steps, fee=Fee(field="gone"))
    assert "額が決まる項目がありません" in check_definition(gone)[0].message
