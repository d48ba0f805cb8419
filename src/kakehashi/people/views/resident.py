"""Residents without an account: confirm an address by a code, or come through an outside identity."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.governments.selectors import absolute_url
from kakehashi.kernel.access import resident
from kakehashi.kernel.requests import Request
from kakehashi.people import services
from kakehashi.people.domain.claims import read_claims
from kakehashi.people.domain.oidc import Flow, OidcRefused
from kakehashi.people.forms.public import AddressForm, ResidentCodeForm
from kakehashi.people.models import IdentityProvider, MailCodePurpose, ProviderAudience
from kakehashi.people.selectors import providers_for
from kakehashi.people.services.limits import is_within, limited
from kakehashi.people.services.mail_codes import why_code_failed
from kakehashi.people.services.outside import client_of, vouched_strength
from kakehashi.people.services.tries import CODE_ANSWERS_PER_CLIENT, CODE_REQUESTS_PER_CLIENT
from kakehashi.people.views import address_of_return, safe_next, say_on, status_of

SESSION_PENDING = "resident_code"
SESSION_FLOW = "resident_openid_flow"


@resident
@never_cache
@require_http_methods(["GET", "POST"])
def address(request: Request) -> HttpResponse:
    """Confirm a mail address, for example before an application is sent in."""
    form = AddressForm(request.POST or None)
    onwards = safe_next(request, reverse("site:home"))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        _send_code(request, email, onwards)
        return redirect("people:code")
    context = {"form": form, "next": onwards, "providers": providers_for(ProviderAudience.RESIDENT)}
    return render(request, "people/resident/address.html", context, status=status_of(form))


def _send_code(request: Request, email: str, onwards: str) -> None:
    within = is_within(request, CODE_REQUESTS_PER_CLIENT)
    made = services.issue_mail_code(
        email=email,
        purpose=MailCodePurpose.CONFIRM_ADDRESS,
        is_decoy=not within,
        language=get_language() or "ja",
    )
    request.session[SESSION_PENDING] = {"id": str(made.id), "next": onwards}


@resident
@limited(CODE_ANSWERS_PER_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: Request) -> HttpResponse:
    """Answer with the digits."""
    pending = request.session.get(SESSION_PENDING)
    if not isinstance(pending, dict):
        return redirect("people:address")
    form = ResidentCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        used = services.confirm_mail_code(
            mail_code_id=pending["id"], typed=form.cleaned_data["code"], purpose=MailCodePurpose.CONFIRM_ADDRESS
        )
        if used is not None:
            request.session.pop(SESSION_PENDING, None)
            person = services.confirm_resident(mail_code=used)
            services.sign_in_resident(session=request.session, resident=person)
            return redirect(pending["next"] or reverse("site:home"))
        say_on(form, why_code_failed(pending["id"]))
    return render(request, "people/resident/code.html", {"form": form}, status=status_of(form))


@resident
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Forget the visitor on this device."""
    services.sign_out_resident(session=request.session)
    request.is_signed_out = True
    messages.success(request, gettext("この端末での利用を終わりました。"))
    return redirect("site:home")


@resident
@never_cache
@require_GET
def provider(request: Request, provider_id: UUID) -> HttpResponse:
    """Leave for デジタル認証アプリ, GビズID or another provider of the town; a link, see `signin.provider`."""
    row = _provider(provider_id)
    if (elsewhere := address_of_return(request, _callback(request, row))) is not None:
        return redirect(elsewhere)
    flow = Flow.begin()
    try:
        target = client_of(row).start(flow=flow, redirect_uri=_callback(request, row))
    except OidcRefused:
        messages.error(
            request, gettext("%(name)sが応答しません。しばらくしてから、もう一度お試しください。") % {"name": row.name}
        )
        return redirect(safe_next(request, reverse("people:address")))
    request.session[SESSION_FLOW] = {
        "provider": str(row.id),
        "state": flow.state,
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "next": safe_next(request, ""),
    }
    return redirect(target)


@resident
@never_cache
@require_GET
def provider_answer(request: Request, provider_id: UUID) -> HttpResponse:
    """Come back from the provider."""
    row = _provider(provider_id)
    kept = request.session.pop(SESSION_FLOW, None)
    refused = gettext("本人確認ができませんでした。もう一度お試しください。")
    if not isinstance(kept, dict) or kept.get("provider") != str(row.id):
        messages.error(request, refused)
        return redirect("people:address")
    flow = Flow(kept["state"], kept["nonce"], kept["verifier"])
    try:
        identity = client_of(row).finish(request.GET.dict(), flow=flow, redirect_uri=_callback(request, row))
        vouched_strength(row, identity)
    except OidcRefused:
        messages.error(request, refused)
        return redirect(kept.get("next") or "people:address")
    person = services.identify_resident(
        issuer=identity.issuer,
        subject=identity.subject,
        name=identity.name,
        verified_email=identity.verified_email,
    )
    facts = read_claims(identity.claims)
    services.sign_in_resident(session=request.session, resident=person, provider=row.name, facts=facts)
    return redirect(kept.get("next") or reverse("site:home"))


def _provider(provider_id: UUID) -> IdentityProvider:
    row = next((each for each in providers_for(ProviderAudience.RESIDENT) if each.id == provider_id), None)
    if row is None:
        raise Http404
    return row


def _callback(request: Request, row: IdentityProvider) -> str:
    return absolute_url(request.government, "people:provider-answer", row.id)
