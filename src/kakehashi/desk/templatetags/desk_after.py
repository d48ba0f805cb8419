"""What follows a solution, drawn on the consultation's page: the questions after 30 and 90 days."""

from __future__ import annotations

from typing import Any

from django import template

from kakehashi.desk.models import Consultation
from kakehashi.desk.selectors.effects import checks_of

register = template.Library()


@register.inclusion_tag("desk/_after.html")
def after_solution(consultation: Consultation) -> dict[str, Any]:
    """Draw what was asked after the solution and what was answered; nothing while the consultation is open."""
    solved = consultation.resolved_at is not None
    return {"consultation": consultation, "checks": list(checks_of(consultation)) if solved else [], "solved": solved}
