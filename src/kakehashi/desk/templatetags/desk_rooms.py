"""The pages of the desk, as one line of links on top of each."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from kakehashi.desk.permissions import DeskPermission

register = template.Library()

PAGES = (
    ("index", "相談", DeskPermission.READ),
    ("dashboard", "状況", DeskPermission.READ),
    ("effects", "効果の確認", DeskPermission.READ),
    ("wishes", "要望・アイデア", DeskPermission.WISH),
    ("manuals", "業務マニュアル", DeskPermission.MANUAL_READ),
    ("trials", "ツールの試行", DeskPermission.TRIAL_READ),
    ("funding", "財政措置", DeskPermission.FUNDING_READ),
)


@register.inclusion_tag("desk/_rooms.html", takes_context=True)
def desk_rooms(context: Context, here: str) -> dict[str, Any]:
    """Draw the links to the pages that the visitor may open; `here` is the name of this one."""
    request = context["request"]
    return {
        "rooms": [
            {"url": reverse(f"desk-staff:{name}"), "label": label, "is_here": name == here}
            for name, label, permission in PAGES
            if request.actor.can(permission, request.government.id)
        ]
    }
