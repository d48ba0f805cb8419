"""Actions (課題): given to a person with a day, done in their 今日の仕事."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.urls import reverse

from kakehashi.cases.models import Case
from kakehashi.cases.services import assign_case, close_case, open_case, transfer_case
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.states import ActionState
from kakehashi.meetings.models import Action, AgendaItem, Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.outcomes import ACTION
from kakehashi.meetings.selectors.seats import seat_of
from kakehashi.meetings.services.access import as_leader, asks, locked, record
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Department, Person
from kakehashi.people.selectors import posts_of, staff_actor

_SECRET = "会議の課題（構成員限りの議題）"  # noqa: S105 - words, no secret


@service
def assign_action(
    *,
    actor: Actor,
    meeting: Meeting,
    title: str,
    owner: Person,
    due_on: date,
    idempotency_key: UUID,
    item: AgendaItem | None = None,
    detail: str = "",
) -> Action:
    """Give somebody something to do by a day; it lies in their 今日の仕事 and they are told. The same key twice makes one.

    Writes `meetings.action.assigned`. Raises PermissionRefused for anybody but chair and secretariat, DomainError without words,
    for a day in the past, or while the meeting has not begun.
    """
    as_leader(actor, meeting)
    made = Action.objects.filter(idempotency_key=idempotency_key).first()
    if made is not None:
        return made
    meeting = locked(meeting)
    asks(meeting.is_open or meeting.is_over, "課題は、開会してから決めます。")
    asks(bool(title.strip()), "することを書いてください。", "title")
    asks(due_on >= clock.today(), "期限は、今日から後の日にしてください。", "due_on")
    action = Action(
        meeting=meeting,
        item=item,
        title=title.strip()[:150],
        detail=detail.strip(),
        owner=owner,
        owner_label=staff_actor(owner).label,
        department=_section_of(owner, meeting),
        due_on=due_on,
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            action.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return Action.objects.get(idempotency_key=idempotency_key)
    _lay_in_inbox(actor, action)
    payload = {
        "action": str(action.id),
        "title": action.title,
        "owner": action.owner_label,
        "due_on": due_on.isoformat(),
    }
    record(actor, "meetings.action.assigned", meeting, payload)
    return action


@service
def hand_over_action(*, actor: Actor, action: Action, owner: Person, reason: str) -> Action:
    """Give an open action to somebody else, with its case and everything that was written there; the new owner is told.

    Writes `meetings.action.handed_over`. Raises PermissionRefused for anybody but its owner, the chair and the secretariat,
    DomainError without a reason, for the present owner or somebody who has left, Stale when it is finished.
    """
    require(actor, MeetingsPermission.READ)
    if action.owner_id != actor.id and not seat_of(actor, action.meeting).leads:
        raise PermissionRefused(MeetingsPermission.RUN)
    action = (
        Action.objects.select_for_update(of=("self",))
        .select_related("meeting__body", "item", "owner")
        .get(id=action.id)
    )
    if not action.is_open:
        raise Stale(f"この課題は{action.state_word}になっています。")
    asks(bool(reason.strip()), "引き継ぐ理由を書いてください。", "reason")
    asks(owner.id != action.owner_id, "いまの担当者です。ほかの人を選んでください。", "owner")
    asks(owner.is_active, "この職員は在籍していません。", "owner")
    before = action.owner_label
    action.owner, action.owner_label = owner, staff_actor(owner).label
    action.department = _section_of(owner, action.meeting)
    action.save(update_fields=["owner", "owner_label", "department"])
    case = Case.objects.filter(kind=ACTION, source_id=action.id, closed_at__isnull=True).first()
    if case is not None:
        program = system_actor(action.government_id, label=f"{actor.label}（会議の課題）")
        transfer_case(actor=program, case=case, department=action.department, handler=owner, reason=reason.strip())
    _tell(actor, action, f"{before}から引き継ぎました。{reason.strip()}")
    payload = {"action": str(action.id), "from": before, "to": action.owner_label, "reason": reason.strip()[:300]}
    record(actor, "meetings.action.handed_over", action.meeting, payload)
    return action


@service
def finish_action(*, actor: Actor, action: Action, result: str, is_dropped: bool = False) -> Action:
    """Finish an action with its result, or drop it with the reason; its case is closed (`meetings.action.finished`).

    Raises PermissionRefused for anybody but its owner, the chair and the secretariat, DomainError without words, Stale the second time.
    """
    require(actor, MeetingsPermission.READ)
    if action.owner_id != actor.id and not seat_of(actor, action.meeting).leads:
        raise PermissionRefused(MeetingsPermission.RUN)
    action = Action.objects.select_for_update(of=("self",)).select_related("meeting").get(id=action.id)
    if not action.is_open:
        raise Stale(f"この課題は{action.state_word}になっています。")
    if not result.strip():
        message = "取りやめの理由を書いてください。" if is_dropped else "結果を書いてください。"
        raise DomainError(message, field="result", code="required")
    action.state = (ActionState.DROPPED if is_dropped else ActionState.DONE).value
    action.result = result.strip()
    action.finished_at, action.finished_by_label = clock.now(), actor.label
    action.save(update_fields=["state", "result", "finished_at", "finished_by_label"])
    case = Case.objects.filter(kind=ACTION, source_id=action.id, closed_at__isnull=True).first()
    if case is not None:
        close_case(actor=actor, case=case, state_label=action.state_word)
    payload = {"action": str(action.id), "state": action.state, "result": action.result}
    record(actor, "meetings.action.finished", action.meeting, payload)
    return action


def _lay_in_inbox(actor: Actor, action: Action) -> None:
    """Open the case of the action and tell its owner. A confidential item's words stay out of the section's list."""
    is_secret = action.item is not None and action.item.is_confidential
    program = system_actor(action.government_id, label=f"{actor.label}（会議の課題）")
    case = open_case(
        actor=program,
        kind=ACTION,
        subject=_SECRET if is_secret else action.title,
        source_id=action.id,
        department=action.department,
        requester_name=action.meeting.title,
        due_on=action.due_on,
        state_label="会議の課題",
    )
    assign_case(actor=program, case=case, handler=action.owner)
    _tell(actor, action)


def _tell(actor: Actor, action: Action, before: str = "") -> None:
    """A notice to the owner, unless it is their own doing. A confidential item's words stay out of it."""
    if action.owner_id == actor.id:
        return
    is_secret = action.item is not None and action.item.is_confidential
    lines = [before, "" if is_secret else action.title, f"期限：{format_wareki(action.due_on, weekday=True)}"]
    key = uuid5(NAMESPACE_URL, f"meetings.action/{action.id}") if not before else uuid7()
    send_notice(
        actor=actor,
        kind="meetings.assigned",
        to=Recipient(person_id=action.owner_id, name=action.owner.name),
        subject=f"会議の課題の担当になりました：{action.meeting.title}",
        body_text="\n".join(line for line in lines if line),
        url=reverse("meetings-staff:action", args=[action.id]),
        idempotency_key=key,
    )


def _section_of(owner: Person, meeting: Meeting) -> Department:
    """The section of the owner's primary post; the secretariat for somebody above all sections."""
    posts = posts_of(owner, clock.today())
    found: Department = next((one.department for one in posts if one.department), meeting.body.secretariat)
    return found
