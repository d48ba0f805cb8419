"""Template filters of the people room."""

from __future__ import annotations

from django import template

from kakehashi.kernel.permissions import check_known
from kakehashi.kernel.requests import Request

register = template.Library()


@register.filter
def permitted(permission: str, request: Request) -> bool:
    """`{% if "people.role:grant"|permitted:request %}`: whether the actor holds it here. An unknown name raises."""
    return request.actor.can(check_known(permission), request.government.id)
