"""The one intake: what came by telephone, chat or mail becomes a consultation, with its origin and its words kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi.cases.models import Case, Thread
from kakehashi.cases.services import post_message
from kakehashi.desk.domain.transcripts import Turn, read_transcript
from kakehashi.desk.models import Arrival, ArrivalFile, ArrivalState, Channel, Consultation, Intake
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.consultations import S, file_draft, keep_answers
from kakehashi.desk.services.origins import FILE_PURPOSE, keep_files
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.mail_reading import MOST_MAILS, Mail, NotAMail, cut_mails, read_mail
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Person
from kakehashi.people.selectors import posts_of

ARRIVAL = "desk.arrival"
_LONGEST = 4_900


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words came from: the channel, the window that took them first, the sender as written, and when."""

    channel: Channel
    window: str = ""
    came_from: str = ""
    came_at: datetime | None = None


@service
def attach_files(*, actor: Actor, consultation: Consultation, files: Sequence[tuple[str, bytes]]) -> list[StoredFile]:
    """Lay files, as (name, content), to one's own draft or, for the desk, to any consultation.

    Raises DomainError for a file that is not taken, NotFound for another person's draft.
    """
    require(actor, DeskPermission.FILE)
    if consultation.asked_by_id != actor.id:
        require(actor, DeskPermission.SUPPORT)
        if consultation.status is S.DRAFT:
            raise NotFound
    stored = [store_file(actor=actor, name=name, content=content, purpose=FILE_PURPOSE) for name, content in files]
    keep_files(actor, consultation, stored)
    return stored


@service
def receive_consultation(
    *,
    actor: Actor,
    asked_by: Person,
    consultation_id: UUID,
    answers: Mapping[str, Any],
    origin: Origin,
    transcript: str = "",
    files: Sequence[StoredFile] = (),
) -> Consultation:
    """File a consultation for somebody who telephoned, wrote or chatted; twice with one id is once.

    The words themselves go into the thread as they came: a chat turn by turn under the names of its speakers, a mail as a
    message, a telephone note as the desk's own note. Raises DomainError as filing does, and for a person who has left.
    """
    require(actor, DeskPermission.SUPPORT)
    if not asked_by.is_active:
        raise DomainError("この職員は在籍していません。", field="asked_by")
    department = next((post.department_id for post in posts_of(asked_by, clock.today())), None)
    consultation = keep_answers(asked_by, consultation_id, answers, department_id=department)
    if consultation.status is not S.DRAFT:
        return consultation
    Intake.objects.update_or_create(
        consultation=consultation,
        defaults={
            "channel": origin.channel, "window": origin.window.strip()[:100], "came_from": origin.came_from.strip()[:200],
            "came_at": origin.came_at, "received_by": actor.label[:200],
        },
    )  # fmt: skip
    keep_files(actor, consultation, files)
    consultation = file_draft(actor, consultation)
    if transcript.strip() and consultation.case is not None:
        _keep_words(actor, consultation.case, origin, transcript, asked_by)
    return consultation


def _keep_words(actor: Actor, case: Case, origin: Origin, transcript: str, asked_by: Person) -> None:
    if origin.channel is Channel.PHONE:
        post_words(actor, case, Thread.INTERNAL, f"電話のメモ\n{transcript.strip()}", origin.came_at)
        return
    turns = read_transcript(transcript) if origin.channel is Channel.CHAT else [Turn("", transcript)]
    for turn in turns:
        moment = turn.moment.replace(tzinfo=clock.JST) if turn.moment else origin.came_at
        words = f"{turn.who or origin.came_from or asked_by.name}（{origin.channel.label}）"
        post_words(system_actor(case.government_id, words), case, Thread.PUBLIC, turn.text, moment)


