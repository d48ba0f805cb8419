"""The way from a case or a proposal to its evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template

from kakehashi.journal.permissions import JournalPermission

register = template.Library()


@register.inclusion_tag("journal/_take_dossier.html", takes_context=True)
def take_dossier(context: template.Context, kind: str, subject_id: UUID) -> dict[str, Any]:
    """A link to the page where 証明一式 of this thing is taken; nothing for who may not."""
    request = context["request"]
    may_take = request.actor.can(JournalPermission.TAKE_DOSSIER, request.government.id)
    return {"kind": kind, "subject_id": subject_id, "may_take": may_take}
