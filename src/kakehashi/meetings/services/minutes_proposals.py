"""Minutes that are approved by 起案 instead of by the chair alone: the draft goes round, the decision files it."""

from __future__ import annotations

from uuid import UUID

from kakehashi.approvals.models import Disclosure, Proposal
from kakehashi.approvals.services import draft_proposal
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.models import Meeting, Minutes
from kakehashi.meetings.selectors.minutes import has_secret
from kakehashi.meetings.selectors.outcomes import MINUTES
from kakehashi.meetings.services.access import as_secretary, asks, locked
from kakehashi.meetings.services.minutes import approve, asks_clerk, draft_of


@service
def propose_minutes(
    *, actor: Actor, meeting: Meeting, revision: int, matter_code: str, idempotency_key: UUID
) -> Proposal:
    """起案 from the draft of the minutes, for who must approve them under the rules. The same key twice makes one.

    While it goes round the minutes cannot be changed; its decision approves and files them. With an item that only members may
    read the proposal carries the digest of the text alone: the text is shown to members, chair, clerk and whoever acts on the
    proposal. Raises PermissionRefused for anybody but the secretariat (such minutes: the clerk), Stale when the text changed
    since `revision`.
    """
    asks_clerk(as_secretary(actor, meeting).is_clerk, meeting)
    asks(room_is_on(meeting.government_id, "approvals"), "起案・決裁の部屋を使っていないため、起案できません。")
    meeting = locked(meeting)
    minutes = draft_of(meeting, revision)
    day = format_wareki(meeting.starts_at.astimezone(clock.JST).date())
    return draft_proposal(
        actor=actor,
        matter_code=matter_code,
        subject=f"{meeting.title}の会議録について",
        request="次の会議録のとおり確定し、保存してよろしいか伺います。",
        reason=f"{day}の{meeting.title}の会議録を確定するため。",
        source_kind=MINUTES,
        source_id=minutes.id,
        disclosure=_disclosure(meeting),
        idempotency_key=idempotency_key,
    )


def _disclosure(meeting: Meeting) -> Disclosure:
    if has_secret(meeting):
        return Disclosure.PARTLY
    return Disclosure.OPEN if meeting.openness == "open" else Disclosure.CLOSED


def approve_by_decision(*, actor: Actor, proposal: Proposal) -> None:
    """決裁: the minutes that were read are approved and filed, unless the chair did so before."""
    minutes = _minutes_of(proposal)
    if minutes is None or minutes.is_approved:
        return
    meeting = locked(Meeting.objects.get(id=minutes.meeting_id))
    current = Minutes.objects.select_for_update(of=("self",)).get(id=minutes.id)
    by = f"{proposal.decided_by_label}（起案 {proposal.number}の決裁）"
    approve(actor, meeting, current, by=by, proposal=proposal.number or "")


def refuse_undoing(*, actor: Actor, proposal: Proposal) -> None:
    """元に戻す is refused once the minutes lie in their record file: a filed document is never taken out again."""
    minutes = _minutes_of(proposal)
    if minutes is not None and minutes.is_approved:
        raise DomainError("会議録は、もう簿冊に入っています。直すときは、再決裁してください。")


def _minutes_of(proposal: Proposal) -> Minutes | None:
    if proposal.source_id is None:
        return None
    return Minutes.objects.filter(id=proposal.source_id).first()
