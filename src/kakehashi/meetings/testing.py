"""A small 庁議 for tests: the mayor chairs, manager and clerk sit, the officer's section (総務課) serves it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import pikepdf

from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.ids import uuid7
from kakehashi.meetings.domain.quorum import Quorum
from kakehashi.meetings.domain.states import Presence
from kakehashi.meetings.models import AgendaItem, Attendance, Material, Meeting, MeetingBody
from kakehashi.meetings.services import (
    Mark,
    add_item,
    attach_material,
    call_meeting,
    close_meeting,
    distribute_meeting,
    found_body,
    open_meeting,
    record_attendance,
    record_decision,
)
from kakehashi.people.models import Post
from kakehashi.people.testing import Town, person_of

MADE_AT = datetime(2026, 10, 1, 9, tzinfo=clock.JST)


@dataclass(frozen=True)
class SmallMeeting:
    """A body of three seats and its meeting of tomorrow: one item of the clerk's, one confidential one of the manager's."""

    body: MeetingBody
    meeting: Meeting
    item: AgendaItem
    secret: AgendaItem


@dataclass(frozen=True)
class OpenMeeting(SmallMeeting):
    """The same meeting while it sits, with a material of three pages at its first item."""

    material: Material


def small_pdf(*pages: str) -> bytes:
    """A PDF with one page for each text; equal texts give equal bytes."""
    with pikepdf.new() as whole:
        for text in pages:
            one = ReceiptDocument(title="資料", issued_on="", addressee="", issuer="", issuer_name="", text=text)
            with pikepdf.open(io.BytesIO(render_pdf(one, made_at=MADE_AT))) as page:
                whole.pages.extend(page.pages)
        buffer = io.BytesIO()
        whole.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def small_body(town: Town) -> MeetingBody:
    """庁議: 町長 in the chair, 住民課長 and 住民課主事 as members, majority without proxies, served by 総務課."""
    seats = list(Post.objects.filter(id__in=[town.manager.post_id, town.clerk.post_id]).order_by("rank"))
    return found_body(
        actor=town.officer,
        name="庁議",
        chair_post=Post.objects.get(id=town.mayor.post_id),
        secretariat=town.other_department,
        members=seats,
        idempotency_key=uuid7(),
        details={"basis": "庁議規程", "class_code": "A-07", "quorum_clause": "庁議規程第5条", "place": "第1会議室"},
    )


def small_meeting(town: Town) -> SmallMeeting:
    """The body with its meeting, in the open scope of the town. The officer is its clerk; nothing is given out yet."""
    body = small_body(town)
    meeting = call_meeting(
        actor=town.officer, body=body, starts_at=clock.now() + timedelta(days=1), idempotency_key=uuid7()
    )
    item = add_item(
        actor=town.officer, meeting=meeting, title="新年度の窓口", kind="decide", presenter=person_of(town.clerk)
    )
    secret = add_item(
        actor=town.officer,
        meeting=meeting,
        title="人事の方針",
        kind="discuss",
        presenter=person_of(town.manager),
        details={"is_confidential": True},
    )
    return SmallMeeting(body, meeting, item, secret)


def open_small_meeting(town: Town) -> OpenMeeting:
    """The small meeting, given out and opened by the mayor, with a material of three pages."""
    small = small_meeting(town)
    pdf = small_pdf("一　窓口の時間を変えます。", "二　夜間の窓口を週に一日設けます。", "三　職員の勤務を見直します。")
    file = store_file(actor=town.clerk, name="窓口.pdf", content=pdf, purpose="meetings.material")
    material = attach_material(actor=town.clerk, item=small.item, title="窓口の見直し", file=file)
    distribute_meeting(actor=town.officer, meeting=small.meeting)
    meeting = open_meeting(actor=town.mayor, meeting=small.meeting)
    return OpenMeeting(small.body, meeting, small.item, small.secret, material)


def with_quorum(town: Town, meeting: Meeting) -> Quorum:
    """The mayor is there, the manager online: two of three, which is enough."""
    marks = {
        Attendance.objects.get(meeting=meeting, post_id=town.mayor.post_id).id: Mark(Presence.PRESENT),
        Attendance.objects.get(meeting=meeting, post_id=town.manager.post_id).id: Mark(Presence.ONLINE),
    }
    return record_attendance(actor=town.officer, meeting=meeting, marks=marks)


def closed_small_meeting(town: Town) -> OpenMeeting:
    """The open meeting with a quorum and one decision, closed by its secretary."""
    sitting = open_small_meeting(town)
    with_quorum(town, sitting.meeting)
    record_decision(actor=town.officer, item=sitting.item, outcome="decided", text="夜間窓口を週一日設ける。")
    close_meeting(actor=town.officer, meeting=sitting.meeting)
    return sitting
