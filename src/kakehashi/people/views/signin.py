"""Signing in: choosing the government after it, and the doors a town registered itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.governments.selectors import absolute_url, address_from, serves
from kakehashi.kernel.access import public
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.people import services
from kakehashi.people.adapters.accounts import client_address
from kakehashi.people.adapters.directory import DirectoryUnavailable
from kakehashi.people.domain.oidc import Flow, OidcRefused
from kakehashi.people.forms.public import DirectorySignInForm
from kakehashi.people.models import IdentityProvider, Membership, ProviderAudience
from kakehashi.people.selectors import directories, memberships_of, providers_for
from kakehashi.people.services.outside import check_directory_password, client_of, directory_of, vouched_strength
from kakehashi.people.services.sessions import SESSION_GOVERNMENT
from kakehashi.people.views import address_of_return, safe_next, say_on, status_of

SESSION_FLOW = "openid_flow"


@public
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """Choose the government to work in. With one possible choice and none made yet, it is made at once."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={reverse('people-signin:choose')}")
    everywhere = memberships_of(request.user.pk)
    # A session lives on one host: the governments of other hosts are links, to sign in over there.
    memberships = [each for each in everywhere if serves(request, each.government)]
    onwards = safe_next(request, "")
    if request.method == "POST":
        chosen = [each for each in memberships if str(each.government_id) == request.POST.get("government")]
        if not chosen:
            raise Http404
        return _enter(request, chosen[0], onwards)
    wanted = _wanted(request, memberships, onwards)
    if wanted is not None and request.session.get(SESSION_GOVERNMENT) is None:
        return _enter(request, wanted, onwards)
    context = {
        "memberships": memberships, "next": onwards, "current": request.session.get(SESSION_GOVERNMENT),
        "elsewhere": [
            (each.government.name, absolute_url(each.government, "site:staff-home"))
            for each in everywhere if each not in memberships
        ],
    }  # fmt: skip
    return render(request, "people/signin/choose.html", context)


def _wanted(request: Request, memberships: list[Membership], onwards: str) -> Membership | None:
    """The one membership that the address itself names, or the only one there is."""
    if request.government is not None:
        return next((each for each in memberships if each.government_id == request.government.id), None)
    slug = onwards.lstrip("/").partition("/")[0]
    named = next((each for each in memberships if slug and each.government.slug == slug), None)
    return named or (memberships[0] if len(memberships) == 1 else None)


def _enter(request: Request, membership: Membership, onwards: str) -> HttpResponse:
    try:
        services.bind_session(session=request.session, user=membership.user, government_id=membership.government_id)
    except NotFound:
        raise Http404 from None
    home = address_from(request, membership.government, "site:staff-home")
    slug = membership.government.slug
    belongs = request.government is not None or onwards.startswith(f"/{slug}/")
    return redirect(onwards if onwards and belongs else home)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def directory(request: Request) -> HttpResponse:
    """Sign in with the password of the town's own directory (LDAP, Active Directory)."""
    if request.government is None:
        raise Http404
    rows = directories()
    if not rows:
        raise Http404
    form = DirectorySignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = check_directory_password(
                directory=directory_of(rows[0]), address=client_address(request), **form.cleaned_data
            )
            services.sign_in_person(request=request, person=person)
            return redirect(safe_next(request, reverse("site:staff-home")))
        except DirectoryUnavailable:
            form.add_error(None, "職員名簿のサーバーが応答しません。しばらくしてから、もう一度お試しください。")
        except DomainError as error:
            say_on(form, error)
    context = {"form": form, "next": safe_next(request, ""), "directory": rows[0]}
    return render(request, "people/signin/directory.html", context, status=status_of(form))


@public
@never_cache
@require_GET
def provider(request: Request, provider_id: UUID) -> HttpResponse:
    """Leave for the town's own provider of staff identities.

    A link and not a form: browsers apply `form-action 'self'` to where a form's answer redirects.
    """
    row = _provider(request, provider_id)
    if (elsewhere := address_of_return(request, _callback(request, row))) is not None:
        return redirect(elsewhere)
    flow = Flow.begin()
    try:
        target = client_of(row).start(flow=flow, redirect_uri=_callback(request, row))
    except OidcRefused:
        messages.error(request, f"{row.name}が応答しません。しばらくしてから、もう一度お試しください。")
        return redirect("account_login")
    request.session[SESSION_FLOW] = {
        "provider": str(row.id),
        "state": flow.state,
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "next": safe_next(request, ""),
    }
    return redirect(target)


@public
@never_cache
@require_GET
def provider_answer(request: Request, provider_id: UUID) -> HttpResponse:
    """Come back from the provider."""
    row = _provider(request, provider_id)
    kept = request.session.pop(SESSION_FLOW, None)
    if not isinstance(kept, dict) or kept.get("provider") != str(row.id):
        messages.error(request, "サインインの途中で時間が切れました。もう一度お試しください。")
        return redirect("account_login")
    flow = Flow(kept["state"], kept["nonce"], kept["verifier"])
    try:
        identity = client_of(row).finish(request.GET.dict(), flow=flow, redirect_uri=_callback(request, row))
        is_strong = vouched_strength(row, identity)
        person = services.identify_staff(identity=identity)
        services.sign_in_person(request=request, person=person, second_factor=row.is_second_factor and is_strong)
    except OidcRefused:
        messages.error(request, f"{row.name}でのサインインを確かめられませんでした。もう一度お試しください。")
        return redirect("account_login")
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("account_login")
    return redirect(kept.get("next") or reverse("site:staff-home"))


def _provider(request: Request, provider_id: UUID) -> IdentityProvider:
    if request.government is None:
        raise Http404
    row = next((each for each in providers_for(ProviderAudience.STAFF) if each.id == provider_id), None)
    if row is None:
        raise Http404
    return row


def _callback(request: Request, row: IdentityProvider) -> str:
    return absolute_url(request.government, "people-signin:provider-answer", row.id)
