"""申請: the list of applications and the acts of the staff; the page itself is the case's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.cases.models import MessageTemplate, Purpose
from kakehashi.cases.selectors import templates_on_offer
from kakehashi.cases.services import text_for
from kakehashi.files.selectors import download_path
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.kernel.undo import confirm_with_undo
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.teaching import teaching_paragraphs
from kakehashi.procedures.forms import (
    ApplicationFilterForm,
    CorrectionForm,
    OutsideForm,
    ProposeForm,
)
from kakehashi.procedures.models import Application
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.application_paper import application_pdf
from kakehashi.procedures.selectors.applications import (
    ApplicationFilters,
    applications,
    get_application,
    was_done_just_now,
)
from kakehashi.procedures.selectors.clocks import appeal_of, clock_of, period_rule_of, promptness_of
from kakehashi.procedures.selectors.intake import correction_text
from kakehashi.procedures.services import (
    Disposition,
    accept_application,
    confirm_arrival,
    open_document,
    propose_application,
    record_outside_decision,
    request_correction,
    undo_last_act,
)
from kakehashi.procedures.services.letters import decider_of, preview_pdf
from kakehashi.procedures.services.mails import is_told_elsewhere

ORDER = ("-arrived_at", "-id")
EXPORT_HEADERS = ("受付番号", "手続", "氏名・名称", "方法", "到達日", "状態", "結果", "処理日数", "完了")
_CORRECTION_DAYS = 10


def _case_page(application: Application) -> HttpResponse:
    if application.case_id is None:
        raise NotFound
    return redirect("cases-staff:case", application.case_id)


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("申請の受付・審査")
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """All applications, newest first."""
    form = ApplicationFilterForm(request.GET or None)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    filters = ApplicationFilters(
        text=chosen.get("q", ""), state=chosen.get("state", ""), channel=chosen.get("channel", "")
    )
    rows = applications(filters)
    if kind := request.GET.get("format"):
        exported = _export(rows.order_by(*ORDER)[:50_000])
        return spreadsheet_response(kind=kind, name="申請一覧", headers=EXPORT_HEADERS, rows=exported)
    page = keyset_page(rows, ORDER, request.GET.get("cursor"))
    context = {"form": form, "page": page, "is_narrowed": filters != ApplicationFilters()}
    return render(request, "procedures/staff/applications.html", context)


def _export(rows: QuerySet[Application]) -> Iterator[tuple[Any, ...]]:
    for each in rows:
        yield (
            each.receipt_label, each.procedure.name, each.applicant_name, each.get_channel_display(), each.arrived_on,
            each.state_label, each.result_label, each.days_to_decision, each.completed_at,
        )  # fmt: skip


@staff(ProceduresPermission.READ_APPLICATIONS)
@require_GET
def application_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The address of an application: its case page."""
    return _case_page(get_application(application_id))


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_POST
def accept(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """受付する."""
    application = get_application(application_id)
    try:
        accept_application(actor=request.actor, application=application)  # type: ignore[attr-defined]
    except Stale:
        _unless_own_second_click(request, application, "procedures.application.accepted")
    else:
        _offer_undo(request, application, "受け付けました。審査を始めてください。")
    return _case_page(application)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_POST
def confirm(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """到達を確認する: a 届出 is complete."""
    application = get_application(application_id)
    try:
        confirm_arrival(actor=request.actor, application=application)  # type: ignore[attr-defined]
    except Stale:
        _unless_own_second_click(request, application, "procedures.application.completed")
    else:
        _offer_undo(request, application, "到達を確認しました。届出の手続は完了です。")
    return _case_page(application)


def _unless_own_second_click(request: HttpRequest, application: Application, code: str) -> None:
    """Raise what is being handled, unless the act was this person's own a moment ago: a second click is no news."""
    if not was_done_just_now(application.id, code=code, by=request.actor.id):  # type: ignore[attr-defined]
        raise  # noqa: PLE0704 — called while the refusal is handled


def _offer_undo(request: HttpRequest, application: Application, sentence: str) -> None:
    if is_told_elsewhere(application):
        # The other half of a split installation has been told; nothing here could hold that back.
        messages.success(request, sentence)
    else:
        confirm_with_undo(request, sentence, reverse("procedures-staff:undo", args=[application.id]))


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_POST
def undo(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """元に戻す: the act just made, while nothing has left the building."""
    application = get_application(application_id)
    try:
        undo_last_act(actor=request.actor, application=application)  # type: ignore[attr-defined]
    except Stale:
        _unless_own_second_click(request, application, "procedures.application.undone")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "元に戻しました。")
    return _case_page(application)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@reads_personal_data("審査（補正の依頼）", asks_reason=True)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """補正を依頼する: what is missing, until when."""
    application = get_application(application_id)
    deadline = add_business_days(clock.today(), _CORRECTION_DAYS)
    form = CorrectionForm(
        request.POST or None, initial={"deadline": deadline, "message": _prefilled(request, application)}
    )
    form = CorrectionForm(request.POST or None, initial={"deadline": deadline, "message": correction_text(application)})
    if request.method == "POST" and form.is_valid():
        try:
            request_correction(actor=request.actor, application=application, **form.cleaned_data)  # type: ignore[attr-defined]
        except Stale:
            _unless_own_second_click(request, application, "procedures.correction.requested")
            return _case_page(application)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            stands = period_rule_of(application.procedure).leaves_out_corrections
            words = (
                "回答が届くまで、標準処理期間の時計は止まります。" if stands else "標準処理期間の時計は止まりません。"
            )
            _offer_undo(request, application, f"補正を依頼しました。{words}")
            return _case_page(application)
    extra = {
        "promptness": promptness_of(application),
        "period_rule": period_rule_of(application.procedure),
        "templates": templates_on_offer(request.actor, Purpose.CORRECTION),  # type: ignore[attr-defined]
    }
    return _act_page(request, application, form, "補正を依頼する", "correction", extra)


def _prefilled(request: HttpRequest, application: Application) -> str:
    """The text of the template the address names, filled in for this application."""
    try:
        wanted = UUID(request.GET.get("template", ""))
    except ValueError:
        return ""
    found = MessageTemplate.objects.filter(id=wanted, retired_at__isnull=True).first()
    if found is None or application.case is None:
        return ""
    return text_for(found, application.case)


@staff(ProceduresPermission.PROPOSE_APPLICATIONS)
@reads_personal_data("審査（起案）", asks_reason=True)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """起案する: the proposed result becomes a draft with its notice."""
    application = get_application(application_id)
    form = ProposeForm(request.POST or None, procedure=application.procedure)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        draft = Disposition(result=Result(given.pop("result")), **given)
        try:
            if "preview" in request.POST:
                return _preview(request, application, draft)
            proposal = propose_application(actor=request.actor, application=application, draft=draft)  # type: ignore[attr-defined]
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "起案の下書きを作りました。内容を確かめて、回議に出してください。")
            return redirect("approvals-staff:proposal", proposal.id)
    government = request.government  # type: ignore[attr-defined]
    extra = {"teaching": teaching_paragraphs(decider_of(government), appeal_of(application.procedure))}
    return _act_page(request, application, form, "起案する", "propose", extra)


def _preview(request: HttpRequest, application: Application, draft: Disposition) -> HttpResponse:
    """The letter as the applicant would get it, before anything is drafted."""
    government = request.government  # type: ignore[attr-defined]
    content = preview_pdf(application=application, proposed=draft.proposed, government=government)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, "通知書の見本.pdf") or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@staff(ProceduresPermission.PROPOSE_APPLICATIONS)
