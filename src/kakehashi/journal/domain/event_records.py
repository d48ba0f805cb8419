"""The canonical form of one event: the bytes that a leaf commits to."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from kakehashi.journal.domain.canonical import NotCanonicalError, canonical_json

# Everything of an event row but its salt. A new column is added at the end and left out of older records.
FIELDS = (
    "id",
    "government_id",
    "act_id",
    "code",
    "actor_kind",
    "actor_id",
    "actor_label",
    "post_id",
    "subject_kind",
    "subject_id",
    "payload",
    "occurred_at",
)


def event_record(values: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON of an event given its columns; ids become text, times UTC with microseconds.

    Raises NotCanonicalError for a payload without a canonical form.
    """
    return canonical_json({name: _plain(values[name]) for name in FIELDS})


# The same fields as the canonical form has them, in its order.
SORTED_FIELDS = tuple(sorted(FIELDS))
_PAYLOAD = SORTED_FIELDS.index("payload")
_NULL = "null"
_FORM = "{" + ",".join(f'"{name}":%s' for name in SORTED_FIELDS) + "}"


def record_of_texts(texts: Sequence[str | None]) -> bytes:
    """Return the bytes `event_record` gives, from the columns as texts in the order of `SORTED_FIELDS`, for sealing many events.

    Ids and times are texts as they stand in the record, `payload` is any JSON text of it. Raises NotCanonicalError.
    """
    parts = [_NULL if text is None else encode_basestring(text) for text in (*texts[:_PAYLOAD], *texts[_PAYLOAD + 1 :])]
    parts.insert(_PAYLOAD, canonical_json(json.loads(texts[_PAYLOAD] or _NULL)).decode())
    try:
        return (_FORM % tuple(parts)).encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"text holds a lone surrogate: {error.reason}") from error


def time_text(moment: datetime) -> str:
    """Write an aware moment as `2026-04-01T00:00:00.000000Z`; such texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value
    if kind is UUID:
        return str(value)
    return time_text(value) if isinstance(value, datetime) else value
