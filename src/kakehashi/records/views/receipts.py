"""収受簿, the form that receives, the page of one incoming document and its acts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.selectors import departments_on
from kakehashi.records import selectors, services
from kakehashi.records.forms import (
    ClassForm,
    CompletionForm,
    CorrectionForm,
    DistributionForm,
    LinkForm,
    ReceiptForm,
    VoidForm,
)
from kakehashi.records.models import Confidentiality, Receipt, ReceiptCorrection, Way
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors import ReceiptFilter
from kakehashi.records.services import RECEIPT, Letter, Placing
from kakehashi.records.views.inputs import day_of, key_of, sent_files, typed, uuid_of, year_of

PURPOSE = "収受した文書の処理"
EXPORT_LIMIT = 20_000
HEADERS = [
    "収受番号", "収受した日", "件名", "差出人", "相手の文書番号", "文書の日付", "届いた方法", "担当する課", "取扱い",
    "回答の期限", "紙の保管場所", "案件", "簿冊", "ファイル数", "完結日", "備考", "登録した人", "欠番にした日", "欠番の理由",
]  # fmt: skip
STATES = (("open", "処理中"), ("completed", "完結"), ("unfiled", "簿冊に未整理"), ("voided", "欠番"))


@staff(RecordsPermission.READ)
@reads_personal_data(PURPOSE)
@require_safe
def receipts(request: Request) -> HttpResponse:
    """The register of incoming documents: filters, pages, export."""
    rows = selectors.receipts(request.actor, _filter(request))
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name="収受簿",
            headers=HEADERS,
            rows=(_export_row(row) for row in rows.order_by("-received_on", "-id")[:EXPORT_LIMIT]),
        )
    now = fiscal_year(clock.today())
    context = {
        "page": keyset_page(rows, order_by=("-received_on", "-id"), cursor=request.GET.get("cursor")),
        "departments": departments_on(clock.today()),
        "ways": Way.choices,
        "states": STATES,
        "years": [(year, fiscal_year_label(year)) for year in range(now, now - 6, -1)],
        "chosen": request.GET,
        "may_receive": request.actor.can(RecordsPermission.RECEIVE, request.government.id),
        "mail_count": selectors.waiting_mails().count(),
    }
    return render(request, "records/receipts.html", context)


def _filter(request: Request) -> ReceiptFilter:
    return ReceiptFilter(
        text=typed(request, "q"),
        fiscal_year=year_of(typed(request, "year")),
        department_id=uuid_of(typed(request, "department")),
        way=typed(request, "way"),
        state=typed(request, "state"),
        first=day_of(typed(request, "first")),
        last=day_of(typed(request, "last")),
    )


def _export_row(row: Receipt) -> list[object]:
    return [
        row.number,
        row.received_on,
        row.title,
        row.sender,
        row.sender_number,
        row.document_on,
        row.get_way_display(),
        row.department.name,
        row.get_confidentiality_display(),
        row.due_on,
        row.place,
        row.case.number if row.case else "",
        row.document.record_file.name if row.document else "",
        getattr(row, "file_count", ""),
        row.completed_on,
        row.note,
        row.registered_by_label,
        row.voided_on,
        row.void_reason,
    ]


@staff(RecordsPermission.RECEIVE)
@reads_personal_data(PURPOSE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """収受する: the form with its files; double clicks make one receipt."""
    if request.method == "GET":
        own = getattr(request.actor, "department_id", None)
        initial = {"received_on": clock.today(), "department": own, "way": Way.POST}
        return render(request, "records/receipt_form.html", {"form": ReceiptForm(initial=initial)})
    form, about_files = ReceiptForm(request.POST), ""
    if form.is_valid():
        try:
            receipt = services.receive_document(
                actor=request.actor,
                letter=letter_of(form.cleaned_data),
                department=form.cleaned_data["department"],
                idempotency_key=key_of(request),
                files=sent_files(request, RECEIPT),
                placing=placing_of(form.cleaned_data),
            )
        except DomainError as error:
            about_files = error.message if error.field == "files" else ""
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"収受しました。番号は{receipt.number}です。")
            return redirect("records-staff:receipt", receipt.id)
    return render(request, "records/receipt_form.html", {"form": form, "about_files": about_files}, status=422)


def letter_of(values: dict[str, Any]) -> Letter:
    """What the form says of the letter."""
    names = ("title", "sender", "sender_number", "document_on", "received_on", "due_on", "place", "note")
    return Letter(
        way=Way(values["way"]),
        confidentiality=Confidentiality(values["confidentiality"]),
        **{name: values[name] for name in names},
    )


def placing_of(values: dict[str, Any]) -> Placing:
    """Where the form puts it. Raises DomainError for a case number nobody has."""
    case = selectors.case_of(values["case_number"])
    if values["case_number"].strip() and case is None:
        raise DomainError("この番号の案件は見つかりません。", field="case_number")
    return Placing(case=case, opens_case=values["opens_case"], class_code=values["class_code"])


@staff(RecordsPermission.READ)
@reads_personal_data(PURPOSE)
@require_safe
def receipt(request: Request, receipt_id: UUID) -> HttpResponse:
    """One incoming document."""
    return _page(request, _receipt(request, receipt_id))


@staff(RecordsPermission.RECEIVE)
@reads_personal_data(PURPOSE)
@require_POST
def act(request: Request, receipt_id: UUID, verb: str) -> HttpResponse:
    """配布・案件・整理・完結: one act on a receipt, named by the address."""
    found = _receipt(request, receipt_id)
    form = _form(verb, found, request.POST)
    if not form.is_valid():
        return _page(request, found, {verb: form}, status=422)
    try:
        sentence = _act(request, found, verb, form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, found, {verb: form}, status=422)
    messages.success(request, sentence)
    return redirect("records-staff:receipt", found.id)


def _form(verb: str, found: Receipt, data: QueryDict | None = None) -> forms.Form:
    """The form of an act, filled in by `data` or as it begins; its fields' ids are its own, for all of them stand on one page."""
    ids = f"{verb}_%s"
    if verb == "file":
        now = found.received_on.year
        years = {now - 1, now, fiscal_year(clock.today())}
        return ClassForm(data, auto_id=ids, volumes=selectors.volumes_for(found.department_id, years=years))
    if verb == "correct":
        return CorrectionForm(data, auto_id=ids, initial={name: getattr(found, name) for name in services.FIELD_WORDS})
    initial = {"department": found.department_id, "completed_on": clock.today()}
    return _FORMS[verb](data, auto_id=ids, initial=initial)


