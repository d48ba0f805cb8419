"""開示請求: the list, one request with its documents, the sheet on which parts are marked, the decision, what is handed out."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.journal.hooks import event_label
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.records import selectors, services
from kakehashi.records.adapters.pdfa import NotDrawable, page_count, page_image
from kakehashi.records.forms import DecisionForm, MarkForm, OutcomeForm, RequestForm
from kakehashi.records.models import (
    Decision,
    DisclosureDocument,
    DisclosureMark,
    DisclosureRequest,
    Ground,
    RequestKind,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services import Spot, Why
from kakehashi.records.views.inputs import key_of, typed, uuid_of

PURPOSE = "開示請求の処理"
DAYS = 15
HEADERS = [
    "番号",
    "種類",
    "請求の日",
    "決定の期限",
    "請求した人",
    "求められている文書",
    "担当する課",
    "決定",
    "決定の日",
]


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_safe
def disclosures(request: Request) -> HttpResponse:
    """Every request, newest first."""
    rows = selectors.disclosure_requests(text=typed(request, "q"), state=typed(request, "state"))
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name="開示請求",
            headers=HEADERS,
            rows=(_row(row) for row in rows.order_by("-requested_on", "-id")[:20_000]),
        )
    page = keyset_page(rows, order_by=("-requested_on", "-id"), cursor=request.GET.get("cursor"))
    return render(request, "records/disclosures.html", {"page": page, "chosen": request.GET})


def _row(row: DisclosureRequest) -> list[object]:
    return [
        row.number,
        row.get_kind_display(),
        row.requested_on,
        row.due_on,
        row.requester,
        row.asked_for,
        row.department.name,
        row.get_decision_display(),
        row.decided_on,
    ]


@staff(RecordsPermission.DISCLOSE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """開示請求を受け付ける."""
    today = clock.today()
    own = getattr(request.actor, "department_id", None)
    initial = {"requested_on": today, "due_on": today + dt.timedelta(days=DAYS), "department": own}
    form = RequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"kind": RequestKind(form.cleaned_data["kind"])}
        try:
            made = services.receive_request(actor=request.actor, idempotency_key=key_of(request), **values)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"受け付けました。番号は{made.number}です。")
            return redirect("records-staff:disclosure", made.id)
    context = {"form": form, "title": "開示請求を受け付ける", "verb": "受け付ける", "record_file": None}
    return render(request, "records/file_form.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_safe
def disclosure(request: Request, request_id: UUID) -> HttpResponse:
    """One request: documents, candidates for `?q=`, judgements, decision, exports, log."""
    return _page(request, get_object_or_404(DisclosureRequest, id=request_id), DecisionForm(initial=_today()))


def _today() -> dict[str, Any]:
    return {"decided_on": clock.today()}


def _page(request: Request, found: DisclosureRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
    targets = list(selectors.targets_of(found))
    taken = {target.document_id for target in targets}
    query = typed(request, "q")
    context = {
        "asked": found,
        "targets": targets,
        "query": query,
        "candidates": [row for row in selectors.find_documents(request.actor, query) if row.id not in taken],
        "outcomes": Decision.choices[:3],
        "grounds": Ground.choices,
        "form": form,
        "exports": found.exports.all(),
        "events": [(event, event_label(event.code)) for event in list(events_for(found.id))[-50:]],
        "may_export": found.decision in {Decision.OPEN, Decision.PARTIAL},
    }
    return render(request, "records/disclosure.html", context, status=status)


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def take(request: Request, request_id: UUID) -> HttpResponse:
    """対象文書にする."""
    found = get_object_or_404(DisclosureRequest, id=request_id)
    ids = [one for text in request.POST.getlist("document") if (one := uuid_of(text))]
    readable = [row.id for row in selectors.readable_documents(request.actor, ids)]
    return _done(
        request,
        found,
        lambda: services.take_documents(actor=request.actor, request=found, document_ids=readable),
        "対象文書に加え、廃棄を保留しました。",
    )


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def drop(request: Request, target_id: UUID) -> HttpResponse:
    """対象から外す."""
    target = _target(target_id)
    return _done(
        request,
        target.request,
        lambda: services.drop_document(actor=request.actor, target=target),
        "対象から外しました。",
    )


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def judge(request: Request, target_id: UUID) -> HttpResponse:
    """文書ごとの判断."""
    target, form = _target(target_id), OutcomeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "開示の区分を選んでください。")
        return redirect("records-staff:disclosure", target.request_id)
    values = form.cleaned_data | {"outcome": Decision(form.cleaned_data["outcome"])}
    return _done(
        request,
        target.request,
        lambda: services.judge_document(actor=request.actor, target=target, **values),
        "判断を記録しました。",
    )


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def decide(request: Request, request_id: UUID) -> HttpResponse:
    """決定する."""
    found, form = get_object_or_404(DisclosureRequest, id=request_id), DecisionForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data | {"decision": Decision(form.cleaned_data["decision"])}
        try:
            services.decide_request(actor=request.actor, request=found, **values)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "決定を記録しました。")
            return redirect("records-staff:disclosure", found.id)
    return _page(request, found, form, status=422)


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def export(request: Request, request_id: UUID) -> HttpResponse:
    """開示する文書を作る."""
    found = get_object_or_404(DisclosureRequest, id=request_id)
    return _done(
        request,
        found,
        lambda: services.export_request(actor=request.actor, request=found),
        "開示する文書を作りました。",
    )


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_http_methods(["GET", "POST"])
def sheet(request: Request, target_id: UUID, file_id: UUID, page: int) -> HttpResponse:
    """One page of a file: what is marked on it, and the form that marks."""
    target = _target(target_id)
    stored = _stored(target, file_id)
    form = MarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sentence = _mark(request, target, file_id, page, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, sentence)
            return redirect("records-staff:disclosure-sheet", target.id, file_id, page)
    try:
        pages = page_count(read_file(stored), stored.media_type)
    except NotDrawable:
        pages = 0
    if pages and page > pages:
        raise Http404
    marks = list(selectors.marks_on(target, file_id))
    context = {
        "target": target,
        "stored": stored,
        "number": page,
        "pages": pages,
        "marks": marks,
        "here": [mark for mark in marks if mark.page == page],
        "form": form,
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if page < pages else None,
    }
    return render(request, "records/disclosure_sheet.html", context, status=422 if form.errors else 200)


def _mark(request: Request, target: DisclosureDocument, file_id: UUID, page: int, values: dict[str, Any]) -> str:
    why = Why(Ground(values["ground"]), values["clause"], values["note"])
    if values["words"].strip():
        count = services.mark_words(actor=request.actor, target=target, file_id=file_id, words=values["words"], why=why)
        return f"{count}か所を、開示しない部分にしました。"
    sides = {name: values[name] for name in ("left", "top", "width", "height")}
    given = {name: value for name, value in sides.items() if value is not None}
    if "whole" in request.POST:
        given = {}
    elif len(given) < len(sides):
        raise DomainError("画像の上を囲むか、隠す言葉を書くか、ページ全部を選んでください。", field="words")
    services.mark_part(actor=request.actor, target=target, file_id=file_id, spot=Spot(page=page, **given), why=why)
    return "開示しない部分にしました。"


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_safe
def picture(request: Request, target_id: UUID, file_id: UUID, page: int) -> HttpResponse:
    """The picture of one page."""
    stored = _stored(_target(target_id), file_id)
    try:
        image = page_image(read_file(stored), stored.media_type, page)
    except NotDrawable as error:
        raise Http404 from error
    data = io.BytesIO()
    image.save(data, "PNG")
    response = HttpResponse(data.getvalue(), content_type="image/png")
    response["Cache-Control"] = "private, max-age=600"
    return response


@staff(RecordsPermission.DISCLOSE)
@reads_personal_data(PURPOSE)
@require_POST
def unmark(request: Request, mark_id: UUID) -> HttpResponse:
    """指定を外す."""
    mark = get_object_or_404(DisclosureMark.objects.select_related("target__request"), id=mark_id)
    address = reverse("records-staff:disclosure-sheet", args=[mark.target_id, mark.file_id, mark.page])
    try:
        services.unmark_part(actor=request.actor, mark=mark)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(address)


def _target(target_id: UUID) -> DisclosureDocument:
    return get_object_or_404(
        DisclosureDocument.objects.select_related("request", "document__record_file", "hold__record_file"), id=target_id
    )


def _stored(target: DisclosureDocument, file_id: UUID) -> StoredFile:
    stored = selectors.file_of(target, file_id)
    if stored is None:
        raise Http404
    return stored


def _done(request: Request, found: DisclosureRequest, act: Any, sentence: str) -> HttpResponse:
    try:
        act()
        messages.success(request, sentence)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("records-staff:disclosure", found.id)
