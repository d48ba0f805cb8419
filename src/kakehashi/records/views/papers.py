"""The paper of a document: its place, which copy is the 原本, letting it go, and the list of papers that may go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.records import selectors, services
from kakehashi.records.forms import OriginalForm, PaperForm
from kakehashi.records.models import Document, Original, PaperItem
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.views.inputs import typed

HEADERS = ["札の番号", "件名", "簿冊", "保管場所", "枚数", "原本", "紙を処分できる日", "処分した日", "根拠"]


@staff(RecordsPermission.READ)
@reads_personal_data("文書の管理")
@require_safe
def papers(request: Request) -> HttpResponse:
    """紙の文書: every paper in the catalogue with its place; `?may_go=1` those that may be thrown away today."""
    rows = selectors.papers(request.actor, typed(request, "q"), may_go="may_go" in request.GET)
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"], name="紙の文書", headers=HEADERS, rows=map(_row, rows.order_by("code")[:20_000])
        )
    page = keyset_page(rows, order_by=("place", "id"), cursor=request.GET.get("cursor"))
    return render(request, "records/papers.html", {"page": page, "chosen": request.GET, "today": clock.today()})


def _row(paper: PaperItem) -> list[object]:
    return [
        paper.code,
        paper.document.title,
        paper.document.record_file.name,
        paper.place,
        paper.sheets,
        paper.get_original_display(),
        paper.may_go_on or "簿冊とともに",
        paper.gone_on,
        paper.clause,
    ]


@staff(RecordsPermission.FILE)
@reads_personal_data("文書の管理")
@require_POST
def place(request: Request, document_id: UUID) -> HttpResponse:
    """Note where the paper of a document lies."""
    document, form = _document(request, document_id), PaperForm(request.POST)
    if form.is_valid():
        services.register_paper(actor=request.actor, document=document, **form.cleaned_data)
        messages.success(request, "紙の保管場所を登録しました。")
    else:
        messages.error(request, "紙の保管場所を記入してください。")
    return redirect("records-staff:document", document.id)


@staff(RecordsPermission.MANAGE)
@reads_personal_data("文書の管理")
@require_POST
def designate(request: Request, document_id: UUID) -> HttpResponse:
    """Say which copy is the 原本."""
    paper, form = _paper(request, document_id), OriginalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "原本と、根拠の条項を記入してください。")
        return redirect("records-staff:document", document_id)
    values = form.cleaned_data
    try:
        services.designate_original(
            actor=request.actor,
            paper=paper,
            original=Original(values["original"]),
            clause=values["clause"],
            may_go_on=values["may_go_on"],
        )
        messages.success(request, "原本を決めました。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("records-staff:document", document_id)


@staff(RecordsPermission.MANAGE)
@reads_personal_data("文書の管理")
@require_POST
def let_go(request: Request, document_id: UUID) -> HttpResponse:
    """The paper was thrown away."""
    try:
        services.let_paper_go(actor=request.actor, paper=_paper(request, document_id))
        messages.success(request, "紙を処分したことを記録しました。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("records-staff:document", document_id)


def _document(request: Request, document_id: UUID) -> Document:
    found = get_object_or_404(Document.objects.select_related("record_file"), id=document_id)
    if not selectors.may_read_document(request.actor, found):
        raise Http404
    return found


def _paper(request: Request, document_id: UUID) -> PaperItem:
    return get_object_or_404(PaperItem, document=_document(request, document_id))
