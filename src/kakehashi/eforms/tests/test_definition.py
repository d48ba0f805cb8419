"""Definitions as values and as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import (
    DefinitionError,
    Field,
    FormDefinition,
    Step,
    from_json,
    localized,
    to_json,
)
from kakehashi.eforms.testing import BRANCHING, EVERY_FIELD, WHOLE


@pytest.mark.parametrize("definition", [WHOLE, BRANCHING])
def test_json_and_back_is_the_same_form(definition: FormDefinition) -> None:
    assert from_json(json.loads(json.dumps(to_json(definition)))) == definition


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_else_is_refused_cleanly(data: object) -> None:
    with pytest.raises(DefinitionError):
        from_json(data)


@pytest.mark.parametrize(
    "broken",
    [
        {"key": "Bad Key"},
        {"key": "x" * 50},
        {"label": ["a"]},
        {"label": "\x00"},
        {"label": "\ud800"},
        {"settings": []},
        {"options": [{"value": ""}]},
        {"condition": {"op": "exec", "field": "a"}},
        {"condition": {"op": "all", "of": []}},
        {"translations": {"fr": {}}},
    ],
)
def test_a_broken_field_is_refused_cleanly(broken: dict[str, object]) -> None:
    field = {"key": "a", "type": "text", "label": "名"} | broken
    with pytest.raises(DefinitionError):
        from_json({"format": 1, "steps": [{"key": "p", "title": "", "fields": [field]}]})


def test_a_key_is_used_once() -> None:
    twice = FormDefinition(steps=(Step("a", "A", (EVERY_FIELD[0],)), Step("b", "B", (EVERY_FIELD[0],))))
    with pytest.raises(DefinitionError, match="同じ符号"):
        from_json(to_json(twice))


def test_a_text_falls_back_to_japanese() -> None:
    field = Field("a", "text", "氏名", translations={"en": {"label": "Name"}})
    assert [localized(field, "label", language) for language in ("ja", "ja-easy", "en")] == ["氏名", "氏名", "Name"]


def test_the_schema_is_valid_json_schema() -> None:
    import jsonschema_rs

    for definition in (WHOLE, BRANCHING):
        assert jsonschema_rs.meta.is_valid(compile_form(definition).schema)
