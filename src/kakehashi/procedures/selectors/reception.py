"""Reads of 受付の期間と件数."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from kakehashi.procedures.domain.reception import Reception
from kakehashi.procedures.models import Procedure, ReceptionWindow

__all__ = ["reception_of", "reception_of_window", "reception_row", "window_of"]


def window_of(procedure: Procedure) -> ReceptionWindow | None:
    """The row as it is now, with how many places are taken; None for a procedure without limits."""
    found: ReceptionWindow | None = ReceptionWindow.objects.filter(procedure=procedure).first()
    return found


def reception_of(procedure: Procedure) -> Reception | None:
    """When and how many, None for a procedure without limits."""
    row = window_of(procedure)
    return reception_of_window(row) if row else None


def reception_of_window(row: ReceptionWindow) -> Reception:
    """The days and the number of a row."""
    return Reception(row.id, row.opens_on, row.closes_on, row.places)


def reception_row() -> Subquery:
    """The reception of each procedure of a query, so that reading both is one statement."""
    rows = ReceptionWindow.objects.filter(procedure=OuterRef("pk"))
    return Subquery(
        rows.values(
            row=JSONObject(id="id", opens_on="opens_on", closes_on="closes_on", places="places"),
        )[:1]
    )
