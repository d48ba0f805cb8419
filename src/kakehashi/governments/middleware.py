"""Which government a request belongs to, and the transaction in which only its rows exist."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from kakehashi.governments.selectors import tenant_by_host, tenant_by_slug
from kakehashi.kernel.tenancy import tenant_scope

Answer = Callable[[HttpRequest], HttpResponse]


class GovernmentMiddleware:
    """Find the government by host name, else by the first part of the path, which is then taken off.

    The part taken off becomes the script prefix, so that every reversed address carries it again.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _drop_nul(request)
        request.government, request.rooms = tenant_by_host(request.get_host().partition(":")[0])  # type: ignore[attr-defined]
        request.is_own_host = request.government is not None  # type: ignore[attr-defined]
        if request.government is not None:  # type: ignore[attr-defined]
            return self.get_response(request)
        slug, _, rest = request.path_info.lstrip("/").partition("/")
        if slug:
            request.government, request.rooms = tenant_by_slug(slug)  # type: ignore[attr-defined]
        if request.government is None:  # type: ignore[attr-defined]
            return self.get_response(request)
        previous = get_script_prefix()
        request.path_info = "/" + rest
        set_script_prefix(f"{previous}{slug}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(previous)


def _drop_nul(request: HttpRequest) -> None:
    """PostgreSQL takes no NUL in a text: no page has it in its path, and no filter means it."""
    if "\x00" in request.path_info:
        raise Http404
    if "%00" in request.META.get("QUERY_STRING", ""):
        request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")


class ScopeMiddleware:
    """One request, one transaction, one government. An exception of the view rolls everything back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        government = request.government  # type: ignore[attr-defined]
        with tenant_scope(government.id) if government else nullcontext():
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """A room that is switched off does not exist for anybody."""
        match = request.resolver_match
        if request.government is None or match is None or not match.namespaces:  # type: ignore[attr-defined]
            return
        room = match.namespaces[0].removesuffix("-staff").removesuffix("-api")
        if room in _switchable() and room not in request.rooms:  # type: ignore[attr-defined]
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep nothing of a request that failed; the error page is rendered without the database."""
        if request.government is not None and transaction.get_connection().in_atomic_block:  # type: ignore[attr-defined]
            transaction.set_rollback(True)


def _switchable() -> frozenset[str]:
    from django.conf import settings

    from kakehashi.governments.selectors import GROUND_ROOMS

    return frozenset(settings.ROOMS) - GROUND_ROOMS
