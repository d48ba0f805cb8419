"""What stands around a consultation besides its own road: effects, the manual, money, trials."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from kakehashi.desk.models import Consultation, FundingState
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.effects import checks_of
from kakehashi.desk.selectors.funding import schemes_for, uses_of
from kakehashi.desk.selectors.manuals import duty_of, manuals_about
from kakehashi.desk.selectors.trials import trials

register = template.Library()


@register.inclusion_tag("desk/_after.html", takes_context=True)
def after_solution(context: Context, consultation: Consultation) -> dict[str, Any]:
    """Draw what was asked after the solution, the manual that has to change, what pays for it, and what is being tried."""
    request = context["request"]

    def can(permission: str) -> bool:
        return bool(request.actor.can(permission, request.government.id))

    is_solved = consultation.resolved_at is not None
    duty = duty_of(consultation) if is_solved and can(DeskPermission.MANUAL_READ) else None
    may_read_funding = can(DeskPermission.FUNDING_READ) and consultation.has_purpose
    return {
        "request": request,
        "consultation": consultation,
        "checks": list(checks_of(consultation)) if is_solved else [],
        "duty": duty,
        "manuals": manuals_about(consultation) if duty and duty.settled_at is None else [],
        "may_write_manual": can(DeskPermission.MANUAL_WRITE),
        "uses": list(uses_of(consultation)) if may_read_funding else [],
        # Money is a tool like others: it is not spoken of before the purpose is known.
        "schemes": schemes_for(consultation) if may_read_funding and consultation.is_open else [],
        "may_fund": can(DeskPermission.FUNDING_WRITE),
        "states": FundingState.choices,
        "trials": list(trials().filter(consultation=consultation).order_by("created_at"))
        if can(DeskPermission.TRIAL_READ)
        else [],
        "may_try": consultation.is_open and consultation.has_purpose and can(DeskPermission.TRIAL_RUN),
    }
