"""What the meeting made of an item, and the proposal that follows from it."""

from __future__ import annotations

from uuid import UUID

from kakehashi.approvals.models import Disclosure, Proposal
from kakehashi.approvals.services import draft_proposal
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.states import Outcome
from kakehashi.meetings.hooks import link_target
from kakehashi.meetings.models import Action, AgendaItem, AgendaLink, Decision, Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.meetings import quorum_of
from kakehashi.meetings.selectors.outcomes import ACTION, DECISION
from kakehashi.meetings.selectors.seats import seat_of
from kakehashi.meetings.services.access import as_leader, as_preparer, asks, locked, record


@service
def record_decision(*, actor: Actor, item: AgendaItem, outcome: str, text: str, quorum_reason: str = "") -> Decision:
    """Record what the meeting made of an item, while it sits or before its minutes are approved; once more corrects it.

    Without a quorum nothing is recorded unless `quorum_reason` says why (such as 緊急のため、次の会議で追認する); the count and the
    reason stand beside the decision. Writes `meetings.decision.recorded`, or `.corrected` with what stood there. Raises
    PermissionRefused for anybody but chair and secretariat, DomainError before the meeting opened, without a text or a quorum.
    """
    seat = as_leader(actor, item.meeting)
    asks(seat.sees(item), "この議題は構成員限りです。")
    meeting = locked(item.meeting)
    asks(meeting.is_open or meeting.state == "closed", "結果は、開会してから会議録を承認するまでの間に記録します。")
    asks(bool(text.strip()), "結果の内容を書いてください。", "text")
    quorum = quorum_of(meeting)
    if not quorum.is_met and not quorum_reason.strip():
        message = f"{quorum.sentence}このまま記録するときは、理由を書いてください。"
        raise DomainError(message, field="quorum_reason", code="quorum")
    former = Decision.objects.filter(item=item).first()
    before = {"outcome": former.outcome, "text": former.text} if former else {}
    decision = former or Decision(item=item)
    decision.outcome, decision.text = Outcome(outcome).value, text.strip()
    decision.had_quorum, decision.quorum_text = quorum.is_met, quorum.sentence
    decision.quorum_reason = "" if quorum.is_met else quorum_reason.strip()[:300]
    decision.recorded_by_label, decision.recorded_at = actor.label, clock.now()
    decision.save()
    payload = {
        "item": str(item.id), "outcome": decision.outcome, "text": decision.text, "quorum": decision.quorum_text,
        "quorum_reason": decision.quorum_reason, "rule": meeting.body.rule.words,
    }  # fmt: skip
    code = "meetings.decision.corrected" if former else "meetings.decision.recorded"
    record(actor, code, meeting, payload | ({"before": before} if former else {}))
    return decision


@service
def propose_decision(*, actor: Actor, decision: Decision, matter_code: str, idempotency_key: UUID) -> Proposal:
    """起案 from a decision: a draft with its words, which the drafter completes and submits. The same key twice makes one.

    Raises PermissionRefused for who may not draft, NotFound for who may not read the item, DomainError where the room of approvals
    is off or for an unknown matter.
    """
    require(actor, MeetingsPermission.READ)
    item = decision.item
    meeting = Meeting.objects.select_related("body").get(id=item.meeting_id)
    if not seat_of(actor, meeting).sees(item):
        raise NotFound
    _asks_room(meeting)
    return draft_proposal(
        actor=actor,
        matter_code=matter_code,
        subject=item.title,
        request=f"{meeting.title}の{decision.outcome_word}に基づき、次のとおり行ってよろしいか伺います。\n\n{decision.text}",
        reason=f"{_day(meeting)}の{meeting.title}で、{decision.outcome_word}されたため。",
        source_kind=DECISION,
        source_id=decision.id,
        disclosure=Disclosure.CLOSED if item.is_confidential else Disclosure.OPEN,
        idempotency_key=idempotency_key,
    )


@service
def propose_action(*, actor: Actor, action: Action, matter_code: str, idempotency_key: UUID) -> Proposal:
    """起案 from an action, by its owner or who runs the meeting. Raises as `propose_decision`."""
    require(actor, MeetingsPermission.READ)
    meeting = Meeting.objects.select_related("body").get(id=action.meeting_id)
    if action.owner_id != actor.id and not seat_of(actor, meeting).leads:
        raise PermissionRefused(MeetingsPermission.RUN)
    _asks_room(meeting)
    return draft_proposal(
        actor=actor,
        matter_code=matter_code,
        subject=action.title,
        request=f"次のとおり行ってよろしいか伺います。\n\n{action.detail or action.title}",
        reason=f"{_day(meeting)}の{meeting.title}で、課題とされたため。",
        source_kind=ACTION,
        source_id=action.id,
        idempotency_key=idempotency_key,
    )


@service
def link_item(*, actor: Actor, item: AgendaItem, kind: str, target_id: UUID) -> AgendaLink:
    """Say what an item is about in another room; the same link twice is one. After distribution an act (`meetings.item.linked`).

    Raises PermissionRefused for anybody but secretariat and presenter or without the other room's permission, DomainError for what
    is not there.
    """
    as_preparer(actor, item, item.meeting)
    target = link_target(kind)
    found = target.describe(target_id) if target is not None else None
    if target is None or found is None:
        raise DomainError("つなぐ先が見つかりません。", field="linked")
    require(actor, target.permission)
    meeting = locked(item.meeting)
    made, is_new = AgendaLink.objects.get_or_create(
        item=item,
        kind=kind,
        target_id=target_id,
        defaults={"label": found[0][:200], "linked_by_label": actor.label},
    )
    if is_new:
        record(actor, "meetings.item.linked", meeting, {"item": str(item.id), "kind": kind, "target": str(target_id)})
    return made


@service
def unlink_item(*, actor: Actor, link: AgendaLink) -> None:
    """Take a link off before the minutes are approved (`meetings.item.unlinked`). Raises PermissionRefused, DomainError."""
    as_preparer(actor, link.item, link.item.meeting)
    meeting = locked(link.item.meeting)
    asks(meeting.state != "minuted", "会議録を承認したあとのつながりは外せません。")
    payload = {"item": str(link.item_id), "kind": link.kind, "target": str(link.target_id), "label": link.label}
    link.delete()
    record(actor, "meetings.item.unlinked", meeting, payload)


def _asks_room(meeting: Meeting) -> None:
    asks(room_is_on(meeting.government_id, "approvals"), "起案・決裁の部屋を使っていないため、起案できません。")


def _day(meeting: Meeting) -> str:
    return format_wareki(meeting.starts_at.astimezone(clock.JST).date())
