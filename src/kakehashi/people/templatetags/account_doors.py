"""The other doors of the sign-in page: what the town itself registered."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from kakehashi.kernel.requests import Request
from kakehashi.people.models import ProviderAudience
from kakehashi.people.selectors import directories, providers_for

register = template.Library()


@register.simple_tag
def doors(request: Request) -> list[tuple[str, str]]:
    """Label and address of each door of this town; none at the root, where no town is known."""
    if request.government is None:
        return []
    onwards = request.GET.get("next") or request.POST.get("next") or ""
    query = f"?{urlencode({'next': onwards})}" if onwards else ""
    found = [(f"{row.name}でサインインする", reverse("people-signin:directory")) for row in directories()]
    found += [
        (f"{row.name}でサインインする", reverse("people-signin:provider", args=[row.id]))
        for row in providers_for(ProviderAudience.STAFF)
    ]
    return [(label, url + query) for label, url in found]
