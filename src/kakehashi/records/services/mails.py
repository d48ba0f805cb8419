"""Mails that came in: taken once, received with their attachments, or set aside with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kakehashi.files.models import StoredFile
from kakehashi.files.services import discard_files, store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.mail_reading import MOST_MAILS, NotAMail, cut_mails, read_mail
from kakehashi.kernel.mailboxes import TOO_LARGE, Account, MailboxTrouble, new_mails
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Department
from kakehashi.people.services.security import seal_secret, unseal_secret
from kakehashi.records.models import IncomingMail, Mailbox, MailPart, MailState, Receipt
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services.receiving import LATER, RECEIPT, Letter, Placing, receive_document

MAIL = "records.mail"


def take_mail(*, actor: Actor, raw: bytes, came_from: str, department: Department | None = None) -> IncomingMail | None:
    """Keep one mail with its attachments; None for one that is here already. Raises NotAMail.

    An attachment that is never stored (a program, a macro) is left out with the reason; the mail itself is kept as it came.
    """
    letter = read_mail(raw)
    if IncomingMail.objects.filter(digest=letter.digest).exists():
        return None
    mail: IncomingMail = IncomingMail.objects.create(
        subject=letter.subject or "（件名なし）",
        sender=letter.sender or "（差出人なし）",
        message_id=letter.message_id,
        sent_at=letter.sent_at,
        body=letter.body,
        digest=letter.digest,
        came_from=came_from,
        department=department,
    )
    parts = [_part(actor, mail, name, content, RECEIPT) for name, content in letter.files]
    parts.append(_part(actor, mail, "届いたメール.eml", raw, MAIL))
    MailPart.objects.bulk_create(parts)
    return mail


def _part(actor: Actor, mail: IncomingMail, name: str, content: bytes, purpose: str) -> MailPart:
    try:
        stored = store_file(actor=actor, name=name, content=content, purpose=purpose)
    except DomainError as error:
        return MailPart(mail=mail, name=name[:255], left_out=error.message[:200])
    return MailPart(mail=mail, name=stored.name, file_id=stored.id)


@service
def import_mails(*, actor: Actor, name: str, content: bytes) -> int:
    """取り込む: the mails of an .eml or mbox wait to be received; how many are new. Event `records.mail.imported`.

    Raises DomainError for a file that holds no mail, or more than 500.
    """
    require(actor, RecordsPermission.RECEIVE)
    raws = cut_mails(content)
    if len(raws) > MOST_MAILS:
        raise DomainError(f"一度に取り込めるメールは{MOST_MAILS}通までです。", field="file")
    try:
        taken = [take_mail(actor=actor, raw=raw, came_from=name[:100]) for raw in raws]
    except NotAMail as error:
        raise DomainError("メールのファイル（.eml、.mbox）ではありません。", field="file") from error
    new = [mail for mail in taken if mail is not None]
    for mail in new:
        _record(actor, "imported", mail, {"digest": mail.digest})
    return len(new)


@service
def receive_mail(
    *,
    actor: Actor,
    mail: IncomingMail,
    letter: Letter,
    department: Department,
    idempotency_key: UUID,
    placing: Placing = LATER,
) -> Receipt:
    """収受する: the mail becomes a receipt with its attachments and itself. Raises Stale when somebody was faster."""
    require(actor, RecordsPermission.RECEIVE)
    locked: IncomingMail = IncomingMail.objects.select_for_update().get(id=mail.id)
    if locked.receipt is not None:
        return locked.receipt  # type: ignore[no-any-return]
    if locked.state != MailState.WAITING:
        raise Stale("このメールは、すでに処理されています。")
    receipt = receive_document(
        actor=actor,
        letter=letter,
        department=department,
        idempotency_key=idempotency_key,
        files=_files(locked),
        placing=placing,
    )
    locked.state, locked.receipt, locked.handled_by_label = MailState.RECEIVED, receipt, actor.label
    locked.save(update_fields=["state", "receipt", "handled_by_label"])
    return receipt


def _files(mail: IncomingMail) -> Sequence[StoredFile]:
    ids = [part.file_id for part in MailPart.objects.filter(mail=mail) if part.file_id]
    return list(StoredFile.objects.filter(id__in=ids).order_by("id"))


@service
def set_mail_aside(*, actor: Actor, mail: IncomingMail, reason: str) -> IncomingMail:
    """収受しない: advertising, a reply that no record needs. Its attachments and words go. Event `records.mail.set_aside`."""
    require(actor, RecordsPermission.RECEIVE)
    if not reason.strip():
        raise DomainError("収受しない理由を記入してください。", field="reason")
    locked: IncomingMail = IncomingMail.objects.select_for_update().get(id=mail.id)
    if locked.state != MailState.WAITING:
        raise Stale("このメールは、すでに処理されています。")
    discard_files(actor=actor, file_ids=[file.id for file in _files(locked)])
    locked.state, locked.reason, locked.body = MailState.SET_ASIDE, reason.strip()[:200], ""
    locked.handled_by_label = actor.label
    locked.save(update_fields=["state", "reason", "body", "handled_by_label"])
    _record(actor, "set_aside", locked, {"reason": locked.reason})
    return locked


@service
def connect_mailbox(
    *,
    actor: Actor,
    name: str,
    host: str,
    port: int,
    user: str,
    password: str,
    folder: str,
    department: Department,
) -> Mailbox:
    """受け口をつなぐ: the worker looks into this mailbox every minute. Event `records.mailbox.connected`; the password is sealed."""
    require(actor, RecordsPermission.CONNECT)
    made = Mailbox(
        name=name,
        host=host,
        port=port,
        user=user,
        password_sealed=seal_secret(password),
        folder=folder,
        department=department,
    )
    made.save(force_insert=True)
    facts = {"host": made.host, "user": made.user, "folder": made.folder}
    _note(actor, "connected", made, facts)
    return made


@service
def switch_mailbox(*, actor: Actor, mailbox: Mailbox, is_on: bool) -> Mailbox:
    """Let the worker look into a mailbox, or not. Event `records.mailbox.switched`."""
    require(actor, RecordsPermission.CONNECT)
    mailbox.is_on, mailbox.trouble = is_on, ""
    mailbox.save(update_fields=["is_on", "trouble"])
    _note(actor, "switched", mailbox, {"is_on": is_on})
    return mailbox


@service
def look_into(*, mailbox: Mailbox) -> int:
    """Take what is new in a mailbox; how many mails. What cannot be read is written on the mailbox and tried again later."""
    account = Account(mailbox.host, mailbox.port, mailbox.user, unseal_secret(mailbox.password_sealed), mailbox.folder)
    actor = system_actor(current_government_id(), label=f"メールの受け口「{mailbox.name}」")
    taken, mailbox.trouble = 0, ""
    try:
        for fetched in new_mails(account, uid_validity=mailbox.uid_validity, after=mailbox.last_uid):
            taken += _take(actor, mailbox, fetched.raw)
            mailbox.uid_validity, mailbox.last_uid = fetched.uid_validity, fetched.uid
    except MailboxTrouble as error:
        mailbox.trouble = str(error)[:200]
    mailbox.looked_at = clock.now()
    mailbox.save(update_fields=["uid_validity", "last_uid", "looked_at", "trouble"])
    return taken


def _take(actor: Actor, mailbox: Mailbox, raw: bytes | None) -> int:
    if raw is None:
        mailbox.trouble = TOO_LARGE
        return 0
    try:
        mail = take_mail(actor=actor, raw=raw, came_from=mailbox.name, department=mailbox.department)
    except NotAMail:
        return 0
    return 1 if mail is not None else 0


def letter_of_mail(mail: IncomingMail) -> dict[str, Any]:
    """What the form of 収受 begins with for a mail."""
    sent = mail.sent_at.astimezone(clock.JST).date() if mail.sent_at else None
    return {
        "title": mail.subject[:200],
        "sender": mail.sender[:200],
        "document_on": sent if sent and sent <= clock.today() else None,
        "received_on": _day(mail.arrived_at),
        "way": "mail",
        "department": mail.department_id,
    }


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.JST).date()


def _record(actor: Actor, verb: str, mail: IncomingMail, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=f"{MAIL}.{verb}", subject_kind=MAIL, subject_id=mail.id, payload=payload)


def _note(actor: Actor, verb: str, mailbox: Mailbox, payload: dict[str, Any]) -> None:
    code = f"records.mailbox.{verb}"
    record_event(actor=actor, code=code, subject_kind="records.mailbox", subject_id=mailbox.id, payload=payload)
