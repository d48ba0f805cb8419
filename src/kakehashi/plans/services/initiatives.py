"""Reporting how an initiative goes."""

from __future__ import annotations

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.states import NEEDS_NEXT_MOVE, NEEDS_REASON, InitiativeState
from kakehashi.plans.models import Initiative
from kakehashi.plans.permissions import PlansPermission


@service
def report_initiative(
    *, actor: Actor, initiative: Initiative, state: InitiativeState, reason: str = "", next_move: str = ""
) -> Initiative:
    """Report the state of an initiative and write `plans.initiative.reported`.

    遅れのおそれ, 一部達成, 未達 and 中止 need a reason; the first three also a next move. Raises PermissionRefused, and DomainError
    beside the field that is missing.
    """
    require(actor, PlansPermission.REPORT)
    initiative = Initiative.objects.select_for_update(of=("self",)).get(id=initiative.id)
    if state in NEEDS_REASON and not reason.strip():
        raise DomainError("この状態には理由が必要です。何が起きたかを書いてください。", field="reason", code="required")
    if state in NEEDS_NEXT_MOVE and not next_move.strip():
        raise DomainError("次の一手を書いてください。小さなことで構いません。", field="next_move", code="required")
    before = initiative.state
    initiative.state, initiative.reason, initiative.next_move = state, reason.strip(), next_move.strip()
    initiative.reported_at, initiative.reported_by = clock.now(), actor.label
    initiative.save(update_fields=["state", "reason", "next_move", "reported_at", "reported_by"])
    record_event(
        actor=actor,
        code="plans.initiative.reported",
        subject_kind="plans.initiative",
        subject_id=initiative.id,
        payload={"from": before, "to": state.value, "reason": initiative.reason, "next_move": initiative.next_move},
    )
    return initiative
