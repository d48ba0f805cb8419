"""Units that are set up for a time (期間を決めて置く組織): they end on their day, or somebody says why they go on."""

from __future__ import annotations

from datetime import date

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.models import Initiative
from kakehashi.plans.permissions import PlansPermission


@service
def extend_unit(*, actor: Actor, initiative: Initiative, until: date, reason: str) -> Initiative:
    """Let the unit go on to a later day, with a reason, and write `plans.unit.extended`.

    Raises PermissionRefused, and DomainError without a unit, a later day or a reason.
    """
    initiative = _locked(actor, initiative)
    if initiative.sunset_on is None or until <= initiative.sunset_on:
        raise DomainError("今の終える日より後の日を書いてください。", field="until")
    if not reason.strip():
        raise DomainError("続ける理由を書いてください。", field="note", code="required")
    former = initiative.sunset_on
    initiative.sunset_on, initiative.unit_note = until, reason.strip()
    initiative.save(update_fields=["sunset_on", "unit_note"])
    _record(actor, initiative, "extended", {"from": former.isoformat(), "to": until.isoformat()})
    return initiative


@service
def close_unit(*, actor: Actor, initiative: Initiative, on: date, lesson: str) -> Initiative:
    """End the unit, with what was learned, and write `plans.unit.closed`. Raises PermissionRefused, DomainError without a lesson."""
    initiative = _locked(actor, initiative)
    if not lesson.strip():
        raise DomainError("分かったことを書いてください。次の組織の役に立ちます。", field="note", code="required")
    initiative.unit_closed_on, initiative.unit_note = on, lesson.strip()
    initiative.save(update_fields=["unit_closed_on", "unit_note"])
    _record(actor, initiative, "closed", {"on": on.isoformat()})
    return initiative


def _locked(actor: Actor, initiative: Initiative) -> Initiative:
    require(actor, PlansPermission.EDIT)
    found = Initiative.objects.select_for_update(of=("self",)).get(id=initiative.id)
    if not found.unit_name or found.unit_closed_on is not None:
        raise DomainError("この取組に、今ある期間つきの組織はありません。", code="no_unit")
    return found


def _record(actor: Actor, initiative: Initiative, verb: str, payload: dict[str, str]) -> None:
    record_event(
        actor=actor,
        code=f"plans.unit.{verb}",
        subject_kind="plans.initiative",
        subject_id=initiative.id,
        payload={"unit": initiative.unit_name, "note": initiative.unit_note, **payload},
    )
