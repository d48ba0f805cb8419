"""Who reads all of the minutes: with an item for members only, not everybody with a seat and few of those who read proposals."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from kakehashi.approvals.domain.transitions import Standing
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_steps, turn_of
from kakehashi.kernel.actor import Actor
from kakehashi.meetings.models import AgendaItem, Meeting, Minutes
from kakehashi.meetings.selectors.outcomes import MINUTES
from kakehashi.meetings.selectors.seats import Seat, seat_of


@dataclass(frozen=True)
class ShownMinutes:
    """The minutes behind a proposal as one reader sees them. `text` is filled only where it is not frozen with the proposal."""

    meeting: Meeting
    is_secret: bool
    may_read: bool
    text: str = ""


def has_secret(meeting: Meeting) -> bool:
    """Whether an item of the meeting is for members only (構成員限り)."""
    return AgendaItem.objects.filter(meeting=meeting, is_confidential=True).exists()


def reads_minutes(actor: Actor, meeting: Meeting, seat: Seat) -> bool:
    """Whether somebody with a seat may read all of the minutes: everybody without a secret item, else members, chair and clerk."""
    return seat.is_member or seat.is_chair or seat.is_clerk or (seat.is_here and not has_secret(meeting))


def asks_for_minutes(minutes: Minutes) -> list[Proposal]:
    """The proposals that ask for the approval of the minutes."""
    return list(Proposal.objects.filter(source_kind=MINUTES, source_id=minutes.id))


def takes_part(actor: Actor, proposal: Proposal) -> bool:
    """Whether somebody drafted the proposal, acts on it now, acted on it, or owes it a 後閲: they cannot judge what they do not read."""
    if actor.id is None:
        return False
    if actor.id == proposal.drafter_id or any(step.person_id == actor.id for step in current_steps(proposal)):
        return True
    turn = turn_of(actor, proposal)
    return turn.step is not None or Standing.POST_REVIEWER in turn.standings


def shown_minutes(actor: Actor, proposal: Proposal) -> ShownMinutes | None:
    """The minutes on the decision page; None when they are gone. A secret text is read from the minutes, never from the proposal."""
    if proposal.source_id is None:
        return None
    minutes = Minutes.objects.select_related("meeting", "meeting__body").filter(id=proposal.source_id).first()
    if minutes is None:
        return None
    meeting = minutes.meeting
    if not has_secret(meeting):
        return ShownMinutes(meeting, is_secret=False, may_read=True)
    may = takes_part(actor, proposal) or reads_minutes(actor, meeting, seat_of(actor, meeting))
    return ShownMinutes(meeting, is_secret=True, may_read=may, text=minutes.text if may else "")


def text_digest(minutes: Minutes) -> str:
    """The SHA-256 of the text, which a proposal carries in place of a secret text."""
    return sha256(minutes.text.encode()).hexdigest()
