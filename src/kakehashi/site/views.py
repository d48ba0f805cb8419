"""Pages of the installation itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kakehashi.governments.selectors import tenants
from kakehashi.kernel.access import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The list of governments at the root; inside one, its residents' home."""
    return render(request, "site/home.html", {"tenants": [] if request.government else tenants()})  # type: ignore[attr-defined]
