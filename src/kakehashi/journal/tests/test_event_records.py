"""The canonical form of an event: read from texts for sealing, it is the one that is exported and verified."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.journal.domain.canonical import NotCanonicalError
from kakehashi.journal.domain.event_records import FIELDS, SORTED_FIELDS, event_record, record_of_texts, time_text

WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PAYLOADS = st.dictionaries(WORDS, WORDS | NUMBERS | st.none())
TEXTS = {"code", "actor_kind", "actor_label", "subject_kind"}


def columns(label: str, payload: Any) -> dict[str, Any]:
    at = datetime(2026, 4, 1, 23, 59, 59, 120, tzinfo=UTC)
    row: dict[str, Any] = {name: label if name in TEXTS else UUID(int=7) for name in FIELDS}
    return {**row, "post_id": None, "payload": payload, "occurred_at": at}


def texts_of(row: dict[str, Any]) -> list[str | None]:
    told = {**row, "payload": json.dumps(row["payload"]), "occurred_at": time_text(row["occurred_at"])}
    return [None if told[name] is None else str(told[name]) for name in SORTED_FIELDS]


@given(WORDS, PAYLOADS)
def test_from_texts_it_is_the_same_record(label: str, payload: dict[str, Any]) -> None:
    row = columns(label, payload)
    assert record_of_texts(texts_of(row)) == event_record(row)


def test_a_payload_without_a_canonical_form_is_refused() -> None:
    with pytest.raises(NotCanonicalError):
        record_of_texts(texts_of(columns("課長", {"n": 2**60})))
