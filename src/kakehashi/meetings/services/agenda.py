"""The agenda: items are added, changed and taken off until the meeting begins."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.services import service
from kakehashi.meetings.domain.states import ItemKind
from kakehashi.meetings.models import AgendaItem, Meeting
from kakehashi.meetings.services.access import as_secretary, asks, locked, record
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor

_EDITABLE = ("number", "title", "kind", "summary", "presenter", "minutes_planned", "is_confidential")


@service
def add_item(
    *,
    actor: Actor,
    meeting: Meeting,
    title: str,
    kind: str = ItemKind.REPORT.value,
    presenter: Person | None = None,
    details: Mapping[str, object] | None = None,
) -> AgendaItem:
    """Add an item at the end of the agenda. After distribution it is an act (`meetings.item.added`), for the members have read it.

    Raises PermissionRefused for anybody but the secretariat, DomainError without a title or once the meeting is over.
    """
    as_secretary(actor, meeting)
    meeting = locked(meeting)
    _still(meeting)
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem(meeting=meeting, number=last + 1, title=title.strip(), kind=kind, presenter=presenter)
    for key, value in (details or {}).items():
        if key in _EDITABLE and value is not None:
            setattr(item, key, value)
    _label(item)
    asks(bool(item.title), "議題を書いてください。", "title")
    item.save(force_insert=True)
    if meeting.is_given_out:
        record(actor, "meetings.item.added", meeting, {"item": str(item.id), "title": item.title})
    return item


@service
def edit_item(*, actor: Actor, item: AgendaItem, changes: Mapping[str, object]) -> AgendaItem:
    """Change an item; after distribution the change is an act (`meetings.item.edited`) that says what was there before.

    Raises PermissionRefused, DomainError without a title or once the meeting is over.
    """
    as_secretary(actor, item.meeting)
    meeting = locked(item.meeting)
    _still(meeting)
    changed = [key for key in _EDITABLE if key in changes and getattr(item, key) != changes[key]]
    before = {key: str(getattr(item, key)) for key in changed}
    for key in changed:
        setattr(item, key, changes[key])
    asks(bool(item.title.strip()), "議題を書いてください。", "title")
    _label(item)
    if changed:
        item.save(update_fields=[*changed, "presenter_label"])
    if changed and meeting.is_given_out:
        record(actor, "meetings.item.edited", meeting, {"item": str(item.id), "before": before})
    return item


@service
def remove_item(*, actor: Actor, item: AgendaItem) -> None:
    """Take an item off the agenda while the meeting is prepared. Raises PermissionRefused, DomainError once it was given out."""
    as_secretary(actor, item.meeting)
    meeting = locked(item.meeting)
    asks(not meeting.is_given_out, "配布した議題は消せません。扱わないときは、結果を「継続」にしてください。")
    item.delete()


def _still(meeting: Meeting) -> None:
    asks(meeting.is_before or meeting.is_open, "終わった会議の議題は変えられません。")


def _label(item: AgendaItem) -> None:
    item.presenter_label = staff_actor(item.presenter).label if item.presenter is not None else ""
