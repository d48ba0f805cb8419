"""Decisions, actions and what became of them in other rooms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.approvals.domain.states import ProposalState
from kakehashi.approvals.models import Matter, Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.cases.models import Case
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.meetings.models import Action, AgendaItem, Decision, Meeting, Minutes
from kakehashi.meetings.selectors.meetings import find_meeting, meetings_of
from kakehashi.meetings.selectors.seats import Seat, items_seen_by, own_id

DECISION = "meetings.decision"
ACTION = "meetings.action"
MINUTES = "meetings.minutes"


@dataclass(frozen=True)
class ProposalLine:
    """A proposal that was drafted from an outcome, as far as a member of the meeting may know it; `url` is empty without permission."""

    number: str
    state: str
    url: str


def proposals_from(actor: Actor, kind: str, ids: Collection[UUID]) -> dict[UUID, list[ProposalLine]]:
    """The proposals that were drafted from outcomes, by outcome. One query; no proposal's text is read."""
    may_read = actor.can(ApprovalsPermission.READ, current_government_id())
    rows = Proposal.objects.filter(source_kind=kind, source_id__in=list(ids)).order_by("created_at")
    found: dict[UUID, list[ProposalLine]] = {}
    for source_id, proposal_id, number, state in rows.values_list("source_id", "id", "number", "state"):
        url = reverse("approvals-staff:proposal", args=[proposal_id]) if may_read else ""
        line = ProposalLine(number or "起案中", ProposalState(state).label, url)
        if source_id is not None:
            found.setdefault(source_id, []).append(line)
    return found


def is_under_way(minutes: Minutes) -> bool:
    """Whether a proposal goes round that asks for the approval of the minutes: their text stands still meanwhile."""
    asked = Proposal.objects.filter(source_kind=MINUTES, source_id=minutes.id)
    return asked.filter(state=ProposalState.IN_CIRCULATION.value).exists()


def matters() -> list[tuple[str, str]]:
    """The matters a proposal can be drafted under, those of meetings first."""
    rows = Matter.objects.filter(is_active=True).order_by("code").values_list("code", "name")
    return sorted(rows, key=lambda one: ("会議" not in one[1], one[0]))


def decisions_of(actor: Actor, words: str = "", outcome: str = "") -> QuerySet[Decision]:
    """Every decision somebody may read, across years; each of `words` must stand in its text or its item's title."""
    items = AgendaItem.objects.filter(items_seen_by(actor)).values("id")
    rows = Decision.objects.filter(item_id__in=items).select_related("item", "item__meeting", "item__meeting__body")
    for word in words.replace("\x00", " ").split():
        rows = rows.filter(text__icontains=word) | rows.filter(item__title__icontains=word)
    return rows.filter(outcome=outcome) if outcome else rows


def actions_of(actor: Actor, tab: str = "mine") -> QuerySet[Action]:
    """Actions: one's own open ones (`mine`), all open ones of one's meetings (`open`), or all of them (`all`)."""
    rows = Action.objects.select_related("meeting", "item", "owner", "department")
    if tab == "mine":
        return rows.filter(owner_id=own_id(actor), state="open")
    seen = AgendaItem.objects.filter(items_seen_by(actor)).values("id")
    mine = Action.objects.filter(owner_id=own_id(actor)).values("id")
    here = Action.objects.filter(item_id__in=seen).values("id")
    at_large = Action.objects.filter(item__isnull=True, meeting__in=meetings_of(actor)).values("id")
    rows = rows.filter(id__in=mine) | rows.filter(id__in=here) | rows.filter(id__in=at_large)
    return rows.filter(state="open") if tab == "open" else rows


def find_action(actor: Actor, action_id: UUID) -> tuple[Action, Seat | None]:
    """An action for its owner (who may have no seat: None) or for who sees it at the meeting. Raises NotFound."""
    rows = Action.objects.select_related("meeting", "meeting__body", "item", "owner", "department")
    action = rows.filter(id=action_id).first()
    if action is None:
        raise NotFound
    try:
        _, seat = find_meeting(actor, action.meeting_id)
    except NotFound:
        if action.owner_id != actor.id:
            raise
        return action, None
    if action.item is not None and not seat.sees(action.item) and action.owner_id != actor.id:
        raise NotFound
    return action, seat


def case_of_action(action: Action) -> UUID | None:
    """The case in which an action is talked about; None when it is gone."""
    found: UUID | None = Case.objects.filter(kind=ACTION, source_id=action.id).values_list("id", flat=True).first()
    return found


def find_decision(actor: Actor, decision_id: UUID) -> tuple[Decision, Meeting, Seat]:
    """A decision for who may read its item. Raises NotFound."""
    decision = Decision.objects.select_related("item").filter(id=decision_id).first()
    if decision is None:
        raise NotFound
    meeting, seat = find_meeting(actor, decision.item.meeting_id)
    if not seat.sees(decision.item):
        raise NotFound
    return decision, meeting, seat


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes of a meeting, None while nobody has drafted them."""
    return Minutes.objects.select_related("stored_file").filter(meeting=meeting).first()