@reads_personal_data("審査（外部の決裁の記録）", asks_reason=True)
@require_http_methods(["GET", "POST"])
def outside(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """外部の決裁を記録する: number and day of the decision in the town's present system."""
    application = get_application(application_id)
    form = OutsideForm(request.POST or None, request.FILES or None, road=application.procedure.road)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        result, file = Result(given.pop("result")), given.pop("notice")
        given["notice"] = file.read() if file else None
        try:
            record_outside_decision(actor=request.actor, application=application, result=result, **given)  # type: ignore[attr-defined]
        except Stale:
            _unless_own_second_click(request, application, "procedures.decision.recorded")
            return _case_page(application)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            _offer_undo(request, application, "外部の決裁を記録し、手続を完了しました。")
            return _case_page(application)
    return _act_page(request, application, form, "外部の決裁を記録する", "outside")


def _act_page(
    request: HttpRequest,
    application: Application,
    form: Any,
    verb: str,
    name: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "verb": verb,
        "name": name,
        "clock": clock_of(application, corrections=application.corrections.all()),
        "back": reverse("procedures-staff:application", args=[application.id]),
        **(extra or {}),
    }
    return render(request, "procedures/staff/act.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.READ_APPLICATIONS)
@require_GET
def document(request: HttpRequest, application_id: UUID, document_id: UUID) -> HttpResponse:
    """An issued document, as the applicant has it."""
    found = get_application(application_id).documents.filter(id=document_id).first()
    if found is None:
        raise NotFound
    return redirect(download_path(open_document(actor=request.actor, document=found), for_staff=True))  # type: ignore[attr-defined]


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("外部システムへの引き渡し", asks_reason=True)
@require_GET
def paper(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The application as a PDF, to hand over to another system."""
    application = get_application(application_id)
    response = HttpResponse(application_pdf(application), content_type="application/pdf")
    name = f"申請_{application.receipt_number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("外部システムへの引き渡し", asks_reason=True)
@require_GET
def export_one(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application as a sheet of labels and answers, to hand over to another system."""
    from kakehashi.procedures.selectors.proposal_pages import describe

    application = get_application(application_id)
    rows = [(heading, label, text) for heading, answers in describe(application.id) for label, text in answers]
    return spreadsheet_response(
        kind=request.GET.get("format", "csv"),
        name=f"申請_{application.receipt_number}",
        headers=("区分", "項目", "内容"),
        rows=rows,
    )
