"""The verbs of notices: write, cancel, deliver, read, choose channels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.mail import Mail, deliver
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.rows import new_row
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices import hooks, selectors
from kakehashi.notices.domain.mail_text import clean_subject, is_mail_address, message_id
from kakehashi.notices.domain.retries import CLAIM, next_attempt_at
from kakehashi.notices.models import Announcement, Delivery, DeliveryOutcome, MailState, Notice, Preference
from kakehashi.notices.permissions import NoticesPermission

DELAY_SECONDS = 10
# So many mails go with one task: a task costs the worker as much as the mail, and a silent mail server must not hold many.
TOGETHER = 10
_held: ContextVar[tuple[int, list[UUID]] | None] = ContextVar("kakehashi_held_notices", default=None)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a member of staff by `person_id`, or anybody by `email`. `name` stands in the greeting."""

    person_id: UUID | None = None
    email: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.person_id is None and not is_mail_address(self.email):
            message = "宛先のメールアドレスの形が正しくありません。"
            raise DomainError(message, field="email")


def build_notice(
    *,
    actor: Actor,
    kind: str,
    to: Recipient,
    subject: str,
    body_text: str,
    idempotency_key: UUID,
    body_html: str = "",
    url: str = "",
    delay_seconds: int = DELAY_SECONDS,
    wants_in_app: bool = True,
    wants_mail: bool = True,
) -> Notice:
    """Return an unsaved notice, for acts that insert all their rows in one statement.

    It asks the database nothing: the caller says which channels the person wants (for an address outside it is always
    mail). Raises UnknownKey for an unregistered kind.
    """
    hooks.kind_label(kind)
    now = clock.now()
    visible_from = now + timedelta(seconds=delay_seconds)
    is_mailed = wants_mail or to.person_id is None
    return new_row(
        Notice,
        kind=kind,
        person_id=to.person_id,
        email=to.email,
        recipient_name=to.name[:200],
        subject=clean_subject(subject),
        body_text=body_text,
        body_html=body_html,
        url=url[:1000],
        idempotency_key=idempotency_key,
        sent_by=actor.label[:200],
        created_at=now,
        visible_from=visible_from,
        in_app=wants_in_app and to.person_id is not None,
        mail_state=MailState.WAITING if is_mailed else MailState.NONE,
        next_attempt_at=visible_from if is_mailed else None,
    )


@service
def send_notice(
    *,
    actor: Actor,
    kind: str,
    to: Recipient,
    subject: str,
    body_text: str,
    idempotency_key: UUID,
    body_html: str = "",
    url: str = "",
    delay_seconds: int = DELAY_SECONDS,
) -> Notice:
    """Put one message into the outbox and return it; a second call with the same key returns the first message.

    The person's preference for this kind decides the channels. Nothing leaves before `delay_seconds` have passed, so that
    the act can be undone. A notice is not an official act of its own: no journal event is written.
    """
    held = _held.get()
    if held is not None:
        delay_seconds = max(delay_seconds, held[0])
        held[1].append(idempotency_key)
    in_app, mail = selectors.channels_for(person_id=to.person_id, kind=kind)
    notice = build_notice(
        actor=actor,
        kind=kind,
        to=to,
        subject=subject,
        body_text=body_text,
        body_html=body_html,
        idempotency_key=idempotency_key,
        url=url,
        delay_seconds=delay_seconds,
        wants_in_app=in_app,
        wants_mail=mail,
    )
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        notice = Notice.objects.get(idempotency_key=idempotency_key)
    return notice


@contextmanager
def held_notices(seconds: int) -> Iterator[list[UUID]]:
    """Hold back what is sent inside for at least so long, and give the keys: an act upon many is taken back as a whole."""
    keys: list[UUID] = []
    token = _held.set((seconds, keys))
    try:
        yield keys
    finally:
        _held.reset(token)


@service
def let_notices_go(*, actor: Actor, idempotency_keys: Iterable[UUID], delay_seconds: int = DELAY_SECONDS) -> int:
    """Let what was held back leave after `delay_seconds` from now; return how many. What was cancelled or has left stays so."""
    leaves = clock.now() + timedelta(seconds=delay_seconds)
    waiting = Notice.objects.filter(
        idempotency_key__in=list(idempotency_keys), cancelled_at__isnull=True, attempts=0, visible_from__gt=clock.now()
    )
    waiting.filter(mail_state=MailState.WAITING).update(next_attempt_at=leaves)
    count: int = waiting.update(visible_from=leaves)
    return count


