"""通知書のひな形: written in plain Japanese, previewed with a real case; and the acts on a 証明書."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.forms.letters import LetterForm, RevokeForm
from kakehashi.procedures.models import Application, Certificate, LetterVersion, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.letters import (
    RECEIPT,
    Proposed,
    letter_versions,
    outcomes_of,
    placeholders_of,
)
from kakehashi.procedures.services.certificates import reissue_certificate, revoke_certificate
from kakehashi.procedures.services.letters import (
    built_in_letter,
    check_letter,
    preview_pdf,
    receipt_pdf,
    write_letter,
)

_CASES_OFFERED = 20


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def letters_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """The letters of a procedure: one for each outcome, its version, and whether it has words of its own."""
    procedure = get_procedure(procedure_id)
    rows = [(code, label, letter_versions(procedure, code)) for code, label in outcomes_of(procedure)]
    return render(request, "procedures/staff/letters.html", {"procedure": procedure, "rows": rows})


@staff(ProceduresPermission.EDIT_INVENTORY)
@reads_personal_data("通知書のひな形の確認")
@require_http_methods(["GET", "POST"])
def letter_page(request: Request, procedure_id: UUID, outcome: str) -> HttpResponse:
    """Write the letter for one outcome; the preview is the real PDF of a real case."""
    procedure = get_procedure(procedure_id)
    label = dict(outcomes_of(procedure)).get(outcome)
    if label is None:
        raise NotFound
    versions = letter_versions(procedure, outcome)
    may_certify = outcome == Result.ISSUED
    initial = _initial(versions, outcome, request.GET.get("version", ""))
    form = LetterForm(request.POST or None, initial=initial, may_certify=may_certify)
    if request.method == "POST" and form.is_valid():
        try:
            answer = _posted(request, procedure, outcome, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return answer
    context = {
        "procedure": procedure,
        "outcome": outcome,
        "label": label,
        "form": form,
        "versions": versions,
        "placeholders": placeholders_of(procedure),
        "cases": _cases(procedure),
        "case": request.POST.get("case", ""),
    }
    return render(request, "procedures/staff/letter.html", context, status=422 if form.is_bound else 200)


def _initial(versions: list[LetterVersion], outcome: str, number: str) -> dict[str, Any]:
    """The words to begin with: an older version when one was asked for, else the newest, else the built-in ones."""
    chosen = next((each for each in versions if str(each.number) == number), versions[0] if versions else None)
    words = chosen.letter if chosen is not None else built_in_letter(outcome)
    found: dict[str, Any] = {"title": words.title, "text": words.text, "rows": words.rows, "remark": words.remark}
    if chosen is not None:
        found |= {"is_certificate": chosen.is_certificate, "valid_days": chosen.valid_days}
    return found


def _cases(procedure: Procedure) -> list[Application]:
    rows = Application.objects.filter(procedure=procedure, purged_at__isnull=True).defer("answers")
    return list(rows.order_by("-arrived_at")[:_CASES_OFFERED])


def _posted(request: Request, procedure: Procedure, outcome: str, form: LetterForm) -> HttpResponse:
    if "preview" in request.POST:
        return _preview(request, procedure, outcome, form)
    version = write_letter(
        actor=request.actor,
        procedure=procedure,
        outcome=outcome,
        letter=form.letter,
        is_certificate=bool(form.cleaned_data.get("is_certificate")),
        valid_days=form.cleaned_data.get("valid_days"),
    )
    messages.success(request, f"第{version.number}版を保存しました。これからの起案に使われます。")
    return redirect("procedures-staff:letter", procedure.id, outcome)


def _preview(request: Request, procedure: Procedure, outcome: str, form: LetterForm) -> HttpResponse:
    check_letter(procedure, form.letter)
    try:
        application = get_application(UUID(request.POST.get("case", "")))
    except (ValueError, NotFound):
        raise DomainError("見本に使う申請を選んでください。") from None
    if application.procedure_id != procedure.id:
        raise NotFound
    if outcome == RECEIPT:
        content = receipt_pdf(application=application, government=request.government, letter=form.letter)
    else:
        sample = Proposed(
            Result(outcome), "（起案の理由がここに入ります）", "（起案の条件・内容がここに入ります）", 10000
        )
        content = preview_pdf(
            application=application, proposed=sample, government=request.government, letter=form.letter,
            is_certificate=bool(form.cleaned_data.get("is_certificate")),
        )  # fmt: skip
    return inline_pdf(content, "通知書の見本.pdf")


def inline_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows; never kept on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@staff(ProceduresPermission.PROPOSE_APPLICATIONS)
@reads_personal_data("証明書の失効・再発行", asks_reason=True)
@require_http_methods(["GET", "POST"])
def certificate_page(request: Request, certificate_id: UUID) -> HttpResponse:
    """One certificate: what its page says, and revoking or reissuing it."""
    rows = Certificate.objects.select_related("application__procedure", "application__case", "document", "replaced_by")
    certificate = rows.filter(id=certificate_id).first()
    if certificate is None:
        raise NotFound
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = reissue_certificate if "reissue" in request.POST else revoke_certificate
        try:
            made = act(actor=request.actor, certificate=certificate, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "再発行しました。" if "reissue" in request.POST else "失効させました。")
            return redirect("procedures-staff:certificate", made.id)
    context = {"certificate": certificate, "form": form}
    return render(request, "procedures/staff/certificate.html", context, status=422 if form.is_bound else 200)
