"""Template filters of the people room."""

from __future__ import annotations

from django import template

from kakehashi.kernel.permissions import check_known
from kakehashi.kernel.requests import Request
from kakehashi.people.domain.devices import device_name

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """`{{ session.user_agent|device }}` → Chrome（Windows）."""
    return device_name(user_agent)


@register.filter
def permitted(permission: str, request: Request) -> bool:
    """`{% if "people.role:grant"|permitted:request %}`: whether the actor holds it here. An unknown name raises."""
    return request.actor.can(check_known(permission), request.government.id)
