"""Limits per visitor's address, for views."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kakehashi.kernel import clock
from kakehashi.kernel.error_pages import too_many
from kakehashi.kernel.transport import is_office
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.tries import count_try

View = Callable[..., HttpResponseBase]


def limited(limit: Limit) -> Callable[[View], View]:
    """A view whose POSTs are counted per visitor's address: past the limit it answers 429 and says when to come back.

    Goes below the access decorator. It costs one statement; it is not for the final submit, which needs a draft anyway.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and not is_within(request, limit):
                return refuse(request, limit)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def refuse(request: HttpRequest, limit: Limit) -> HttpResponse:
    """The page for whoever is past the limit, with the time until the count begins anew."""
    return too_many(request, seconds=int(limit.retry_after(clock.now()).total_seconds()) + 1)


def is_within(request: HttpRequest, limit: Limit) -> bool:
    """Count one try of this visitor's address. Behind a proxy nobody told us of, all visitors share that proxy's count."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    hidden = str(request.META.get("kakehashi.peer") or "")
    return count_try(limit=limit, subject=address or hidden, is_office=not address or is_office(address))
