"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.journal.models import Event


def events_for(subject_id: UUID) -> QuerySet[Event]:
    """The acts on one thing, oldest first."""
    return Event.objects.filter(subject_id=subject_id).order_by("id")


def events_for_many(subject_ids: Iterable[UUID]) -> QuerySet[Event]:
    """The acts on several things, such as a case and its application, oldest first."""
    return Event.objects.filter(subject_id__in=list(subject_ids)).order_by("id")
