"""Solved cases between installations: files, signers, feeds, what was received and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.conditions import Conditions, differences
from kakehashi.desk.forms import ReuseForm
from kakehashi.desk.forms.exchange import BundleForm, FeedForm, SignerForm
from kakehashi.desk.models import CaseFeed, CaseSigner, ReceivedCase
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.exchange import (
    case_signers,
    feeds,
    get_feed,
    get_received,
    received_cases,
    untold_results,
)
from kakehashi.desk.selectors.solved_cases import conditions_here
from kakehashi.desk.views.outcome import attempt, do_and_return, words_of
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_HEADERS = (
    "団体",
    "題名",
    "版",
    "目的",
    "したこと",
    "うまくいかなかったこと",
    "人口",
    "生み出した時間（年）",
    "うちでの結果",
    "受け取った日",
)


@staff(DeskPermission.CASE_READ)
@require_safe
def received_list(request: Request) -> HttpResponse:
    """Show the cases that came from installations elsewhere, newest first."""
    query = words_of(request)
    rows = received_cases(query)
    if kind := request.GET.get("format"):
        lines = [
            (r.origin_name, r.title, r.revision, r.purpose, r.what_was_done, r.what_failed, r.population,
             r.effect.hours_released if r.effect else None, r.get_result_display(), r.received_at)
            for r in rows.order_by("-received_at")[:5000]
        ]  # fmt: skip
        return spreadsheet_response(kind=kind, name="受け取った解決事例", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-received_at", "-id"), cursor=request.GET.get("cursor"), size=30),
        "query": query,
        "may_exchange": request.actor.can(DeskPermission.CASE_EXCHANGE, request.government.id),
    }
    return render(request, "desk/received_list.html", context)


@staff(DeskPermission.CASE_READ)
@require_safe
def received_case(request: Request, received_id: UUID) -> HttpResponse:
    """Show one of them."""
    return _case_page(request, _received_or_404(received_id))


def _case_page(
    request: Request, found: ReceivedCase, *, form: ReuseForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "case": found,
        "effect": found.effect,
        "differences": differences(Conditions(found.population, found.system, found.rule), conditions_here()),
        "is_newer": found.taken_revision is not None and found.taken_revision < found.revision,
        "may_adopt": request.actor.can(DeskPermission.CASE_ADOPT, request.government.id),
        "form": form or ReuseForm(),
        "form_failed": form is not None,
    }
    return render(request, "desk/received_case.html", context, status=status)


@staff(DeskPermission.CASE_ADOPT)
@require_POST
def adopt(request: Request, received_id: UUID) -> HttpResponse:
    """「うちでも使う」."""
    found = _received_or_404(received_id)
    try:
        consultation = services.adopt_received(actor=request.actor, received=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:received-case", found.id)
    messages.success(request, "こちらの仕事として取り入れました。手順が入っています。")
    return redirect("desk-staff:consultation", consultation.id)


@staff(DeskPermission.CASE_ADOPT)
@require_POST
def report(request: Request, received_id: UUID) -> HttpResponse:
    """Write down what came of it."""
    found, form = _received_or_404(received_id), ReuseForm(request.POST)
    act = lambda: services.report_received(actor=request.actor, received=found, **form.cleaned_data)  # noqa: E731 - one act
    if attempt(request, form, act, "結果を残しました。次の取り寄せか、結果のファイルで先方に届きます。"):
        return redirect("desk-staff:received-case", found.id)
    return _case_page(request, found, form=form, status=422)


@staff(DeskPermission.CASE_EXCHANGE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Show what goes out, what comes in, whose keys are believed."""
    return _page(request)


