"""A thousand hostile values for every type of field: never an exception, always a message beside the field."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.eforms.domain.catalogue import Context, PlainRaw
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.validation import check_all, check_step
from kakehashi.eforms.selectors.posts import FormPost
from kakehashi.eforms.testing import EVERY_FIELD, MORE_FIELDS

CONTEXT = Context(date(2026, 11, 21))
FIELDS = EVERY_FIELD + MORE_FIELDS
NASTY = [
    "\x00", "a\x00b", "\ud800", "\udfff" * 3, "あ" * 30_000, "\u202eexe.gpj", "\u200f\u2066", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯" * 50, "𠮷" * 300, "葛󠄀", "\uffff",
    "\U0010ffff", "9" * 5_000, "-0", "1e999", "NaN", "１２３４５６７８９０１８", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "%(label)s",
    "%s%s%n", "../../etc/passwd", "昭和99年99月99日", "0000-00-00", "9999-12-31", "令和元年0月0日", "＠", "a@b", "ﷺ" * 5_000, "\r\n" * 100, "on",
    "None", "null", "[]", "１２３４５６７", "+81" + "0" * 40, "٣٤٥", "²³", "Ⅷ", "㍻60年", "\u0000" * 10, "true", " \u3000\t ", "௵" * 400, "M1 2L3 4", "M9999 1", "36.7, 137.2", "91.0", "-36", "7000012050002", "11940", "12345671",
]  # fmt: skip

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(NASTY) | st.binary()
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
texts = st.sampled_from(NASTY) | st.text(alphabet=st.characters(), max_size=60)
a_thousand = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))


def one_field(field: Field) -> Any:
    return compile_form(FormDefinition(steps=(Step("page", "頁", (field,)),)))


def names_of(field: Field) -> list[str]:
    from kakehashi.eforms.domain.catalogue import type_of

    inputs = [item.name for item in type_of(field).inputs(field, None, "ja")]
    return [*inputs, field.key, f"{field.key}.rows", "_lookup", "_add_row", "_shown"]


def judge(form: Any, field: Field, result: Any) -> None:
    json.dumps(result.typed, allow_nan=False).encode()
    json.dumps(result.values, allow_nan=False).encode()
    assert "\\u0000" not in json.dumps(result.typed)
    assert form.shapes.is_valid(result.values)
    for name, problem in result.problems.items():
        assert name.split(".")[0] == field.key
        assert problem.text()
    type_ = form.types[field.key]
    for language in ("ja", "en"):
        type_.inputs(field, result.typed.get(field.key), language)
        if field.key in result.values:
            assert type_.describe(field, result.values[field.key], language)


def keys(field: Field) -> str:
    return field.key


FORMS = {field.key: one_field(field) for field in FIELDS}
NAMES = {field.key: names_of(field) for field in FIELDS}


@a_thousand
@given(values)
def test_a_value_of_any_shape_in_every_field(value: Any) -> None:
    for field in FIELDS:
        form = FORMS[field.key]
        result = check_step(form, form.definition.steps[0], PlainRaw({field.key: value}), CONTEXT)
        judge(form, field, result)
        again = check_all(form, result.values, CONTEXT)
        assert all(again.values.get(key) == kept for key, kept in result.values.items())
        check_all(form, {field.key: value}, CONTEXT)


@a_thousand
@given(st.lists(st.tuples(st.integers(0, 9), texts), max_size=8))
def test_a_post_of_any_text_in_any_input_of_every_field(pairs: list[tuple[int, str]]) -> None:
    for field in FIELDS:
        form, names = FORMS[field.key], NAMES[field.key]
        post = QueryDict(mutable=True)
        for at, value in pairs:
            post.appendlist(names[at % len(names)], value)
        judge(form, field, check_step(form, form.definition.steps[0], FormPost(post), CONTEXT))


@pytest.mark.parametrize("field", [one for one in FIELDS if one.type not in ("note", "calc")], ids=keys)
@pytest.mark.parametrize("value", ["\x00", "\ud800x", "あ" * 30_000, {"a": "b"}, [["x"]], 3.5, "\ue000"])
def test_what_cannot_be_kept_gets_a_message(field: Field, value: object) -> None:
    if field.type == "choices" and value == [["x"]]:
        value = [["x"], 1]
    form = one_field(field)
    result = check_step(form, form.definition.steps[0], PlainRaw({field.key: value}), CONTEXT)
    assert not result.values
    assert result.problems
