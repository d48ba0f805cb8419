"""The canonical form of one event: the bytes that a leaf commits to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kakehashi.journal.domain.canonical import canonical_json

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
