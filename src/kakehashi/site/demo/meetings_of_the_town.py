"""The meetings of a demo town: one that was held with its minutes filed, one whose papers are out, one in preparation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pikepdf

from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.business_days import is_business_day
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings import services
from kakehashi.meetings.domain.states import Presence
from kakehashi.meetings.models import AgendaItem, Attendance, Material, MaterialVersion, Meeting, MeetingBody
from kakehashi.meetings.services import Mark
from kakehashi.people.models import Person, Post, PostHolding
from kakehashi.people.selectors import StaffActor, staff_actor
from kakehashi.plans.models import Initiative
from kakehashi.site.demo import content
from kakehashi.site.demo.organisation import Body

_MEETINGS_CLASS = "A-07"


def hold_meetings(body: Body) -> None:
    """Found the bodies and bring their meetings as far as their story goes. The government's scope must be open."""
    told = content.read("meetings")
    council = _body(body, told["bodies"]["council"])
    headquarters = _body(body, told["bodies"]["headquarters"])
    _past(body, council, told["past"])
    coming = _call(body, council, told["coming"])
    services.distribute_meeting(actor=body.actor("officer"), meeting=coming)
    _call(body, headquarters, told["headquarters"])


def _body(body: Body, row: dict[str, Any]) -> MeetingBody:
    chiefs = [person.id for role, _, person in body.people if role == "manager"]
    seats = Post.objects.filter(holdings__person_id__in=chiefs).order_by("department__order", "name").distinct()
    officer = body.actor("officer")
    details = {key: row[key] for key in ("basis", "purpose", "quorum_kind", "quorum_clause", "place")}
    return services.found_body(
        actor=system_actor(body.government.id, "見本の準備"),
        name=row["name"],
        chair_post=Post.objects.get(holdings__person=body.person("head")),
        secretariat=next(one for one in body.departments.values() if one.id == officer.department_id),
        members=list(seats),
        idempotency_key=uuid7(),
        details=details | {"class_code": _MEETINGS_CLASS},
    )


def _call(body: Body, meets: MeetingBody, row: dict[str, Any]) -> Meeting:
    officer, starts_at = body.actor("officer"), _at(row.get("in_days", 0))
    meeting = services.call_meeting(
        actor=officer,
        body=meets,
        starts_at=starts_at,
        idempotency_key=uuid7(),
        details={"ends_at": starts_at + timedelta(hours=1), "online_url": row.get("online_url", "")},
    )
    for item_row in row["items"]:
        _item(body, meeting, item_row)
    return meeting


def _item(body: Body, meeting: Meeting, row: dict[str, Any]) -> AgendaItem:
    officer, presenter = body.actor("officer"), _holder(row["presenter"])
    item = services.add_item(
        actor=officer,
        meeting=meeting,
        title=row["title"],
        kind=row["kind"],
        presenter=presenter,
        details={
            "summary": row.get("summary", ""),
            "minutes_planned": row.get("minutes"),
            "is_confidential": row.get("is_confidential", False),
        },
    )
    if "material" in row:
        by = staff_actor(presenter)
        told = row["material"]
        file = _handout(by, told["title"], told["pages"])
        services.attach_material(actor=by, item=item, title=told["title"], file=file)
    initiative = Initiative.objects.order_by("id").first() if row.get("links_plan") else None
    if initiative is not None:
        services.link_item(actor=officer, item=item, kind="plans.initiative", target_id=initiative.id)
    return item


