"""Webhook: where other systems are told what happens, what was told, and what is sent again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.exchange import services
from kakehashi.exchange.domain.webhooks import GIVE_UP_AFTER, MAX_ATTEMPTS, OVERLAP, STOP_AFTER, kind_label
from kakehashi.exchange.forms.webhooks import ReplayForm, WebhookForm
from kakehashi.exchange.models import MessageState, Webhook
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors.webhooks import get_message, get_webhook, messages_of, webhooks
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.people.permissions import has_power
from kakehashi.people.selectors import acting_staff

_LIMITS = {
    "tries": MAX_ATTEMPTS,
    "hours": round(GIVE_UP_AFTER.total_seconds() / 3600),
    "stop_days": STOP_AFTER.days,
    "overlap_days": OVERLAP.days,
}


@staff(ExchangePermission.WEBHOOKS)
@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """Every webhook, and a new one: its secret is shown on the answer to the form, once."""
    if (ask := _ask_for_power(request)) is not None:
        return ask
    form, made, secret = WebhookForm(request.POST or None), None, ""
    if form.is_bound and form.is_valid():
        try:
            made, secret = services.make_webhook(
                actor=request.actor, owner=acting_staff(request.actor), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
    context = {
        "form": WebhookForm() if made else form,
        "made": made,
        "secret": secret,
        "webhooks": webhooks(),
        "has_power": has_power(request.actor),
        **_LIMITS,
    }
    return _never_kept(request, "webhooks.html", context, 422 if form.is_bound and not made else 200)


@staff(ExchangePermission.WEBHOOKS)
@require_GET
def webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    """One webhook: how it stands and what it was told."""
    return _page(request, get_webhook(webhook_id))


@staff(ExchangePermission.WEBHOOKS)
@require_http_methods(["GET", "POST"])
def change(request: Request, webhook_id: UUID) -> HttpResponse:
    """送り先を変える: address, kinds, department; whoever changes it looks after it from then on."""
    if (ask := _ask_for_power(request)) is not None:
        return ask
    found = get_webhook(webhook_id)
    form = WebhookForm.of(found, request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            services.change_webhook(
                actor=request.actor, webhook=found, owner=acting_staff(request.actor), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "送り先を変えました。")
            return redirect("exchange-staff:webhook", found.id)
    context = {"webhook": found, "form": form, "has_power": has_power(request.actor)}
    return render(request, "exchange/staff/webhook_change.html", context, status=422 if form.is_bound else 200)


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def drop(request: Request, webhook_id: UUID) -> HttpResponse:
    """送り先を消す: with the record of what was sent."""
    if (ask := _ask_for_power(request)) is not None:
        return ask
    found = get_webhook(webhook_id)
    services.drop_webhook(actor=request.actor, webhook=found)
    messages.success(request, f"送り先「{found.name}」を消しました。")
    return redirect("exchange-staff:webhooks")


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def pause(request: Request, webhook_id: UUID) -> HttpResponse:
    """止める."""
    return _done(
        request, webhook_id, services.pause_webhook, "止めました。再開すると、止まっていた間のことから送ります。"
    )


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def resume(request: Request, webhook_id: UUID) -> HttpResponse:
    """再開する."""
    return _done(request, webhook_id, services.resume_webhook, "再開しました。止まっていた間のことから送ります。")


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def test(request: Request, webhook_id: UUID) -> HttpResponse:
    """試しに送る: one message that says so; its page shows what came back."""
    found = get_webhook(webhook_id)
    sent = services.send_test(actor=request.actor, webhook=found)
    messages.success(request, "試し送りを頼みました。数秒あとに、このページを開き直すと結果が見えます。")
    return redirect("exchange-staff:webhook-message", found.id, sent.id)


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def rotate(request: Request, webhook_id: UUID) -> HttpResponse:
    """秘密の鍵を替える: the new one is on the answer, once."""
    if (ask := _ask_for_power(request)) is not None:
        return ask
    found = get_webhook(webhook_id)
    secret = services.rotate_secret(actor=request.actor, webhook=found)
    return _page(request, get_webhook(webhook_id), secret=secret)


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def end_old(request: Request, webhook_id: UUID) -> HttpResponse:
    """前の鍵を使えなくする."""
    if (ask := _ask_for_power(request)) is not None:
        return ask
    return _done(request, webhook_id, services.end_old_secret, "前の鍵での署名をやめました。")


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def replay(request: Request, webhook_id: UUID) -> HttpResponse:
    """期間を送り直す."""
    found, form = get_webhook(webhook_id), ReplayForm(request.POST)
    if form.is_valid():
        try:
            count = services.replay_messages(actor=request.actor, webhook=found, **form.moments())
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"{count}件を送り直します。")
            return redirect("exchange-staff:webhook", found.id)
    return _page(request, found, form=form, status=422)


@staff(ExchangePermission.WEBHOOKS)
@require_GET
def message(request: Request, webhook_id: UUID, message_id: UUID) -> HttpResponse:
    """One message: what was sent, and every try with what came back."""
    found = get_message(get_webhook(webhook_id), message_id)
    context = {
        "webhook": found.webhook,
        "message": found,
        "label": kind_label(found.kind),
        "body": json.dumps(found.payload, ensure_ascii=False, indent=2),
        "tries": found.tries.order_by("-attempted_at", "-id"),
    }
    return render(request, "exchange/staff/webhook_message.html", context)


@staff(ExchangePermission.WEBHOOKS)
@require_POST
def resend(request: Request, webhook_id: UUID, message_id: UUID) -> HttpResponse:
    """もう一度送る."""
    found = get_message(get_webhook(webhook_id), message_id)
    try:
        services.replay_message(actor=request.actor, message=found)
        messages.success(request, "もう一度送ります。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("exchange-staff:webhook-message", webhook_id, message_id)


def _ask_for_power(request: Request) -> HttpResponse | None:
    if request.method != "POST" or has_power(request.actor):
        return None
    messages.info(request, "この操作には管理者の操作を始める必要があります。理由を書いて始めてください。")
    back = request.path if request.resolver_match and "change" in request.path else reverse("exchange-staff:webhooks")
    return redirect(f"{reverse('people-staff:administration')}?next={back}")


def _done(request: Request, webhook_id: UUID, verb: Callable[..., None], said: str) -> HttpResponse:
    found = get_webhook(webhook_id)
    try:
        verb(actor=request.actor, webhook=found)
        messages.success(request, said)
    except Stale:
        messages.info(request, "もう済んでいます。")
    return redirect("exchange-staff:webhook", found.id)


def _page(
    request: Request, found: Webhook, *, form: ReplayForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    state = request.GET.get("state", "")
    page = keyset_page(messages_of(found, state), ("-occurred_at", "-id"), request.GET.get("cursor"), 50)
    context = {
        "webhook": found,
        "kinds": [kind_label(kind) for kind in found.kinds],
        "page": page,
        "rows": [(each, kind_label(each.kind)) for each in page.rows],
        "states": MessageState.choices,
        "state": state,
        "form": form or ReplayForm.of_today(),
        "secret": secret,
        "has_power": has_power(request.actor),
        **_LIMITS,
    }
    return _never_kept(request, "webhook.html", context, status)


def _never_kept(request: Request, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    answer = render(request, f"exchange/staff/{template}", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
