"""Who may find and read what is not 常時: the section in charge, the head, and those who manage records."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from kakehashi.journal.hooks import sections_of
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.records.models import Confidentiality, Document
from kakehashi.records.permissions import RecordsPermission


def sees_all(actor: Actor) -> bool:
    """Whether the actor reads what is 秘密 or 親展 of every section."""
    return actor.can(RecordsPermission.MANAGE, current_government_id()) or sections_of(actor).is_head


def readable(actor: Actor, department: str = "department_id") -> Q:
    """The rows an actor may read, by `confidentiality` and the column of the section in charge."""
    if sees_all(actor):
        return Q()
    return Q(confidentiality=Confidentiality.ORDINARY) | Q(**{f"{department}__in": sections_of(actor).ids})


def may_read(actor: Actor, confidentiality: str, department_id: UUID) -> bool:
    """Whether an actor may read one thing of a section."""
    if confidentiality == Confidentiality.ORDINARY or sees_all(actor):
        return True
    return department_id in sections_of(actor).ids


def may_read_document(actor: Actor, document: Document) -> bool:
    """Whether an actor may open a document; its record file is fetched when it is not there yet."""
    return may_read(actor, document.confidentiality, document.record_file.department_id)
