"""APIの鍵: which other systems may call, what each may do, and until when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.requests import Request
from kakehashi.people import services
from kakehashi.people.forms.tokens import TokenForm
from kakehashi.people.models import ApiToken
from kakehashi.people.permissions import PeoplePermission, has_power
from kakehashi.people.selectors import api_tokens
from kakehashi.people.views import say_on
from kakehashi.people.views.roles import ask_for_power


@staff(PeoplePermission.SECURE)
@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    """Every key, and a new one: its text is shown on the answer to the form, once."""
    ask = ask_for_power(request)
    if ask is not None:
        return ask
    form = TokenForm(request.POST or None)
    made = text = None
    if form.is_bound and form.is_valid():
        try:
            made, text = services.issue_api_token(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            say_on(form, error)
    context = {
        "form": TokenForm() if made else form,
        "made": made,
        "text": text,
        "tokens": api_tokens(),
        "has_power": has_power(request.actor),
    }
    answer = render(request, "people/staff/tokens.html", context, status=422 if form.is_bound and not made else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@staff(PeoplePermission.SECURE)
@require_http_methods(["POST"])
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    """Take a key back; a second click finds it taken back already."""
    ask = ask_for_power(request)
    if ask is not None:
        return ask
    token = get_object_or_404(ApiToken, id=token_id)
    try:
        services.revoke_api_token(actor=request.actor, token=token)
        messages.success(request, f"鍵「{token.name}」を取り消しました。いまから使えません。")
    except Stale:
        messages.info(request, f"鍵「{token.name}」は、もう取り消されています。")
    return redirect("people-staff:tokens")
