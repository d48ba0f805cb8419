"""証明点を外へ: the root for the 広報, asking a witness, and being one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.journal.forms import LetterForm, PrintForm, RequestForm
from kakehashi.journal.models import Anchor, AnchorKind, Seal, WatchedLog, Witness
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import seal_status
from kakehashi.journal.services import (
    own_witness_key,
    print_root,
    receive_cosignature,
    request_witness,
    root_pdf,
    sign_as_witness,
)
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request


@staff(JournalPermission.ANCHOR)
@require_http_methods(["GET", "POST"])
def printing(request: Request) -> HttpResponse:
    """ルートを広報に載せる: choose the newest root for an issue, and take the paper for the printer."""
    form = PrintForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            anchor = print_root(actor=request.actor, place=form.cleaned_data["place"])
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, f"{anchor.place}に載せるルートを決めました。PDFを受け取ってください。")
            return redirect("journal-staff:printing")
    context = {
        "form": form,
        "status": seal_status(),
        "printed": Anchor.objects.filter(kind=AnchorKind.PRINTED).order_by("-made_at")[:50],
    }
    return render(request, "journal/printing.html", context, status=422 if form.errors else 200)


@staff(JournalPermission.ANCHOR)
@require_safe
def printed_pdf(request: Request, anchor_id: UUID) -> HttpResponse:
    """The paper for the printer."""
    anchor = get_object_or_404(Anchor, id=anchor_id, kind=AnchorKind.PRINTED)
    seal = get_object_or_404(Seal, size=anchor.size)
    town = request.government
    content = root_pdf(anchor=anchor, root=bytes(seal.root).hex(), government=town.name, code=town.code)
    return _file(content, f"ルート-{anchor.place}.pdf", "application/pdf")


@staff(JournalPermission.ANCHOR)
@require_safe
def witnesses(request: Request) -> HttpResponse:
    """証人: who signs our log, whose log we sign, and the files that go between."""
    return _page(request)


def _page(request: Request, **given: forms.Form) -> HttpResponse:
    context = {
        "own_key": str(own_witness_key(request.government.id)),
        "status": seal_status(),
        "witnesses": list(Witness.objects.order_by("name")),
        "logs": list(WatchedLog.objects.order_by("name")),
        "ask_form": RequestForm(prefix="ask"),
        "receive_form": LetterForm(prefix="receive"),
        "sign_form": LetterForm(prefix="sign"),
        **given,
    }
    return render(request, "journal/witnesses.html", context, status=422 if given else 200)


@staff(JournalPermission.ANCHOR)
@require_POST
def ask(request: Request) -> HttpResponse:
    """The file to send to a witness."""
    form = RequestForm(request.POST, prefix="ask")
    if form.is_valid():
        try:
            content = request_witness(
                actor=request.actor, name=request.government.name, since=form.cleaned_data["since"] or 0
            )
            return _file(
                content, f"証人の依頼-{request.government.name}-{clock.today():%Y%m%d}.json", "application/json"
            )
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return _page(request, ask_form=form)


@staff(JournalPermission.ANCHOR)
@require_POST
def sign(request: Request) -> HttpResponse:
    """Check another government's request; the signed file, or why it was refused."""

    def act(content: bytes, trusts_key: bool) -> HttpResponse:
        name = request.government.name
        signing = sign_as_witness(actor=request.actor, content=content, name=name, trusts_key=trusts_key)
        if signing.refusal:
            messages.error(request, f"{signing.name}の台帳には署名しませんでした。{signing.refusal}")
            return redirect("journal-staff:witnesses")
        if signing.is_next_door:
            messages.warning(
                request,
                f"{signing.name}の台帳は、この団体と同じ設備にあります。署名の鍵は団体ごとに別ですが、設備を運用する人はどちらも読めます。"
                "別の設備の団体にも証人を頼むよう、伝えてください。",
            )
        return _file(signing.answer, f"証人の署名-{signing.name}-{clock.today():%Y%m%d}.json", "application/json")

    return _with_letter(request, "sign", act)


@staff(JournalPermission.ANCHOR)
@require_POST
def receive(request: Request) -> HttpResponse:
    """Keep what a witness signed."""

    def act(content: bytes, trusts_key: bool) -> HttpResponse:
        anchor = receive_cosignature(actor=request.actor, content=content, trusts_key=trusts_key)
        messages.success(request, f"{anchor.place}の署名（{anchor.size} 件まで）を受け取りました。")
        return redirect("journal-staff:witnesses")

    return _with_letter(request, "receive", act)


def _with_letter(request: Request, name: str, act: Callable[[bytes, bool], HttpResponse]) -> HttpResponse:
    """Read the uploaded letter and do the act; what is wrong stands beside the field."""
    form = LetterForm(request.POST, request.FILES, prefix=name)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return act(file.read(), form.cleaned_data["trusts_key"])
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return _page(request, **{f"{name}_form": form})


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
