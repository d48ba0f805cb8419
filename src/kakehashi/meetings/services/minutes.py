"""Minutes (会議録): drafted from what was recorded, corrected, approved by the chair, and then a record."""

from __future__ import annotations

from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.documents import MinutesDocument, render_pdf
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.minutes import compose
from kakehashi.meetings.domain.states import MeetingState
from kakehashi.meetings.models import MaterialVersion, Meeting, Minutes
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.account import held
from kakehashi.meetings.selectors.minutes import has_secret
from kakehashi.meetings.selectors.outcomes import MINUTES, is_under_way
from kakehashi.meetings.selectors.seats import seat_of
from kakehashi.meetings.services.access import as_secretary, asks, locked, move, record
from kakehashi.records.models import Document
from kakehashi.records.services import file_document

LONGEST = 60_000


@service
def draft_minutes(*, actor: Actor, meeting: Meeting) -> Minutes:
    """Draft the minutes from agenda, attendance, decisions and actions; a draft that is there is written anew.

    No act yet: what counts is the approval. Raises PermissionRefused for anybody but the clerk's section, DomainError before the
    meeting closed or after the approval.
    """
    seat = as_secretary(actor, meeting)
    meeting = locked(meeting)
    asks(meeting.state == MeetingState.CLOSED, "会議録は、閉会してから承認までの間に作ります。")
    asks_clerk(seat.is_clerk, meeting)
    text = compose(held(meeting))[:LONGEST]
    minutes = Minutes.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if minutes is None:
        return Minutes.objects.create(meeting=meeting, text=text, written_by_label=actor.label)
    asks(not is_under_way(minutes), "この会議録は、起案して承認を受けている途中です。直すときは、起案を引き戻します。")
    return _write(actor, minutes, text)


@service
def write_minutes(*, actor: Actor, meeting: Meeting, text: str, revision: int) -> Minutes:
    """Correct the draft. Raises PermissionRefused, Stale when somebody else wrote since `revision`, DomainError once approved."""
    seat = as_secretary(actor, meeting)
    asks_clerk(seat.is_clerk, meeting)
    minutes = draft_of(meeting, revision)
    asks(bool(text.strip()), "会議録を書いてください。", "text")
    return _write(actor, minutes, text.replace("\r\n", "\n").strip() + "\n")


@service
def approve_minutes(*, actor: Actor, meeting: Meeting, revision: int) -> Minutes:
    """The chair approves the minutes: they become a PDF with its digest and, where records are kept here, a document of the body's class.

    The frozen materials go into the same file. Writes `meetings.minutes.approved`. Raises PermissionRefused for anybody but the
    chair (or who sat in the chair's place), Stale when the text changed since `revision`, DomainError without a class to file under.
    """
    require(actor, MeetingsPermission.READ)
    if not seat_of(actor, meeting).is_chair:
        raise PermissionRefused(MeetingsPermission.READ)
    meeting = locked(meeting)
    return approve(actor, meeting, draft_of(meeting, revision), by=actor.label)


def approve(actor: Actor, meeting: Meeting, minutes: Minutes, *, by: str, proposal: str = "") -> Minutes:
    """What approval brings, by the chair or by the decision of a proposal (its number): PDF, record, state, event."""
    minutes.approved_at, minutes.approved_by_label = clock.now(), by[:200]
    pdf = _pdf(meeting, minutes)
    stored = store_file(actor=actor, name=f"{meeting.title}会議録.pdf", content=pdf, purpose=MINUTES)
    minutes.stored_file, minutes.digest = stored, stored.sha256
    document = _file(actor, meeting, minutes, stored)
    minutes.document_id = document.id if document is not None else None
    minutes.save()
    move(meeting, MeetingState.MINUTED)
    payload = {"digest": minutes.digest, "document": str(minutes.document_id or ""), "class": meeting.body.class_code}
    payload |= {"proposal": proposal} if proposal else {}
    record(actor, "meetings.minutes.approved", meeting, payload)
    return minutes


def draft_of(meeting: Meeting, revision: int) -> Minutes:
    """The draft, locked, as it was read. Raises Stale, and DomainError once it is approved or while a proposal asks for it."""
    minutes = Minutes.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if minutes is None:
        raise DomainError("会議録の下書きがまだありません。")
    asks(not minutes.is_approved, "承認した会議録は変えられません。")
    asks(not is_under_way(minutes), "この会議録は、起案して承認を受けている途中です。直すときは、起案を引き戻します。")
    if minutes.revision != revision:
        raise Stale("開いている間に、会議録が書き直されました。新しい文を確かめてください。")
    return minutes


def _write(actor: Actor, minutes: Minutes, text: str) -> Minutes:
    minutes.text, minutes.revision = text[:LONGEST], minutes.revision + 1
    minutes.written_by_label, minutes.written_at = actor.label, clock.now()
    minutes.save(update_fields=["text", "revision", "written_by_label", "written_at"])
    return minutes


def asks_clerk(is_clerk: bool, meeting: Meeting) -> None:
    """Minutes tell confidential items too, so only who sees those may write them."""
    if not is_clerk and has_secret(meeting):
        raise PermissionRefused(MeetingsPermission.RUN)


def _pdf(meeting: Meeting, minutes: Minutes) -> bytes:
    told = held(meeting)
    government = Government.objects.get(id=meeting.government_id)
    approved = clock.now().astimezone(clock.JST)
    document = MinutesDocument(
        title=f"{meeting.title}　会議録",
        government=government.name,
        issuer_name=government.name,
        attendance=tuple((seat.post, seat.words.removeprefix(f"{seat.post} "), seat.how) for seat in told.seats),
        text=minutes.text,
        approval=(
            ("承認", f"{minutes.approved_by_label}　{format_wareki(approved.date(), weekday=True)} {approved:%H:%M}"),
            ("作成", minutes.written_by_label),
        ),
    )
    return render_pdf(document, made_at=minutes.approved_at)


def _file(actor: Actor, meeting: Meeting, minutes: Minutes, stored: StoredFile) -> Document | None:
    """Filing follows from the approval: it is the program's act, named after the chair."""
    if not room_is_on(meeting.government_id, "records"):
        return None
    if not meeting.body.class_code:
        raise DomainError("会議録の分類が決まっていません。会議体のページで「会議録の分類」を選んでください。")
    versions = MaterialVersion.objects.filter(material__item__meeting=meeting, frozen_at__isnull=False)
    materials = [
        one.stored_file for one in versions.select_related("stored_file").order_by("material__item__number", "id")
    ]
    return file_document(
        actor=system_actor(meeting.government_id, label=f"{actor.label}（会議録の承認による自動整理）"),
        title=f"{meeting.title}会議録",
        class_code=meeting.body.class_code,
        created_on=meeting.starts_at.astimezone(clock.JST).date(),
        completed_on=clock.today(),
        source_kind=MINUTES,
        source_id=minutes.id,
        department=meeting.body.secretariat,
        files=[stored, *materials],
        disclosure="partly" if has_secret(meeting) else "open" if meeting.openness == "open" else "closed",
    )
