"""Reads of 取込済."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kakehashi.procedures.models import Application, TakenOver

__all__ = ["not_taken_by"]


def not_taken_by(token_id: UUID, rows: QuerySet[Application]) -> QuerySet[Application]:
    """The applications that a key's system does not have in their newest version."""
    taken = TakenOver.objects.filter(
        application=OuterRef("pk"), token_id=token_id, version__gte=OuterRef("answers_number")
    )
    found: QuerySet[Application] = rows.filter(~Exists(taken))
    return found
