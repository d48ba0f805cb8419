"""連絡: messages of the public thread, both ways; a message's id is its idempotency key on the other side."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.cases.models import Message, MessageFile, Thread
from kakehashi.cases.services import post_message
from kakehashi.exchange.domain.actors import exchange_actor
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.hooks import Arrived, NotYet, Written
from kakehashi.exchange.selectors import our_side, unsent
from kakehashi.files.models import StoredFile
from kakehashi.kernel import clock
from kakehashi.kernel.actor import ActorKind, system_actor
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.models import Application
from kakehashi.procedures.services.carrying.applications import came_from_residents

__all__ = ["apply_message", "unsent_messages", "write_message"]

_APPLICANTS = (ActorKind.ANONYMOUS.value, ActorKind.RESIDENT.value)


def unsent_messages() -> QuerySet[Message]:
    """Messages that were written on this side and have not gone to the other."""
    rows = Message.objects.filter(thread=Thread.PUBLIC, case__kind=APPLICATION)
    if our_side() is Side.PUBLIC:
        return unsent(rows.filter(author_kind__in=_APPLICANTS), "procedures.message")
    ours = rows.exclude(author_kind__in=_APPLICANTS)
    return unsent(ours.filter(case__source_id__in=came_from_residents().values("id")), "procedures.message")


def write_message(message_id: UUID) -> Written | None:
    """A message with its files."""
    found: Message | None = Message.objects.select_related("case").filter(id=message_id).first()
    if found is None:
        return None
    attached = MessageFile.objects.filter(message=found).values("stored_file_id")
    data = {"application": str(found.case.source_id), "body": found.body, "who": found.author_label}
    return Written(data, found.posted_at, list(StoredFile.objects.filter(id__in=attached)))


def apply_message(arrived: Arrived) -> None:
    """Post it here under its own id; the reader is told as for any other message."""
    application: Application | None = (
        Application.objects.select_related("case").filter(id=UUID(arrived.data["application"])).first()
    )
    if application is None or application.case is None:
        raise NotYet("申請がまだ届いていません。")
    is_staff = our_side() is Side.PUBLIC
    label = str(arrived.data["who"]) if is_staff else "申請者"
    post_message(
        actor=exchange_actor(arrived.government_id, label, is_staff=is_staff),
        case=application.case,
        thread=Thread.PUBLIC,
        body=str(arrived.data["body"])[:5000],
        files=list(StoredFile.objects.filter(id__in=arrived.file_ids)),
        idempotency_key=arrived.item_id,
        posted_at=min(arrived.made_at, clock.now() + dt.timedelta(minutes=5)),
    )
    if arrived.changed_files:
        post_message(
            actor=system_actor(arrived.government_id, "外との受け渡し"),
            case=application.case,
            thread=Thread.INTERNAL,
            body="\n".join(arrived.changed_files)[:5000],
        )