def post_words(actor: Actor, case: Case, thread: str, text: str, at: datetime | None) -> None:
    """Put a text into a thread whole: where it is longer than one message may be, as several."""
    rest = text.strip()
    while rest:
        cut = len(rest) if len(rest) <= _LONGEST else max(rest.rfind("\n", 1, _LONGEST), _LONGEST // 2)
        piece, rest = rest[:cut], rest[cut:].strip()
        if piece.strip():
            post_message(actor=actor, case=case, thread=thread, body=piece, posted_at=_not_later(at))


def _not_later(at: datetime | None) -> datetime | None:
    """A time of a paste or a mail's own clock is believed unless it lies ahead."""
    return None if at is None or at > clock.now() else at


@service
def take_mails(*, actor: Actor, content: bytes, source: str) -> list[Arrival]:
    """Take the mails of an `.eml` or `.mbox` file into the desk's box; one that is there already is passed over.

    A reply to a mail that became a consultation joins its thread. Raises DomainError where something in it is no mail, or for more than 500.
    """
    require(actor, DeskPermission.SUPPORT)
    pieces = cut_mails(content)
    if len(pieces) > MOST_MAILS:
        raise DomainError(f"一度に取り込めるメールは{MOST_MAILS}通までです。", field="mails", code="too_many")
    try:
        mails = [read_mail(piece) for piece in pieces]
    except NotAMail:
        message = "メールを読めませんでした。.eml か .mbox のファイルを選んでください。"
        raise DomainError(message, field="mails", code="no_mail") from None
    return [arrival for mail in mails if (arrival := keep_mail(actor, mail, source)) is not None]


def keep_mail(actor: Actor, mail: Mail, source: str) -> Arrival | None:
    """Keep one mail, in the caller's transaction, or None when it is there already."""
    sender = (
        Person.objects.filter(email__iexact=mail.sender_address, is_active=True).first()
        if mail.sender_address
        else None
    )
    new = Arrival(
        message_id=mail.message_id or f"sha256:{mail.digest}", source=source[:200], sender_name=mail.sender_name, sender_address=mail.sender_address,
        sent_at=mail.sent_at, subject=mail.subject, body=mail.body, sender=sender,
    )  # fmt: skip
    Arrival.objects.bulk_create([new], ignore_conflicts=True)
    arrival: Arrival | None = Arrival.objects.select_for_update(of=("self",)).filter(id=new.id).first()
    if arrival is None:
        return None
    _keep_attachments(actor, arrival, mail)
    answered = Arrival.objects.filter(message_id__in=mail.answers, consultation__isnull=False)
    before = answered.select_related("consultation__case").first()
    if before is not None and before.consultation is not None:
        _join(actor, arrival, before.consultation)
    return arrival


def _keep_attachments(actor: Actor, arrival: Arrival, mail: Mail) -> None:
    refused = []
    for name, content in mail.files:
        try:
            stored = store_file(actor=actor, name=name, content=content, purpose=FILE_PURPOSE)
        except DomainError as error:
            refused.append(f"{name}：{error.message}")
        else:
            ArrivalFile.objects.create(arrival=arrival, stored_file=stored)
    if refused:
        arrival.refused = "\n".join(refused)
        arrival.save(update_fields=["refused"])


def _join(actor: Actor, arrival: Arrival, consultation: Consultation) -> None:
    arrival.consultation, arrival.state = consultation, ArrivalState.JOINED
    arrival.save(update_fields=["consultation", "state"])
    keep_files(actor, consultation, [each.stored_file for each in arrival.files.select_related("stored_file")])
    if consultation.case is not None:
        who = f"{arrival.sender_name or arrival.sender_address}（メール）"
        post_words(
            system_actor(arrival.government_id, who), consultation.case, Thread.PUBLIC, arrival.body or "（本文なし）", arrival.sent_at
        )  # fmt: skip


@service
def take_arrival(
    *, actor: Actor, arrival: Arrival, asked_by: Person, answers: Mapping[str, Any], window: str = ""
) -> Consultation:
    """Make a consultation of a mail; its text becomes the first message and its attachments come along. Twice is once.

    Raises Stale when somebody has put it aside meanwhile, DomainError as filing does.
    """
    require(actor, DeskPermission.SUPPORT)
    locked = Arrival.objects.select_for_update(of=("self",)).select_related("consultation").get(id=arrival.id)
    if locked.consultation is not None:
        kept: Consultation = locked.consultation
        return kept
    if locked.state != ArrivalState.WAITING:
        raise Stale
    origin = Origin(
        Channel.MAIL, window, f"{locked.sender_name} {locked.sender_address}".strip() or locked.source, locked.sent_at
    )
    words = f"件名：{locked.subject}\n\n{locked.body}".strip()
    consultation = receive_consultation(
        actor=actor, asked_by=asked_by, consultation_id=locked.id, answers=answers, origin=origin, transcript=words,
        files=[each.stored_file for each in locked.files.select_related("stored_file")],
    )  # fmt: skip
    locked.consultation, locked.state = consultation, ArrivalState.TAKEN
    locked.save(update_fields=["consultation", "state"])
    return consultation


@service
def dismiss_arrival(*, actor: Actor, arrival: Arrival, reason: str) -> Arrival:
    """Put a mail aside that is no consultation, with the reason. Raises Stale when it is not waiting any more."""
    require(actor, DeskPermission.SUPPORT)
    if not reason.strip():
        raise DomainError("相談にしない理由を書いてください。", field="reason", code="required")
    changes = {"state": ArrivalState.DISMISSED, "reason": reason.strip()[:300]}
    if not Arrival.objects.filter(id=arrival.id, state=ArrivalState.WAITING).update(**changes):
        raise Stale
    arrival.state, arrival.reason = ArrivalState.DISMISSED, changes["reason"]
    record_event(
        actor=actor, code="desk.arrival.dismissed", subject_kind=ARRIVAL, subject_id=arrival.id,
        payload={"reason": arrival.reason},
    )  # fmt: skip
    return arrival
