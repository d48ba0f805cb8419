"""When a question is shown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from kakehashi.eforms.domain.catalogue import Context, PlainRaw
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.conditions import (
    Condition,
    ConditionError,
    condition_from_json,
    condition_schema,
    condition_to_json,
    holds,
)
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.validation import check_all, check_step, visible_steps
from kakehashi.eforms.testing import BRANCHING

CONTEXT = Context(date(2026, 11, 21))
FORM = compile_form(BRANCHING)
PAGE_2 = BRANCHING.step("page_2")

leaf_values: st.SearchStrategy[Any] = st.sampled_from(["a", "b", True, 0, 1, 5])
leaves = st.builds(
    Condition,
    op=st.sampled_from(["equals", "includes", "answered"]),
    field=st.sampled_from("xyz"),
    value=leaf_values,
) | st.builds(
    Condition, op=st.sampled_from(["at_least", "at_most"]), field=st.sampled_from("xyz"), value=st.integers(0, 5)
)
conditions = st.recursive(
    leaves,
    lambda inner: st.builds(
        Condition, op=st.sampled_from(["all", "any", "not"]), of=st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=6,
)
answers = st.dictionaries(
    st.sampled_from("xyz"),
    leaf_values | st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True),
    max_size=3,
)


@given(conditions, answers)
def test_the_schema_means_the_same_as_the_evaluation(condition: Condition, given_answers: dict[str, Any]) -> None:
    assert Draft202012Validator(condition_schema(condition)).is_valid(given_answers) == holds(condition, given_answers)


@given(conditions)
def test_json_and_back_is_the_same_condition(condition: Condition) -> None:
    assert condition_from_json(condition_to_json(condition)) == condition


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_anything_else_is_refused_cleanly(data: object) -> None:
    with pytest.raises(ConditionError):
        condition_from_json(data)


def test_a_hidden_question_is_neither_asked_nor_kept() -> None:
    result = check_step(FORM, PAGE_2, PlainRaw({"pet": "cat", "breed": "柴犬"}), CONTEXT, {"kind": "new"})
    assert result.values == {"pet": "cat"}
    assert not result.problems


def test_an_answer_of_an_earlier_page_shows_a_question() -> None:
    result = check_step(FORM, PAGE_2, PlainRaw({"pet": "cat"}), CONTEXT, {"kind": "change"})
    assert set(result.problems) == {"before"}


def test_a_page_is_passed_over() -> None:
    assert [step.key for step in visible_steps(FORM, {"kind": "new"})] == ["page_1", "page_2"]
    assert [step.key for step in visible_steps(FORM, {"kind": "stop"})] == ["page_1", "page_2", "page_3"]


def test_a_question_that_just_appeared_is_shown_before_it_is_judged() -> None:
    raw = PlainRaw({"pet": "dog", "_shown": "pet"})
    result = check_step(FORM, PAGE_2, raw, CONTEXT, {"kind": "new"})
    assert result.redisplay
    assert not result.problems


def test_the_whole_form_keeps_only_what_is_shown() -> None:
    everything = {"kind": "new", "pet": "cat", "breed": "柴犬", "before": "x", "why": "y", "extra": 1}
    result = check_all(FORM, everything, CONTEXT)
    assert result.values == {"kind": "new", "pet": "cat"}
    assert not result.problems


def test_a_condition_is_a_sentence() -> None:
    condition = Condition("all", of=(Condition("equals", "pet", "dog"), Condition("equals", "kind", "change")))
    assert (
        condition_sentence(condition, BRANCHING)
        == "「飼っているもの」が「犬」のときで、しかも「申請の種類」が「変更」のときだけ表示する"
    )


def test_an_answer_to_a_hidden_question_opens_nothing() -> None:
    chain = FormDefinition(
        steps=(
            Step(
                "one", "一", (Field("a", "text", "甲"), Field("b", "text", "乙", condition=Condition("answered", "a")))
            ),
            Step("two", "二", (Field("c", "text", "丙"),), condition=Condition("answered", "b")),
        )
    )
    form = compile_form(chain)
    assert [step.key for step in visible_steps(form, {"a": "x", "b": "y"})] == ["one", "two"]
    assert [step.key for step in visible_steps(form, {"b": "y"})] == ["one"]
