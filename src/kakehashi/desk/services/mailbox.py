"""The desk's mailbox: connected by a person, read by the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.desk.models import Mailbox
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.intake import keep_mail
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.mail_reading import NotAMail, read_mail
from kakehashi.kernel.mailboxes import TOO_LARGE, Account, MailboxTrouble, new_mails
from kakehashi.kernel.outbound import OutboundRefused, check_address
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.services.security import seal_secret, unseal_secret

SUBJECT = "desk.mailbox"


@service
def connect_mailbox(
    *, actor: Actor, host: str, port: int, username: str, password: str = "", folder: str = "INBOX", is_on: bool = True
) -> Mailbox:
    """Say where the desk's mail is read from. An empty `password` keeps the one before; it is sealed in the database.

    Raises DomainError for an address inside the house that nobody has named, and without a password the first time.
    """
    require(actor, DeskPermission.MAILBOX)
    try:
        check_address(f"https://{host.strip()}:{port}/")
    except OutboundRefused as refused:
        raise DomainError(str(refused), field="host", code="refused") from None
    mailbox = Mailbox.objects.select_for_update().first() or Mailbox()
    if not password and not mailbox.password_sealed:
        raise DomainError("パスワードを書いてください。", field="password", code="required")
    if (mailbox.host, mailbox.username, mailbox.folder) != (host.strip(), username.strip(), folder.strip()):
        if mailbox.host and not password:
            # A password is never sent to a server it was not written for.
            raise DomainError(
                "サーバーや利用者名を変えるときは、パスワードも書いてください。", field="password", code="required"
            )
        mailbox.uid_validity = mailbox.last_uid = 0
    mailbox.host, mailbox.port, mailbox.username = host.strip(), port, username.strip()
    mailbox.folder, mailbox.is_on, mailbox.trouble = folder.strip() or "INBOX", is_on, ""
    if password:
        mailbox.password_sealed = seal_secret(password)
    mailbox.save()
    record_event(
        actor=actor, code="desk.mailbox.connected", subject_kind=SUBJECT, subject_id=mailbox.id,
        payload={"host": mailbox.host, "folder": mailbox.folder, "is_on": is_on},
    )  # fmt: skip
    kept: Mailbox = mailbox
    return kept


@service
def fetch_mail(*, government_id: UUID) -> int:
    """Take new mails into the desk's box and return how many; what went wrong stands beside the mailbox, in words.

    A mail that was taken in already, or that is too large, is passed over.
    """
    mailbox = Mailbox.objects.select_for_update(skip_locked=True).first()
    if mailbox is None:
        return 0
    account = Account(
        mailbox.host, mailbox.port, mailbox.username, unseal_secret(mailbox.password_sealed), mailbox.folder
    )
    actor = system_actor(government_id, "相談窓口のメール")
    mailbox.looked_at, mailbox.trouble, taken = clock.now(), "", 0
    try:
        for fetched in new_mails(account, uid_validity=mailbox.uid_validity, after=mailbox.last_uid):
            taken += _keep(actor, mailbox, fetched.raw)
            mailbox.uid_validity, mailbox.last_uid = fetched.uid_validity, fetched.uid
    except MailboxTrouble as trouble:
        mailbox.trouble = str(trouble)[:300]
    mailbox.save(update_fields=["uid_validity", "last_uid", "looked_at", "trouble"])
    return taken


def _keep(actor: Actor, mailbox: Mailbox, raw: bytes | None) -> int:
    if raw is None:
        mailbox.trouble = TOO_LARGE
        return 0
    try:
        return int(keep_mail(actor, read_mail(raw), str(mailbox)) is not None)
    except NotAMail:
        return 0
