"""Filters of the inbox that a person keeps."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from kakehashi.cases.models import SavedFilter
from kakehashi.cases.permissions import CasePermission
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

KEPT = ("tab", "kind", "phase", "label", "handler", "q")
MOST = 20


@service
def save_filter(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keep the inbox's filter (a query string) under a name; the same name is replaced. Raises `DomainError`."""
    require(actor, CasePermission.READ)
    label = name.strip()[:30]
    if not label:
        raise DomainError("名前を書いてください。", field="name", code="required")
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in KEPT])[:300]
    person_id = _person(actor)
    mine = SavedFilter.objects.filter(person_id=person_id)
    if mine.exclude(name=label).count() >= MOST:
        raise DomainError(f"残せるのは{MOST}個までです。使わないものを消してください。", field="name")
    row, _ = SavedFilter.objects.update_or_create(person_id=person_id, name=label, defaults={"query": kept})
    saved: SavedFilter = row
    return saved


@service
def forget_filter(*, actor: Actor, filter_id: UUID) -> None:
    """Drop one of the actor's own filters; nothing happens when it is gone already."""
    require(actor, CasePermission.READ)
    SavedFilter.objects.filter(person_id=_person(actor), id=filter_id).delete()


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise PermissionRefused(CasePermission.READ)
    return actor.id
