"""Who may open a page: every view carries exactly one of these decorators, and a test walks them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from kakehashi.kernel.actor import ActorKind
from kakehashi.kernel.errors import ElsewhereSignedIn
from kakehashi.kernel.kept_files import bring_back, show_held
from kakehashi.kernel.permissions import check_known
from kakehashi.kernel.personal_data import watched
from kakehashi.kernel.sent_once import once

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """What a view asks of its visitor: `surface` is public, resident, staff or administrator."""

    surface: str
    permission: str | None = None


def staff(permission: str) -> Callable[[View], View]:
    """A page of signed-in staff of this government who hold the permission.

    Strangers are sent to sign in; staff of another government get 404, so that nothing leaks;
    colleagues without the permission get 403.
    """
    check_known(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refuse_strangers(request)
            if refusal is not None:
                return refusal
            government = request.government  # type: ignore[attr-defined]
            if not request.actor.can(permission, government.id):  # type: ignore[attr-defined]
                raise PermissionDenied(permission)
            return _answer(request, view, args, kwargs)

        return _declare(guarded, Access("staff", permission))

    return decorate


def any_staff(view: View) -> View:
    """A page of any signed-in member of this government's staff, such as their own account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _refuse_strangers(request) or _answer(request, view, args, kwargs)

    return _declare(guarded, Access("staff", None))


def administrator(view: View) -> View:
    """A page that needs an open, time-limited administrator session."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _refuse_strangers(request)
        if refusal is not None:
            return refusal
        if request.actor.kind is not ActorKind.ADMINISTRATOR:  # type: ignore[attr-defined]
            raise PermissionDenied("administrator")
        return _answer(request, view, args, kwargs)

    return _declare(guarded, Access("administrator"))


def resident(view: View) -> View:
    """A public page inside a government; the visitor may be anonymous."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.government is None:  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return _declare(guarded, Access("resident"))


def public(view: View) -> View:
    """A page of the installation itself, outside any government, such as sign-in."""
    return _declare(view, Access("public"))


def _answer(request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponseBase:
    """What the view says: once for one press, with the files that are held for its form."""
    bring_back(request)
    return show_held(request, once(request, lambda: watched(view, request, args, kwargs)))


def _refuse_strangers(request: HttpRequest) -> HttpResponse | None:
    if request.government is None:  # type: ignore[attr-defined]
        raise Http404
    if request.actor.kind in {ActorKind.STAFF, ActorKind.ADMINISTRATOR}:  # type: ignore[attr-defined]
        return None
    if request.user.is_authenticated:
        raise ElsewhereSignedIn
    return redirect_to_login(request.get_full_path())


def _declare(view: View, access: Access) -> View:
    if hasattr(view, "access"):
        message = f"{view!r} carries two access decorators"
        raise TypeError(message)
    view.access = access  # type: ignore[attr-defined]
    return view
