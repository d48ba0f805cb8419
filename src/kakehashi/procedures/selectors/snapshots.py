"""A procedure as one value: what a batch must remember to take its change back exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kakehashi.procedures.models import Procedure, ProcedureText

__all__ = ["COLUMNS", "TEXT_COLUMNS", "digest_of", "fill", "snapshot"]

COLUMNS = (
    "name", "kind", "kind_confirmed", "stage", "excluded_reason", "exclusion_rule_id", "legal_basis", "basis", "founding",
    "department_id", "fee", "standard_processing_days", "standard_processing_unit", "volume", "online_volume",
    "volume_source", "measured_year", "needs", "attachments", "channels", "life_events", "institutions", "identity_check",
    "identity_note", "seal", "seal_reason", "visit", "visit_reason", "contact", "retention_class", "matter_code",
    "online_basis", "online_elsewhere", "target_year", "privacy_purpose", "note", "form_id", "survey_id", "opened_at",
)  # fmt: skip
"""Every column of a procedure that a person or an import may change; derived ones and the survey's answers follow from them."""

TEXT_COLUMNS = ("name", "what_for", "who_may", "needs", "fee", "contact")
_READ = {name: Procedure._meta.get_field(name.removesuffix("_id") if name != "survey_id" else name) for name in COLUMNS}


def snapshot(procedure: Procedure, texts: Iterable[ProcedureText]) -> dict[str, Any]:
    """The procedure and its texts as JSON can hold them."""
    found = {name: _plain(getattr(procedure, name)) for name in COLUMNS}
    return found | {"texts": {text.language: {name: getattr(text, name) for name in TEXT_COLUMNS} for text in texts}}


def digest_of(found: Mapping[str, Any]) -> str:
    """SHA-256 of a snapshot; two equal procedures have one digest."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def fill(procedure: Procedure, values: Mapping[str, Any]) -> None:
    """Write columns of a snapshot back into a procedure; the caller saves it."""
    for name in COLUMNS:
        if name in values:
            field: Any = _READ[name]
            field = field.target_field if field.is_relation else field
            value = values[name]
            setattr(procedure, name, value if value is None or isinstance(value, list) else field.to_python(value))


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else value
