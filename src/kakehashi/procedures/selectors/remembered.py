"""Rows that thousands of applicants of one procedure need at once, remembered by each process for a moment."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, OuterRef, Subquery

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import form_version
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.models import PeriodRule, Procedure
from kakehashi.procedures.selectors.reception import reception_row

__all__ = ["remembered_procedure", "remembered_version"]

Row = TypeVar("Row", bound=Model)


class Memory(Generic[Row]):
    """Rows by government and id. Readers share them and must not change them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[tuple[UUID, UUID], tuple[float, Row]] = {}

    def get(self, row_id: UUID, read: Callable[[UUID], Row], seconds: float) -> Row:
        """The row, read anew when it is older than `seconds`; with 0 nothing is remembered.

        One thread reads it anew. Who comes meanwhile takes the row of before: when all read the same at once, all of them wait.
        """
        key, now = (current_government_id(), row_id), time.monotonic()
        known = self._rows.get(key)
        if known is not None and now - known[0] < seconds:
            return known[1]
        if known is not None and seconds:
            self._rows[key] = (now, known[1])
        try:
            row = read(row_id)
        except Exception:
            self._rows.pop(key, None)
            raise
        if seconds:
            if len(self._rows) >= self._most:
                self._rows.clear()
            self._rows[key] = (now, row)
        return row


_procedures: Memory[Procedure] = Memory(2000)
_versions: Memory[FormVersion] = Memory(500)


def remembered_procedure(procedure_id: UUID) -> Procedure:
    """A procedure with its department, at most `GOVERNMENT_CACHE_SECONDS` old: so long may a closed one still be filed (and while it is read anew)."""
    return _procedures.get(procedure_id, _read_procedure, settings.GOVERNMENT_CACHE_SECONDS)


def remembered_version(version_id: UUID) -> FormVersion:
    """A published version; it never changes, so it is read once by each process."""
    return _versions.get(version_id, form_version, math.inf if settings.GOVERNMENT_CACHE_SECONDS else 0.0)


def _read_procedure(procedure_id: UUID) -> Procedure:
    rows = Procedure.objects.select_related("department").defer("survey").annotate(reception_row=reception_row())
    # Read along, so that the due date of whoever applies costs no query.
    closings = PeriodRule.objects.filter(procedure=OuterRef("pk")).values("closings")[:1]
    found: Procedure = rows.annotate(closings=Subquery(closings)).get(id=procedure_id)
    return found