@service
def cancel_notice(*, actor: Actor, idempotency_key: UUID) -> bool:
    """Take back a notice that has not left. Returns False when it is too late or there is none: the act stands."""
    cancelled: int = (
        Notice.objects.filter(
            idempotency_key=idempotency_key, cancelled_at__isnull=True, attempts=0, visible_from__gt=clock.now()
        )
        .filter(Q(mail_state=MailState.WAITING) | Q(mail_state=MailState.NONE))
        .update(cancelled_at=clock.now(), mail_state=MailState.CANCELLED, next_attempt_at=None)
    )
    return cancelled == 1


@service
def claim_due_notices(*, limit: int = 50) -> list[UUID]:
    """Claim the mails that are due in the open scope and queue tasks for them; return their ids.

    The claim moves `next_attempt_at` ahead by ten minutes: a second worker passes over it, and a mail whose worker died is
    found again.
    """
    due = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(mail_state=MailState.WAITING, next_attempt_at__lte=clock.now())
        .order_by("next_attempt_at")
        .values_list("id", flat=True)[:limit]
    )
    if due:
        Notice.objects.filter(id__in=due).update(next_attempt_at=clock.now() + CLAIM)
        for start in range(0, len(due), TOGETHER):
            ids = ",".join(str(notice_id) for notice_id in due[start : start + TOGETHER])
            enqueue("notices.deliver_notices", government_id=current_government_id(), notice_ids=ids)
    return due


@service
def deliver_notice(*, notice_id: UUID) -> Delivery | None:
    """Try once to mail a notice and log the attempt; None when it is not waiting any more.

    The row is locked while the mail server is spoken to, so one notice is never mailed by two workers at once. Every
    attempt has the same Message-ID: if the server took the mail and our commit was lost, the repeat can be recognised.
    """
    notice: Notice | None = (
        Notice.objects.select_for_update(skip_locked=True).filter(id=notice_id, mail_state=MailState.WAITING).first()
    )
    if notice is None:
        return None
    notice.attempts += 1
    error, is_final = _attempt(notice)
    retry_at = None if is_final or not error else next_attempt_at(attempts=notice.attempts, failed_at=clock.now())
    notice.next_attempt_at = retry_at
    if not error:
        notice.mail_state = MailState.SENT
        outcome = DeliveryOutcome.SENT
    else:
        outcome = DeliveryOutcome.FAILED if retry_at else DeliveryOutcome.GAVE_UP
        if not retry_at:
            notice.mail_state = MailState.FAILED
    notice.save(update_fields=["attempts", "mail_state", "next_attempt_at"])
    delivery: Delivery = Delivery.objects.create(
        notice=notice, attempt=notice.attempts, attempted_at=clock.now(), outcome=outcome, detail=error[:500]
    )
    return delivery
    return delivery


def _attempt(notice: Notice) -> tuple[str, bool]:
    """Mail a notice; return the error ("" when taken) and whether another try is pointless."""
    address = selectors.address_of(notice)
    if not is_mail_address(address):
        return "メールアドレスがありません。", True
    url = selectors.absolute_url(notice.url)
    context = {"notice": notice, "url": url, "sender": selectors.sender_name()}
    try:
        deliver(
            Mail(
                to=address,
                subject=notice.subject,
                # A rendered letter has its own greeting and signature; a plain message gets them here.
                text=notice.body_text if notice.body_html else render_to_string("notices/mail/_letter.txt", context),
                html=notice.body_html or render_to_string("notices/mail/_letter.html", context),
                message_id=message_id(notice.id, urlsplit(settings.CONFIG.base_url).hostname or ""),
            )
        )
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        # A 4xx answer means "later" (grey-listing, a full box); a 5xx answer means that nobody lives there.
        return f"{type(error).__name__}: {codes}", all(code >= 500 for code in codes)
    except (OSError, SMTPException) as error:
        return f"{type(error).__name__}: {error}", False
    except ValueError as error:
        # Whatever cannot be written as a mail's head will not be the next time either; the mails behind it go on.
        return f"{type(error).__name__}: この宛先や件名は、メールの見出しに書けません。", True
    return "", False


@service
def read_notice(*, actor: Actor, notice_id: UUID) -> Notice | None:
    """Mark one of the actor's own notices as read and return it; None when it is not theirs."""
    notice = selectors.notices_of(person_id=actor.id).filter(id=notice_id).first()
    if notice and notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


