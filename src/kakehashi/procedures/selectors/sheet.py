"""The inventory as a table: the same layout that is read back unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from kakehashi.procedures.domain.sheet_columns import COLUMNS, KEYS
from kakehashi.procedures.domain.standard_period import Unit
from kakehashi.procedures.domain.survey import LIFE_EVENTS
from kakehashi.procedures.models import Procedure

__all__ = ["CHANNEL_WORDS", "SHEET_HEADERS", "cells_of", "sheet_rows"]

SHEET_HEADERS = tuple(column.label for column in COLUMNS)
CHANNEL_WORDS = {"online": "オンライン", "counter": "窓口", "post": "郵送"}
_PLAIN = (
    "name", "legal_basis", "fee", "identity_note", "seal_reason", "visit_reason", "online_basis", "online_elsewhere",
    "excluded_reason", "contact", "retention_class", "privacy_purpose", "matter_code", "note", "survey_id", "volume",
    "online_volume", "target_year",
)  # fmt: skip


def sheet_rows(rows: QuerySet[Procedure]) -> Iterator[tuple[Any, ...]]:
    """One row of cells for each procedure; nothing stands where nobody knows."""
    found = rows.select_related("department", "exclusion_rule").prefetch_related("texts")
    for each in found.iterator(chunk_size=1_000):
        cells = cells_of(each)
        yield tuple(cells.get(key, "") for key in KEYS)


def cells_of(each: Procedure) -> dict[str, Any]:
    """The cells of one procedure by column."""
    cells: dict[str, Any] = {name: getattr(each, name) for name in _PLAIN}
    cells |= {f"{text.language}.{name}": getattr(text, name) for text in each.texts.all() for name in _TEXT}
    days = each.standard_processing_days
    unit = "日" if each.standard_processing_unit == Unit.CALENDAR else "開庁日"
    return cells | {
        "kind": each.get_kind_display() + ("" if each.kind_confirmed else "（推定）"),
        "basis": each.get_basis_display(),
        "founding": each.get_founding_display() if each.founding else "",
        "department": each.department.name if each.department else "",
        "attachments": "、".join(each.attachments),
        "seal": each.get_seal_display() if each.seal else "",
        "visit": each.get_visit_display() if each.visit else "",
        "processing": f"{days}{unit}" if days else "",
        "channels": "・".join(CHANNEL_WORDS.get(one, one) for one in each.channels),
        "needs": "、".join(each.needs),
        "institutions": "、".join(each.institutions),
        "exclusion_rule": each.exclusion_rule.code if each.exclusion_rule else "",
        "identity_check": each.get_identity_check_display(),
        "life_events": "、".join(LIFE_EVENTS.get(one, one) for one in each.life_events),
        "stage": each.get_stage_display(),
        "id": str(each.id),
    }


_TEXT = ("name", "what_for", "who_may")
