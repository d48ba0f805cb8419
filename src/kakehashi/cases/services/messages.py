"""Write into a case's public or internal thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.cases import hooks
from kakehashi.cases.models import Case, Message, MessageFile, Thread
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.services.cases import SUBJECT_KIND
from kakehashi.cases.services.following import tell_followers
from kakehashi.files.models import StoredFile
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.services import Recipient, send_notice

NOTICE_KIND = "cases.message"
LONGEST = 5000
_READ_ANEW = "画面を読み直してから、もう一度書いてください。"
_STAFF = {ActorKind.STAFF, ActorKind.ADMINISTRATOR}


@service
def post_message(
    *,
    actor: Actor,
    case: Case,
    thread: str,
    body: str,
    files: Sequence[StoredFile] = (),
    idempotency_key: UUID | None = None,
    act_id: UUID | None = None,
    posted_at: datetime | None = None,
) -> Message:
    """Post a message and tell the other side; with a used `idempotency_key` return the message it made.

    `thread` is public (the requester reads it) or internal (staff only). The owning room has made sure that a resident who
    posts may see the case; staff need the permission. The body is at most 5,000 characters. `posted_at` is given for a message
    that was written earlier, on the other half of a split installation.
    Raises `DomainError` beside `body`, `PermissionRefused` for a resident in the internal thread.
    """
    if actor.kind in _STAFF:
        require(actor, CasePermission.HANDLE)
    elif thread == Thread.INTERNAL and actor.kind is not ActorKind.SYSTEM:
        raise PermissionRefused(CasePermission.HANDLE)
    text = _checked(body)
    message = Message(
        id=idempotency_key or uuid7(),
        case=case,
        thread=Thread(thread),
        body=text,
        author_kind=actor.kind.value,
        author_id=actor.id,
        author_label=actor.label[:200],
        posted_at=posted_at or clock.now(),
    )
    if idempotency_key is not None and (earlier := Message.objects.filter(id=message.id).first()):
        return _same(earlier, case)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once, or the key is somebody else's.
        if (earlier := Message.objects.filter(id=message.id).first()) is None:
            raise DomainError(_READ_ANEW) from None
        return _same(earlier, case)
    MessageFile.objects.bulk_create([MessageFile(message=message, stored_file=file) for file in files])
    record_event(
        actor=actor,
        code="cases.message.posted",
        subject_kind=SUBJECT_KIND,
        subject_id=case.id,
        payload={"message_id": str(message.id), "thread": message.thread, "files": len(files)},
        act_id=act_id,
    )
    _announce(actor, case, message)
    return message


def _checked(body: str) -> str:
    text = body.strip().replace("\x00", "")
    if not text:
        raise DomainError("メッセージを書いてください。", field="body", code="required")
    if len(text) > LONGEST:
        raise DomainError(f"{LONGEST:,}文字までで書いてください（今は{len(text):,}文字です）。", field="body")
    return text


def _same(earlier: Message, case: Case) -> Message:
    if earlier.case_id != case.id:
        raise DomainError(_READ_ANEW)
    return earlier


def _announce(actor: Actor, case: Case, message: Message) -> None:
    """Tell the handler of a resident's or a colleague's message, the requester of ours."""
    if case.handler_id and case.handler_id != actor.id:
        _tell(actor, case, message, Recipient(person_id=case.handler_id), _staff_url(case))
    told = [case.handler_id] if case.handler_id else []
    words = "連絡がありました。" if message.thread == Thread.PUBLIC else "職員だけのメモが加わりました。"
    tell_followers(actor, case, words, told=told)
    if message.thread == Thread.PUBLIC and actor.kind in _STAFF:
        kind = hooks.case_kind(case.kind)
        to = kind.requester(case) if kind.requester else None
        if to is not None:
            _tell(actor, case, message, to, kind.resident_url(case) if kind.resident_url else "")
        for other in kind.also_told(case) if kind.also_told else ():
            _tell(actor, case, message, other, _staff_url(case))


def _tell(actor: Actor, case: Case, message: Message, to: Recipient, url: str) -> None:
    send_notice(
        actor=actor,
        kind=NOTICE_KIND,
        to=to,
        subject=f"「{case.subject}」に新しい連絡があります",
        # The text itself stays behind the sign-in: a mail may be read by anybody on its way.
        body_text=f"「{case.subject}」に{message.author_label}から連絡がありました。\n内容は、次のページで確かめてください。",
        url=url,
        idempotency_key=uuid7(),
    )


def _staff_url(case: Case) -> str:
    return absolute_url(get_government(current_government_id()), "cases-staff:case", case.id)