@service
def read_all_notices(*, actor: Actor) -> int:
    """Mark everything in the actor's bell as read; return how many there were."""
    return selectors.notices_of(person_id=actor.id).filter(read_at__isnull=True).update(read_at=clock.now())


@service
def prefer_channels(*, actor: Actor, choices: Iterable[tuple[str, bool, bool]]) -> None:
    """Set the actor's channels: `(kind, in_app, mail)` for each kind.

    Raises DomainError when a kind is to reach the person by no way at all: a duty must not get lost by a setting.
    """
    if actor.id is None:
        raise PermissionRefused("notices.preference:set")
    for kind, in_app, mail in choices:
        label = hooks.kind_label(kind)
        if not in_app and not mail:
            message = f"「{label}」は、画面かメールのどちらかで受け取ってください。"
            raise DomainError(message, field=kind)
        Preference.objects.update_or_create(person_id=actor.id, kind=kind, defaults={"in_app": in_app, "mail": mail})


ANNOUNCEMENT = "notices.announcement"


@service
def publish_announcement(*, actor: Actor, values: Mapping[str, Any], idempotency_key: UUID) -> Announcement:
    """お知らせを出す: tell everybody on the residents' pages. The same key again gives the first one.

    `values`: kind, title, body, the texts in やさしい日本語 and English, starts_at, ends_at. Raises DomainError for an end
    before the beginning and for half a text in another language.
    """
    require(actor, NoticesPermission.ANNOUNCE)
    _check_announcement(values)
    made: Announcement | None = Announcement.objects.filter(id=idempotency_key).first()
    if made is not None:
        return made
    announcement: Announcement = Announcement.objects.create(id=idempotency_key, published_by=actor.label, **values)
    _record_announcement(actor, announcement, "published", {"kind": announcement.kind, "title": announcement.title})
    return announcement


@service
def change_announcement(*, actor: Actor, announcement: Announcement, values: Mapping[str, Any]) -> Announcement:
    """Change words or dates of an announcement; what changed is named in the journal."""
    require(actor, NoticesPermission.ANNOUNCE)
    _check_announcement(values)
    locked: Announcement = Announcement.objects.select_for_update().get(id=announcement.id)
    if locked.withdrawn_at is not None:
        raise DomainError("取りやめたお知らせです。新しく出してください。")
    changed = sorted(name for name, value in values.items() if getattr(locked, name) != value)
    if changed:
        for name in changed:
            setattr(locked, name, values[name])
        locked.save(update_fields=changed)
        _record_announcement(actor, locked, "changed", {"changed": changed, "title": locked.title})
    return locked


@service
def withdraw_announcement(*, actor: Actor, announcement: Announcement) -> Announcement:
    """お知らせを取りやめる: it is gone from the residents' pages at once; twice is once."""
    require(actor, NoticesPermission.ANNOUNCE)
    now = clock.now()
    if Announcement.objects.filter(id=announcement.id, withdrawn_at__isnull=True).update(withdrawn_at=now):
        announcement.withdrawn_at = now
        _record_announcement(actor, announcement, "withdrawn", {"title": announcement.title})
    return announcement


def _check_announcement(values: Mapping[str, Any]) -> None:
    if values.get("ends_at") is not None and values["ends_at"] <= values["starts_at"]:
        raise DomainError("のせおわる日時は、のせはじめる日時より後にしてください。", field="ends_at")
    for title, body in (("title_easy", "body_easy"), ("title_en", "body_en")):
        if bool(values.get(title)) != bool(values.get(body)):
            missing = body if values.get(title) else title
            raise DomainError("見出しと本文は、両方を書くか、両方を空けてください。", field=missing)


def _record_announcement(actor: Actor, announcement: Announcement, verb: str, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code=f"notices.announcement.{verb}",
        subject_kind=ANNOUNCEMENT,
        subject_id=announcement.id,
        payload=payload,
    )
    selectors.forget_emergencies()


def forget_notices(before: date, limit: int) -> int:
    """Forget notices made before a day with their deliveries; gives the number. What still waits to be mailed is left."""
    made_before = datetime.combine(before, time(), clock.JST)
    old = Notice.objects.filter(created_at__lt=made_before).exclude(mail_state=MailState.WAITING).order_by("created_at")
    ids = list(old.values_list("id", flat=True)[:limit])
    Notice.objects.filter(id__in=ids).delete()
    return len(ids)
