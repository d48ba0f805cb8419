"""窓口受付: staff type what came on paper into the procedure's own form, page by page, and record it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.selectors import (
    clean_answers,
    compiled_form,
    describe_answers,
    latest_version,
    validate_step,
    visible_steps,
)
from kakehashi.eforms.services import keep_uploads
from kakehashi.files.selectors import uploaded_file
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.kept_files import let_go
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.procedures.domain.applicant import applicant_of
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER, FILE_PURPOSE_PROTECTED
from kakehashi.procedures.forms import CounterForm, CounterRecordForm, CounterStartForm
from kakehashi.procedures.models import Bringer, Channel, Draft, Manner, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import (
    counter_drafts,
    get_application,
    get_counter_draft,
    handed_in_as,
)
from kakehashi.procedures.selectors.intake import missing_answers, slip_pdf
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.services import (
    Intake,
    Scan,
    add_scans,
    discard_draft,
    record_counter_application,
    save_step,
    start_counter_draft,
)

_LISTED = 20
_MOST_SCANS = 20


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_http_methods(["GET", "POST"])
def counter(request: Request, procedure_id: UUID) -> HttpResponse:
    """How and when it came; then the procedure's form, or the name alone where there is no form yet."""
    procedure = get_procedure(procedure_id)
    has_form = procedure.form is not None and latest_version(procedure.form) is not None
    form = (CounterStartForm if has_form else CounterForm)(request.POST or None, initial={"arrived_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["channel"] = Channel(given["channel"])
        try:
            return _begin(request, procedure, given) if has_form else _record_by_name(request, procedure, given)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {"form": form, "procedure": procedure, "has_form": has_form}
    context["begun"] = counter_drafts(procedure)[:_LISTED] if has_form else []
    return render(request, "procedures/staff/counter.html", context, status=422 if form.is_bound else 200)


def _begin(request: Request, procedure: Procedure, given: dict[str, Any]) -> HttpResponse:
    draft = start_counter_draft(actor=request.actor, procedure=procedure, idempotency_key=_key(request), **given)
    return redirect("procedures-staff:counter-step", draft.id, draft.form_version.definition["steps"][0]["key"])


def _record_by_name(request: Request, procedure: Procedure, given: dict[str, Any]) -> HttpResponse:
    application = record_counter_application(
        actor=request.actor,
        procedure=procedure,
        government_code=request.government.code,
        idempotency_key=_key(request),
        **given,
    )
    messages.success(request, f"記録しました。受付番号は {application.receipt_label} です。")
    return redirect("procedures-staff:application", application.id)


def _key(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()


def _already_recorded(request: Request, draft: Draft) -> HttpResponse | None:
    application_id = handed_in_as(draft)
    if application_id is None:
        return None
    messages.info(request, "この受付は、もう記録されています。")
    return redirect("procedures-staff:application", application_id)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_http_methods(["GET", "POST"])
def step_page(request: Request, draft_id: UUID, step_key: str) -> HttpResponse:
    """One page of the form. Everything typed is kept; what is wrong on the paper does not stop the next page."""
    draft = get_counter_draft(draft_id)
    if (already := _already_recorded(request, draft)) is not None:
        return already
    frame = _frame(draft, step_key)
    values, errors = {**draft.answers, **draft.typed}, {}
    if request.method == "POST":
        version = draft.form_version
        post = keep_uploads(
            actor=request.actor, version=version, step_key=step_key, post=request.POST, files=request.FILES,
            purpose=FILE_PURPOSE_ANSWER,
        protected_purpose=FILE_PURPOSE_PROTECTED,
        )  # fmt: skip
        for name in post.twice:
            messages.info(request, f"「{name}」は、もう付いています。同じファイルなので、1つだけ残しました。")
        let_go(request)
        result = validate_step(version, step_key, post, draft.answers)
        fields = [each.key for each in compiled_form(version).definition.step(step_key).fields]
        save_step(
            actor=request.actor, draft=draft, step_key=step_key, field_keys=fields, values=result.values,
            typed=result.typed, is_done=not result.errors and not result.redisplay,
        )  # fmt: skip
        errors = result.errors
        values = {**draft.answers, **draft.typed, **result.typed}
        if not result.redisplay and (not errors or "as_it_is" in request.POST):
            after = _frame(draft, step_key)["after"]
            if after:
                return redirect("procedures-staff:counter-step", draft.id, after)
            return redirect("procedures-staff:counter-confirm", draft.id)
    context = frame | {"values": values, "errors": errors, "file_purpose": FILE_PURPOSE_ANSWER}
    return render(request, "procedures/staff/counter_step.html", context, status=422 if errors else 200)


def _frame(draft: Draft, step_key: str) -> dict[str, Any]:
    steps = visible_steps(draft.form_version, draft.answers)
    keys = [step.key for step in steps]
    if step_key not in keys:
        raise NotFound
    at = keys.index(step_key)
    return {
        "draft": draft,
        "procedure": draft.procedure,
        "step": steps[at],
        "names": [*[step.title for step in steps], "確認"],
        "number": at + 1,
        "before": keys[at - 1] if at else "",
        "after": keys[at + 1] if at + 1 < len(keys) else "",
    }


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_http_methods(["GET", "POST"])
def confirm_page(request: Request, draft_id: UUID) -> HttpResponse:
    """Everything typed, what is missing on the paper, and 「記録する」; pressed twice it is one application."""
    draft = get_counter_draft(draft_id)
    if (already := _already_recorded(request, draft)) is not None:
        return already
    version = draft.form_version
    checked = clean_answers(version, draft.answers)
    asks_name = not applicant_of(version.definition, checked.values).name
    known = {"bringer": Bringer.POST if draft.channel == Channel.POST else Bringer.APPLICANT, "manner": Manner.PAPER}
    form = CounterRecordForm(request.POST if request.method == "POST" else None, asks_name=asks_name, initial=known)
    message = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _record(request, draft, form.cleaned_data)
        except DomainError as error:
            message = error.message
    steps = visible_steps(version, draft.answers)
    wrong = {name.split(".")[0] for name in checked.errors}
    groups = [
        (step.key, title, rows, any(field.key in wrong for field in step.fields))
        for step, (title, rows) in zip(steps, describe_answers(version, draft.answers), strict=True)
    ]
    context = {
        "draft": draft,
        "procedure": draft.procedure,
        "groups": groups,
        "errors": checked.errors,
        "form": form,
        "message": message,
        "names": [*[step.title for step in steps], "確認"],
        "total": len(steps) + 1,
    }
    status = 422 if message or form.is_bound else 200
    return render(request, "procedures/staff/counter_confirm.html", context, status=status)


def _scans(request: Request) -> list[Scan]:
    whole = [
        Scan(each.name or "", cast(BinaryIO, each.file))
        for each in request.FILES.getlist("scans")
        if each.file is not None
    ]
    receipts = request.POST.getlist("scans.uploaded")[: _MOST_SCANS + 1]
    in_parts = [uploaded_file(receipt, FILE_PURPOSE_ANSWER) for receipt in receipts]
    return [*whole, *(Scan(each.name, each) for each in in_parts if each is not None)]


def _record(request: Request, draft: Draft, given: dict[str, Any]) -> HttpResponse:
    intake = Intake(
        manner=Manner(given["manner"] or Manner.PAPER),
        bringer=Bringer(given["bringer"] or Bringer.APPLICANT),
        bringer_name=given["bringer_name"],
        missing=missing_answers(draft.form_version, draft.answers, draft.typed),
        scans=_scans(request),
    )
    application = record_counter_application(
        actor=request.actor,
        procedure=draft.procedure,
        government_code=request.government.code,
        channel=Channel(draft.channel),
        arrived_on=draft.arrived_on or clock.today(),
        idempotency_key=draft.idempotency_key,
        applicant_name=given.get("applicant_name", ""),
        note=draft.note,
        intake=intake,
        version=draft.form_version,
        answers=draft.answers,
        accepts_electronic_notice=draft.accepts_electronic_notice,
    )
    messages.success(request, f"記録しました。受付番号は {application.receipt_label} です。")
    return redirect("procedures-staff:application", application.id)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_POST
def discard(request: Request, draft_id: UUID) -> HttpResponse:
    """Forget what was begun at the counter."""
    draft = get_counter_draft(draft_id)
    discard_draft(actor=request.actor, draft_id=draft.id)
    messages.success(request, "書きかけの窓口受付を消しました。")
    return redirect("procedures-staff:counter", draft.procedure_id)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@require_POST
def scans(request: Request, application_id: UUID) -> HttpResponse:
    """紙の写しを付ける to an application that is there already."""
    try:
        add_scans(actor=request.actor, application=get_application(application_id), scans=_scans(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "紙の写しを付けました。")
    return redirect("procedures-staff:application", application_id)


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@reads_personal_data("窓口受付（受付票）", asks_reason=True)
@require_GET
def slip(request: Request, application_id: UUID) -> HttpResponse:
    """受付票 as a PDF, to print and hand over."""
    application = get_application(application_id)
    response = HttpResponse(slip_pdf(application), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"受付票_{application.receipt_number}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response
