"""Who acts: the signed-in member of staff of this government, a resident who confirmed an address, or somebody anonymous."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from kakehashi.governments.selectors import address_from, get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.people.adapters.accounts import client_address
from kakehashi.people.adapters.kept_forms import give_cookie, keep, lead_to_sign_in
from kakehashi.people.models import Resident
from kakehashi.people.selectors import resident_actor, signed_in_staff, token_actor
from kakehashi.people.services.limits import is_within
from kakehashi.people.services.residents import resident_id_of
from kakehashi.people.services.sessions import (
    SESSION_ADMINISTRATOR,
    SESSION_CHECKED_ADDRESS,
    SESSION_GOVERNMENT,
    SESSION_ONLY_GOVERNMENT,
    SESSION_POST,
    may_enter,
    still_awake,
)
from kakehashi.people.services.tokens import note_token_use
from kakehashi.people.services.tries import CALLS_PER_TOKEN, WRONG_KEYS_PER_CLIENT, count_try

__all__ = ["SESSION_GOVERNMENT", "SESSION_POST", "ActorMiddleware", "client_address"]

#: Pages that a signed-in member of staff may open before the second factor was shown.
_BEFORE_SECOND_FACTOR = frozenset({"people-staff:second-factor", "people-staff:second-factor-mail"})


#: Pages of the sign-in library that have no use here.
_CLOSED = frozenset({"account_email", "account_set_password", "socialaccount_connections", "socialaccount_signup"})
#: Pages on the way in or out, and those that ask for a factor instead of changing one.
_ENTRANCES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
    }
)


class ActorMiddleware:
    """Sets `request.actor`, looked up when it is first asked for: public pages need no query.

    Staff pages send a session that has not shown what its network asks for to the page that asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        give_cookie(request, response)
        if getattr(request, "is_signed_out", False):
            # What the browser keeps of pages is thrown away, the ones that 「もどる」 would show included.
            response["Clear-Site-Data"] = '"cache"'
        return response

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Ask for the second factor, and bind a session that nothing was chosen for yet."""
        if getattr(args[0] if args else None, "__module__", "").startswith("allauth."):
            return _guard_account_page(request)
        access = getattr(args[0] if args else None, "access", None)
        government = request.government  # type: ignore[attr-defined]
        is_staff_page = access is not None and access.surface in {"staff", "administrator"}
        if not is_staff_page or government is None:
            return None
        # Asked again below: the guard signs out who slept too long, and a stranger's words are kept.
        answer = _guard_staff_page(request, government.id) if request.user.is_authenticated else None
        return answer if request.user.is_authenticated else _stranger(request)


def _stranger(request: HttpRequest) -> HttpResponse | None:
    """Nobody is signed in: what was typed is kept, and a part of a page that a script asked for stays a part of a page."""
    if getattr(request, "htmx", False):
        return HttpResponse(
            "<p>サインインの時間が切れました。書いた内容はこの画面に残っています。送ると、サインインのあとに続けられます。</p>"
        )
    return lead_to_sign_in(request) if request.method == "POST" else None


def _guard_staff_page(request: HttpRequest, government_id: UUID) -> HttpResponse | None:
    bound = request.session.get(SESSION_GOVERNMENT)
    if bound is None and request.method == "GET":
        return HttpResponseRedirect(f"{reverse('people-signin:choose')}?{urlencode({'next': request.get_full_path()})}")
    if bound != str(government_id):
        return None
    if not still_awake(request.session, government_id):
        # From here on the request is a stranger's: the page asks to sign in, as after twelve hours.
        logout(request)
        return None
    if _asks_for_factor(request) or may_enter(request.session, client_address(request)):
        return None
    onwards = (keep(request) if request.method == "POST" else None) or request.get_full_path()
    return HttpResponseRedirect(f"{reverse('people-staff:second-factor')}?{urlencode({'next': onwards})}")


def _guard_account_page(request: HttpRequest) -> HttpResponse | None:
    """Who may open which of the sign-in library's pages.

    Some are closed to everybody: addresses are changed by the government that employs the person. A session that a town's own
    provider opened reaches none of an account's own pages, or that provider could change how somebody enters another town. And
    whoever has only the password must not register a second factor of their own: the second factor comes first.
    """
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if name in _CLOSED:
        raise Http404
    if name in _ENTRANCES or name.startswith("account_reset_password") or not request.user.is_authenticated:
        return None
    if request.session.get(SESSION_ONLY_GOVERNMENT):
        raise Http404
    here = urlencode({"next": request.get_full_path()})
    bound = request.session.get(SESSION_GOVERNMENT)
    if bound is None:
        return HttpResponseRedirect(f"{reverse('people-signin:choose')}?{here}")
    if request.session.get(SESSION_CHECKED_ADDRESS) == client_address(request):
        return None
    return HttpResponseRedirect(
        f"{address_from(request, get_government(UUID(bound)), 'people-staff:second-factor')}?{here}"
    )


def _asks_for_factor(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in _BEFORE_SECOND_FACTOR


def _actor_of(request: HttpRequest) -> Actor:
    government = request.government  # type: ignore[attr-defined]
    if government is None:
        return AnonymousActor()
    if authorization := request.headers.get("Authorization", ""):
        return _machine(request, authorization) or AnonymousActor(government_id=government.id)
    # The session belongs to one government: signed in next door is anonymous here.
    is_bound = request.session.get(SESSION_GOVERNMENT) == str(government.id) and request.user.is_authenticated
    if (
        is_bound
        and request.user.pk
        and (_asks_for_factor(request) or may_enter(request.session, client_address(request)))
    ):
        staff = signed_in_staff(
            request.user.pk,
            clock.today(),
            post_id=request.session.get(SESSION_POST),
            administrator_session=request.session.get(SESSION_ADMINISTRATOR),
        )
        if staff is not None:
            return staff
    resident_id = resident_id_of(request.session)
    resident = Resident.objects.filter(id=resident_id).first() if resident_id else None
    return resident_actor(resident) if resident else AnonymousActor(government_id=government.id)


def _machine(request: HttpRequest, authorization: str) -> Actor | None:
    """Another system that shows a key of the API. Whoever shows one is nobody else, whatever cookies come with it."""
    scheme, _, key = authorization.partition(" ")
    actor = token_actor(key.strip()) if scheme.lower() == "bearer" else None
    if actor is not None:
        note_token_use(token_id=actor.id)
        is_within_limit, limit = count_try(limit=CALLS_PER_TOKEN, subject=str(actor.id)), CALLS_PER_TOKEN
    else:
        is_within_limit, limit = is_within(request, WRONG_KEYS_PER_CLIENT), WRONG_KEYS_PER_CLIENT
    if not is_within_limit:
        request.api_wait = int(limit.retry_after(clock.now()).total_seconds()) + 1  # type: ignore[attr-defined]
    return actor