def _past(body: Body, council: MeetingBody, row: dict[str, Any]) -> None:
    """The meeting that was held: papers out a week before, one replaced, decided, minuted and filed."""
    officer, head = body.actor("officer"), body.actor("head")
    day = _at(-row["days_ago"])
    with clock.frozen(day - timedelta(days=7)):
        meeting = _call(body, council, row)
        services.edit_meeting(
            actor=officer, meeting=meeting, changes={"starts_at": day, "ends_at": day + timedelta(hours=1)}
        )
        services.distribute_meeting(actor=officer, meeting=meeting)
    items = list(AgendaItem.objects.filter(meeting=meeting).select_related("presenter", "meeting__body"))
    with clock.frozen(day - timedelta(days=2)):
        for item, told in zip(items, row["items"], strict=True):
            _replace(head, item, told)
    with clock.frozen(day):
        services.open_meeting(actor=head, meeting=meeting)
        _attend(officer, meeting)
        for item, told in zip(items, row["items"], strict=True):
            services.record_decision(actor=officer, item=item, outcome=told["outcome"], text=told["decision"])
            _act(officer, item, told["action"])
    with clock.frozen(day + timedelta(hours=1)):
        services.close_meeting(actor=officer, meeting=meeting)
    with clock.frozen(day + timedelta(days=3)):
        draft = services.draft_minutes(actor=officer, meeting=meeting)
        services.approve_minutes(actor=head, meeting=meeting, revision=draft.revision)


def _replace(head: StaffActor, item: AgendaItem, told: dict[str, Any]) -> None:
    """The head has noted something on the last page; then the paper is replaced, and the note goes with its page."""
    if "replaced" not in told.get("material", {}) or item.presenter is None:
        return
    material = Material.objects.select_related("item__meeting__body").get(item=item)
    version = MaterialVersion.objects.get(material=material)
    services.write_note(actor=head, version=version, page=version.page_count, body=told["note"])
    by, replaced = staff_actor(item.presenter), told["material"]["replaced"]
    file = _handout(by, material.title, replaced["pages"])
    services.replace_material(actor=by, material=material, file=file, reason=replaced["reason"])


def _attend(officer: StaffActor, meeting: Meeting) -> None:
    """Everybody is there; the last member takes part from elsewhere."""
    rows = list(Attendance.objects.filter(meeting=meeting))
    marks = {row.id: Mark(Presence.PRESENT) for row in rows}
    marks[rows[-1].id] = Mark(Presence.ONLINE, note="出張先から")
    services.record_attendance(actor=officer, meeting=meeting, marks=marks)


def _act(officer: StaffActor, item: AgendaItem, told: dict[str, Any]) -> None:
    owner, now = _holder(told["owner"]), clock.now()
    day = item.meeting.starts_at.astimezone(clock.JST).date()
    due_on = day + timedelta(days=told["in_days"] if "result" in told else told["in_days"] + 27)
    action = services.assign_action(
        actor=officer, meeting=item.meeting, item=item, title=told["title"], owner=owner, due_on=due_on, idempotency_key=uuid7()
    )  # fmt: skip
    if "result" in told:
        with clock.frozen(now + timedelta(days=8)):
            services.finish_action(actor=staff_actor(owner), action=action, result=told["result"])


def _holder(post: str) -> Person:
    return Person.objects.get(id__in=PostHolding.objects.filter(post__name=post).values("person_id"))


def _at(days: int) -> datetime:
    """Ten o'clock on a business day so many days from now; negative ones are past."""
    day, step = clock.today() + timedelta(days=days), timedelta(days=1 if days >= 0 else -1)
    while not is_business_day(day):
        day += step
    return datetime.combine(day, time(10), tzinfo=clock.JST)


def _handout(by: StaffActor, title: str, pages: Sequence[dict[str, Any]]) -> StoredFile:
    """A paper for the meeting, page by page."""
    with pikepdf.new() as whole:
        for page in pages:
            one = ReceiptDocument(
                title=page["title"],
                issued_on=format_wareki(clock.today()),
                addressee="",
                issuer=by.label,
                issuer_name=by.label,
                text=page["text"],
                rows=tuple((label, value) for label, value in page.get("rows", ())),
            )
            with pikepdf.open(io.BytesIO(render_pdf(one, made_at=clock.now()))) as part:
                whole.pages.extend(part.pages)
        buffer = io.BytesIO()
        whole.save(buffer)
    return store_file(actor=by, name=f"{title}.pdf", content=buffer.getvalue(), purpose="meetings.material")
