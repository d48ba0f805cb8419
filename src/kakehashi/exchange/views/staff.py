"""外との受け渡し: how it stands, bundles carried as files, pairing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.exchange.adapters.keys import fingerprint_here
from kakehashi.exchange.adapters.transport import MEDIA_TYPE
from kakehashi.exchange.domain.kinds import BUNDLE_FILE, item_kind
from kakehashi.exchange.domain.names import bundle_name, card_name
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.forms import BundleForm, CardForm, PairForm
from kakehashi.exchange.models import FileCheck, IncomingBundle, OutgoingBundle
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import open_items, peer, standing
from kakehashi.exchange.services import (
    ask_again,
    introduce_side,
    pair_side,
    read_bundle,
    retry_items,
    run_round,
    write_bundle,
)
from kakehashi.files.services import take_passing
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request

_SHOWN = 20


@staff(ExchangePermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """外との受け渡し: when it last happened, how many wait on either side, what needs a person."""
    return _index(request, BundleForm())


def _index(request: Request, form: BundleForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "standing": standing(),
        "form": form,
        "can_carry": request.actor.can(ExchangePermission.CARRY, request.government.id),
        "can_pair": request.actor.can(ExchangePermission.PAIR, request.government.id),
        "can_webhooks": request.actor.can(ExchangePermission.WEBHOOKS, request.government.id),
        "can_use_systems": request.actor.can(ExchangePermission.SYSTEMS, request.government.id),
        "open_items": [(_kind_label(each.kind), each) for each in open_items()[:_SHOWN]],
        "checks": FileCheck.objects.order_by("-checked_at")[:_SHOWN],
        "on_the_way": OutgoingBundle.objects.filter(
            acknowledged_at__isnull=True, given_up_at__isnull=True, item_count__gt=0
        ).order_by("-made_at")[:_SHOWN],
    }
    return render(request, "exchange/staff/index.html", context, status=status)


def _kind_label(kind: str) -> str:
    how = item_kind(kind)
    return how.label if how else "知らない種類"


@staff(ExchangePermission.READ)
@require_GET
def bundles(request: Request) -> HttpResponse:
    """Every bundle that came, with what became of it; and every one we wrote."""
    is_out = request.GET.get("way") == "out"
    rows: Any = OutgoingBundle.objects.all() if is_out else IncomingBundle.objects.all()
    order = ("-made_at", "-id") if is_out else ("-arrived_at", "-id")
    page = keyset_page(rows, order, request.GET.get("cursor"))
    return render(request, "exchange/staff/bundles.html", {"page": page, "is_out": is_out})


@staff(ExchangePermission.CARRY)
@require_POST
def write(request: Request) -> HttpResponse:
    """包みを作る: the file to be carried to the other side."""
    bundle, content = write_bundle(actor=request.actor, via="file")
    other = peer()
    name = bundle_name(request.government.code, other.side if other else Side.STAFF, bundle.sequence)
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@staff(ExchangePermission.CARRY)
@require_POST
def read(request: Request) -> HttpResponse:
    """包みを取り込む: a file that was carried here."""
    files, waiting = request.FILES, ""
    try:
        files = take_passing(actor=request.actor, post=request.POST, files=files, name="file", purpose=BUNDLE_FILE)
    except DomainError as error:
        waiting = error.message
    form = BundleForm(request.POST, files)
    if waiting:
        form.errors["file"] = form.error_class([waiting], renderer=form.renderer)
    elif form.is_valid():
        receipt = read_bundle(actor=request.actor, content=form.cleaned_data["file"].read(), via="file")
        if not receipt.is_refused:
            messages.success(request, receipt.message)
            return redirect("exchange-staff:index")
        form.add_error("file", receipt.message)
    return _index(request, form, 422)


@staff(ExchangePermission.CARRY)
@require_POST
def call(request: Request) -> HttpResponse:
    """今すぐ受け渡す: one round over the line."""
    done = run_round(actor=request.actor)
    if done.failure:
        messages.error(request, done.failure)
    else:
        messages.success(request, f"受け渡しました（取り込み {done.applied}件）。")
    return redirect("exchange-staff:index")


@staff(ExchangePermission.CARRY)
@require_POST
def again(request: Request, bundle_id: UUID) -> HttpResponse:
    """送り直す: a bundle of ours was lost."""
    count = ask_again(actor=request.actor, bundle=get_object_or_404(OutgoingBundle.objects, id=bundle_id))
    messages.success(request, f"{count}件を、次の包みでもう一度送ります。")
    return redirect("exchange-staff:index")


@staff(ExchangePermission.CARRY)
@require_POST
def retry(request: Request) -> HttpResponse:
    """もう一度取り込む: what waited or was refused."""
    count = retry_items(actor=request.actor)
    messages.success(request, f"{count}件を取り込みました。" if count else "取り込めるようになったものはありません。")
    return redirect("exchange-staff:index")


@staff(ExchangePermission.PAIR)
@require_http_methods(["GET", "POST"])
def pairing(request: Request) -> HttpResponse:
    """名乗りと組: our fingerprint to be read aloud, and the other side's card."""
    form = PairForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = pair_side(
                actor=request.actor,
                card_text=form.cleaned_data["card"],
                fingerprint=form.cleaned_data["fingerprint"],
                url=form.cleaned_data["url"] or None,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"組にしました。こちらは{made.side.label}です。")
            return redirect("exchange-staff:index")
    context = {
        "form": form,
        "card_form": CardForm(),
        "peer": peer(),
        "fingerprint": fingerprint_here(request.government.code),
    }
    return render(request, "exchange/staff/pairing.html", context, status=422 if form.is_bound else 200)


@staff(ExchangePermission.PAIR)
@require_POST
def card(request: Request) -> HttpResponse:
    """名乗りのファイル: the public halves of our keys, made at the first need."""
    form = CardForm(request.POST)
    side = Side(form.cleaned_data["side"]) if form.is_valid() else Side.STAFF
    made = introduce_side(actor=request.actor, side=side)
    response = HttpResponse(made.to_text(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{card_name(made)}"'
    return response
