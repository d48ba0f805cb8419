"""Pages of the people room."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kakehashi.governments.selectors import is_own_host
from kakehashi.kernel.errors import DomainError


def say_on(form: forms.Form, error: DomainError) -> None:
    """Put the sentence of a domain error beside its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def status_of(form: forms.Form) -> int:
    """422 for a form that was sent and has errors."""
    return 422 if form.is_bound and form.errors else 200


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where to go next, as long as it is a path on this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_safe and wanted.startswith("/") else fallback


def address_of_return(request: HttpRequest, callback: str) -> str | None:
    """Where to begin instead, when a provider of identities would send the browser back to another host name than this one.

    The session that remembers what was asked lives on one host name, so the whole way is walked on the one that the provider
    knows. Once only: behind a proxy that rewrites names the two never agree.
    """
    there = urlsplit(callback)
    if there.netloc == request.get_host() or "moved" in request.GET:
        return None
    onwards, government = safe_next(request, ""), request.government  # type: ignore[attr-defined]
    prefix = f"/{government.slug}/"
    if government.host and not is_own_host(request) and onwards.startswith(prefix):
        onwards = "/" + onwards.removeprefix(prefix)
    begin = there.path.removesuffix("answer/")
    return f"{there.scheme}://{there.netloc}{begin}?{urlencode({'next': onwards, 'moved': '1'})}"
