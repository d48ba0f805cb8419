"""証明書の検証: anybody who was shown a certificate asks whether it is valid. Nothing personal stands on the page."""

from __future__ import annotations

import base64

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import our_side
from kakehashi.kernel import clock
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.requests import Request
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import is_within, limited, refuse
from kakehashi.procedures.domain.certificates import Validity, format_token, normalise_token
from kakehashi.procedures.domain.offline_certificates import FORMAT
from kakehashi.procedures.forms.letters import VerifyForm
from kakehashi.procedures.models import CarriedCertificate, Certificate
from kakehashi.procedures.services.certificates import verifier_keys

VERIFICATIONS = Limit("procedures.verify_per_client", 60, 600)


@resident
@limited(VERIFICATIONS)
@require_http_methods(["GET", "POST"])
def verify_form(request: Request) -> HttpResponse:
    """Type the token from the paper, for whoever cannot scan the code."""
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = normalise_token(form.cleaned_data["token"])
        if token:
            return redirect("procedures:verify", token)
        return render(request, "procedures/resident/verified.html", {"validity": Validity.UNKNOWN.value}, status=404)
    context = {"form": form, "has_keys": our_side() is not Side.PUBLIC}
    return render(request, "procedures/resident/verify.html", context, status=422 if form.is_bound else 200)


@resident
@require_GET
def verify_keys(request: Request) -> HttpResponse:
    """The public keys with which the second code of a certificate is checked without a server; taken once, kept by the verifier.

    The public side of a split installation signs no certificates: its keys would be the wrong ones.
    """
    if our_side() is Side.PUBLIC:
        raise NotFound
    keys = [
        {
            "verifier_key": str(key),
            "public_key": base64.b64encode(key.public).decode(),
            "until": until and until.isoformat(),
        }
        for key, until in verifier_keys(request.government)
    ]
    body = {"format": FORMAT, "government": request.government.name, "code": request.government.code, "keys": keys}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})


@resident
@require_GET
def verify(request: Request, token: str) -> HttpResponse:
    """Valid, expired, revoked or unknown: with title, number and days, which the holder shows anyway, and no name."""
    if not is_within(request, VERIFICATIONS):
        return refuse(request, VERIFICATIONS)
    found = None
    if plain := normalise_token(token):
        columns = ("id", "title", "document_number", "issued_on", "valid_until", "revoked_at", "token")
        known = (Certificate.objects.only(*columns), CarriedCertificate.objects.only(*columns))
        found = next((row for rows in known for row in rows.filter(token=plain)), None)
    validity = found.validity(clock.today()) if found is not None else Validity.UNKNOWN
    context = {
        "certificate": found,
        "validity": validity.value,
        "token": format_token(found.token) if found is not None else "",
        "today": clock.now(),
    }
    response = render(request, "procedures/resident/verified.html", context, status=200 if found is not None else 404)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
