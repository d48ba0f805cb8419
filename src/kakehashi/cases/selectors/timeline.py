"""The timeline of a case: the journal's acts and both threads, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from kakehashi.cases.models import Case, Message, MessageFile, Thread
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import events_for_many

POSTED = "cases.message.posted"
_OURS = "cases."
LIMIT = 500


@dataclass(frozen=True)
class Entry:
    """One line: an act (`code`, `payload`) or a message (`message`, `files`)."""

    at: datetime
    who: str
    code: str = ""
    payload: Mapping[str, Any] | None = None
    message: Message | None = None
    files: tuple[MessageFile, ...] = ()
    by_resident: bool = False


@dataclass(frozen=True)
class Joined:
    """What a case's thread shows besides its own: other cases, acts about other things, single messages of other threads."""

    case_ids: tuple[UUID, ...] = ()
    subject_ids: tuple[UUID, ...] = ()
    message_ids: tuple[UUID, ...] = ()


def timeline_of(
    case: Case, *, resident_events: frozenset[str] | None = None, joined: Joined | None = None
) -> list[Entry]:
    """The newest 500 acts and messages of a case, oldest first; `joined` adds those of work that was merged with it.

    With `resident_events` it is the resident's view: only acts with those codes, and only the public thread. Two queries, a
    third for attachments.
    """
    is_resident, more = resident_events is not None, joined or Joined()
    subjects = [case.id, case.source_id, *more.case_ids, *more.subject_ids]
    events = list(events_for_many(subjects).order_by("-id")[:LIMIT])
    messages = Message.objects.filter(_of_thread(case, more)).order_by("-id")
    if is_resident:
        messages = messages.filter(thread=Thread.PUBLIC)
    shown = list(messages[:LIMIT])
    files = _files(shown)
    entries = [_of_event(event) for event in _acts(reversed(events), resident_events)]
    entries += [_of_message(message, files) for message in shown]
    return sorted(entries, key=lambda entry: entry.at)


def _of_thread(case: Case, more: Joined) -> Q:
    own = Q(case=case)
    if more.case_ids:
        own = Q(case__in=[str(each) for each in (case.id, *more.case_ids)])
    return own | Q(id__in=more.message_ids) if more.message_ids else own


def _acts(events: Iterable[Event], resident_events: frozenset[str] | None) -> list[Event]:
    """One line for each act: the owning room's event speaks for ours that share its act."""
    kept = [event for event in events if event.code != POSTED]
    if resident_events is not None:
        return [event for event in kept if event.code in resident_events]
    spoken = {event.act_id for event in kept if not event.code.startswith(_OURS)}
    return [event for event in kept if not event.code.startswith(_OURS) or event.act_id not in spoken]


def _files(messages: list[Message]) -> dict[Any, list[MessageFile]]:
    found: dict[Any, list[MessageFile]] = {}
    if messages:
        rows = MessageFile.objects.filter(message__in=messages).select_related("stored_file").order_by("id")
        for row in rows:
            found.setdefault(row.message_id, []).append(row)
    return found


def _of_event(event: Event) -> Entry:
    return Entry(
        at=_happened_at(event),
        who=event.actor_label,
        code=event.code,
        payload=event.payload,
        by_resident=event.actor_kind in {"resident", "anonymous"},
    )


def _happened_at(event: Event) -> datetime:
    """When it happened: an act told by the other half of a split installation happened before it was recorded here."""
    told = event.payload.get("happened_at")
    return datetime.fromisoformat(told) if isinstance(told, str) else event.occurred_at


def _of_message(message: Message, files: Mapping[Any, list[MessageFile]]) -> Entry:
    return Entry(
        at=message.posted_at,
        who=message.author_label,
        message=message,
        files=tuple(files.get(message.id, ())),
        by_resident=message.author_kind in {"resident", "anonymous"},
    )