_FORMS: dict[str, type[forms.Form]] = {
    "distribute": DistributionForm,
    "link": LinkForm,
    "complete": CompletionForm,
    "void": VoidForm,
}


def _act(request: Request, found: Receipt, verb: str, values: dict[str, Any]) -> str:
    if verb == "distribute":
        services.distribute_receipt(actor=request.actor, receipt=found, department=values["department"])
        return f"{values['department'].name}に配布しました。"
    if verb == "link":
        case = placing_of(values | {"opens_case": True, "class_code": ""}).case
        services.link_receipt(actor=request.actor, receipt=found, case=case)
        return "案件に結び付けました。" if case else "案件をひらきました。"
    if verb == "file":
        chosen, volume = values["class_code"], uuid_of(values["class_code"])
        into = selectors.volumes_for(found.department_id).filter(id=volume).first() if volume else None
        document = services.file_receipt(actor=request.actor, receipt=found, class_code=chosen, into=into)
        return f"「{document.record_file.name}」に整理しました。"
    if verb == "correct":
        reason = values.pop("reason")
        services.correct_receipt(actor=request.actor, receipt=found, letter=letter_of(values), reason=reason)
        return "訂正しました。番号は変わりません。"
    if verb == "void":
        services.void_receipt(actor=request.actor, receipt=found, reason=values["reason"])
        return f"{found.number}を欠番にしました。"
    services.complete_receipt(actor=request.actor, receipt=found, completed_on=values["completed_on"])
    return "完結しました。"


def _receipt(request: Request, receipt_id: UUID) -> Receipt:
    found = get_object_or_404(
        Receipt.objects.select_related("department", "case", "document__record_file"), id=receipt_id
    )
    if not selectors.may_read_receipt(request.actor, found):
        raise Http404
    return found


def _page(
    request: Request, found: Receipt, bound: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    verbs = ("distribute", "link", "file", "complete", "correct", "void")
    drawn: dict[str, forms.Form] = {verb: _form(verb, found) for verb in verbs}
    context = {
        "receipt": found,
        "files": found.files.all(),
        "forms": drawn | (bound or {}),
        "corrections": [(one, _said_before(one)) for one in found.corrections.all()],
        "may_receive": request.actor.can(RecordsPermission.RECEIVE, request.government.id),
    }
    return render(request, "records/receipt.html", context, status=status)


def _said_before(correction: ReceiptCorrection) -> list[tuple[str, object]]:
    """What a correction changed: the name of each field and what stood there."""
    words = {**dict(Way.choices), **dict(Confidentiality.choices)}
    return [(services.FIELD_WORDS[name], words.get(value, value) or "—") for name, value in correction.before.items()]