def _page(
    request: Request, *, bundle_form: BundleForm | None = None, feed_form: FeedForm | None = None, status: int = 200
) -> HttpResponse:
    origins: dict[str, tuple[str, int]] = {}
    for row in untold_results():
        origins[row.origin_code] = (row.origin_name, origins.get(row.origin_code, ("", 0))[1] + 1)
    context: dict[str, Any] = {
        "bundle_form": bundle_form or BundleForm(auto_id="bundle_%s"),
        "feed_form": feed_form or FeedForm(auto_id="feed_%s"),
        "feed_failed": feed_form is not None,
        "signers": case_signers(),
        "feeds": feeds(),
        "origins": sorted((code, name, count) for code, (name, count) in origins.items()),
        "fingerprint": services.own_fingerprint(),
        "feed_address": request.build_absolute_uri(reverse("desk-api:solved-cases")),
    }
    return render(request, "desk/exchange.html", context, status=status)


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def export(request: Request) -> HttpResponse:
    """Write our published cases into a signed file."""
    with_prefecture = request.POST.get("prefecture") == "1"
    try:
        content = services.export_cases(actor=request.actor, with_prefecture=with_prefecture)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:exchange")
    return _file(content, f"solved-cases-{request.government.code}-{clock.today():%Y%m%d}.json")


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def results(request: Request, origin_code: str) -> HttpResponse:
    """Write what came of a government's cases into a signed file for it."""
    try:
        content = services.export_results(actor=request.actor, origin_code=origin_code)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:exchange")
    return _file(content, f"results-{request.government.code}-{clock.today():%Y%m%d}.json")


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def receive(request: Request) -> HttpResponse:
    """Take in a signed file."""
    form = BundleForm(request.POST, request.FILES, auto_id="bundle_%s")
    if not form.is_valid():
        return _page(request, bundle_form=form, status=422)
    try:
        got = services.receive_bundle(actor=request.actor, content=form.cleaned_data["file"].read())
    except DomainError as error:
        form.add_error("file", error.message)
        return _page(request, bundle_form=form, status=422)
    if isinstance(got, CaseSigner):
        messages.warning(
            request,
            f"{got.name}の鍵を、まだ確かめていません。下の指紋を先方と読み合わせてから、もう一度ファイルを選んでください。",
        )
        return redirect("desk-staff:exchange")
    messages.success(
        request, f"{got.origin_name}から、事例{got.cases}件、うちの事例の結果{got.results}件を受け取りました。"
    )
    return redirect("desk-staff:received" if got.cases else "desk-staff:exchange")


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def confirm(request: Request, signer_id: UUID) -> HttpResponse:
    """The fingerprint was compared."""
    signer, form = get_object_or_404(CaseSigner.objects, id=signer_id), SignerForm(request.POST)
    form.full_clean()
    how = form.cleaned_data.get("how", "")
    return do_and_return(
        request, lambda: services.confirm_case_signer(actor=request.actor, signer=signer, how=how),
        f"{signer.name}の鍵を覚えました。", "desk-staff:exchange",
    )  # fmt: skip


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def forget(request: Request, signer_id: UUID) -> HttpResponse:
    """Believe a key no more."""
    signer = get_object_or_404(CaseSigner.objects, id=signer_id)
    return do_and_return(
        request, lambda: services.forget_case_signer(actor=request.actor, signer=signer),
        "この鍵を信じるのをやめました。受け取った事例は見えなくなります。", "desk-staff:exchange",
    )  # fmt: skip


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def add_feed(request: Request) -> HttpResponse:
    """Fetch from another installation from now on."""
    form = FeedForm(request.POST, auto_id="feed_%s")
    act = lambda: services.add_feed(actor=request.actor, **form.cleaned_data)  # noqa: E731 - one act
    if attempt(request, form, act, "取り寄せ先を登録しました。"):
        return redirect("desk-staff:exchange")
    return _page(request, feed_form=form, status=422)


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def pull(request: Request, feed_id: UUID) -> HttpResponse:
    """Fetch now."""
    feed = _feed_or_404(feed_id)
    receipt = services.pull_feed(actor=request.actor, feed=feed)
    if receipt is not None:
        messages.success(request, f"事例{receipt.cases}件を受け取りました（取下げ{receipt.withdrawn}件）。")
    if feed.problem:
        messages.error(request, feed.problem)
    return redirect("desk-staff:exchange")


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def switch(request: Request, feed_id: UUID) -> HttpResponse:
    """Stop fetching, or go on."""
    feed, is_on = _feed_or_404(feed_id), request.POST.get("on") == "1"
    return do_and_return(
        request, lambda: services.switch_feed(actor=request.actor, feed=feed, is_on=is_on),
        "取り寄せを始めました。" if is_on else "取り寄せを止めました。", "desk-staff:exchange",
    )  # fmt: skip


@staff(DeskPermission.CASE_EXCHANGE)
@require_POST
def drop(request: Request, feed_id: UUID) -> HttpResponse:
    """Forget an address and its key."""
    feed = _feed_or_404(feed_id)
    return do_and_return(
        request, lambda: services.drop_feed(actor=request.actor, feed=feed),
        "取り寄せ先と鍵を消しました。受け取った事例は残ります。", "desk-staff:exchange",
    )  # fmt: skip


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _received_or_404(received_id: UUID) -> ReceivedCase:
    try:
        return get_received(received_id)
    except NotFound:
        raise Http404 from None


def _feed_or_404(feed_id: UUID) -> CaseFeed:
    try:
        return get_feed(feed_id)
    except NotFound:
        raise Http404 from None
