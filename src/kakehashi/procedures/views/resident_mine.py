"""あなたの申請: receipt, status, corrections as a task, messages, documents; and the way back by number and code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.exchange.selectors import our_side
from kakehashi.files.selectors import download_path
from kakehashi.journal.models import ShownToSubject
from kakehashi.journal.selectors import access_rule, accesses_of
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.undo import confirm_with_undo
from kakehashi.people.domain.tries import Limit
from kakehashi.people.models import ProviderAudience
from kakehashi.people.selectors import providers_for
from kakehashi.people.services import confirm_mail_code, count_try, issue_mail_code, visitor_of
from kakehashi.people.services.limits import limited
from kakehashi.people.services.mail_codes import why_code_failed
from kakehashi.people.services.tries import CODE_ANSWERS_PER_CLIENT, CODE_REQUESTS_PER_CLIENT
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.states import Act, State, allowed_acts
from kakehashi.procedures.forms import CodeForm, FindForm, MessageForm, ResumeForm
from kakehashi.procedures.forms.deliveries import WayForm
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.selectors.applications import find_by_receipt, open_correction, opened_answers
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.selectors.data_subjects import related_ids
from kakehashi.procedures.selectors.deliveries import chosen_way, delivered_documents
from kakehashi.procedures.selectors.parties import addresses_of
from kakehashi.procedures.selectors.payments import fee_box
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services import (
    choose_delivery_way,
    open_document,
    start_correction,
    undo_withdrawal,
    withdraw_application,
    write_to_applicant,
)
from kakehashi.procedures.services.letters import receipt_pdf
from kakehashi.procedures.views.passes import applicant_of, grant, own_application, read_passes

PURPOSE = "procedures.return"
_MOST_LISTED = 100
_PENDING = "procedures_code"
FINDS_PER_RECEIPT = Limit("procedures.find_per_receipt", 10, 3600)
_ACCESSES_SHOWN = 500


@resident
@require_GET
def mine_page(request: HttpRequest) -> HttpResponse:
    """What this browser has filed and begun, what the signed-in resident has, and the way back to anything else."""
    passes, visitor = read_passes(request), visitor_of(request.session)
    filed_here, begun_here = Q(id__in=passes.applications), Q(id__in=passes.drafts)
    if visitor is not None:
        filed_here |= Q(resident=visitor.resident)
        begun_here |= Q(resident=visitor.resident)
    drafts = Draft.objects.filter(id__in=passes.drafts, has_parties=True) if passes.drafts else Draft.objects.none()
    gone_out = set(drafts.values_list("idempotency_key", flat=True))
    if gone_out:
        filed_here |= Q(idempotency_key__in=gone_out)
    filed = Application.objects.select_related("procedure").filter(filed_here)
    done = filed.values_list("idempotency_key", flat=True)
    begun = Draft.objects.select_related("procedure").filter(begun_here, correction__isnull=True)
    listed = list(filed.defer("answers", "procedure__survey").order_by("-arrived_at")[:_MOST_LISTED])
    context = {
        "visitor": visitor,
        "providers": [] if visitor else providers_for(ProviderAudience.RESIDENT),
        "applications": listed,
        "drafts": begun.exclude(idempotency_key__in=done).defer("answers", "typed").order_by("-updated_at"),
        "form": FindForm(),
        # Both forms of the page ask for an address: their fields must not share an id.
        "resume_form": ResumeForm(auto_id="resume_%s"),
    }
    page = render(request, "procedures/resident/mine.html", context)
    # What went out by itself with the last agreement, this browser only knows as a draft.
    for each in listed:
        if each.idempotency_key in gone_out and each.id.hex not in passes.applications:
            grant(request, page, application=each.id)
    return page


@resident
@limited(CODE_REQUESTS_PER_CLIENT)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a code with receipt number and mail address; the answer is the same whether they match or not."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return render(request, "procedures/resident/find.html", {"form": form}, status=422)
    email = form.cleaned_data["email"].strip().lower()
    application = find_by_receipt(form.cleaned_data["number"])
    # Whoever tries addresses for one number gets decoys in the end, from however many places he asks. A number that nobody has
    # is counted as well: the time an answer takes must not tell which numbers there are.
    asked_for = str(application.id) if application else form.cleaned_data["number"]
    is_within = count_try(limit=FINDS_PER_RECEIPT, subject=asked_for)
    matches = email in addresses_of(application) and is_within
    code = issue_mail_code(
        email=email,
        purpose=PURPOSE,
        context=str(application.id) if application and matches else "",
        is_decoy=not matches,
        language=get_language() or "ja",
    )
    request.session[_PENDING] = str(code.id)
    return redirect("procedures:code")


@resident
@limited(CODE_ANSWERS_PER_CLIENT)
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """Type the six digits from the mail; this browser then has the application back."""
    pending = request.session.get(_PENDING)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = confirm_mail_code(mail_code_id=pending, typed=form.cleaned_data["code"], purpose=PURPOSE)
        if code is not None and code.context:
            del request.session[_PENDING]
            application_id = UUID(code.context)
            return grant(request, redirect("procedures:application", application_id), application=application_id)
        form.add_error("code", why_code_failed(pending).message)
    return render(request, "procedures/resident/code.html", {"form": form}, status=422 if form.is_bound else 200)


@resident
@require_GET
def receipt_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The receipt: number, what happens next, by when."""
    application = own_application(request, application_id)
    context = {
        "application": application,
        "procedure": application.procedure,
        "guide": guide_of(application.procedure, get_language() or "ja"),
        "clock": clock_of(application),
        "fee": fee_box(application),
    }
    return render(request, "procedures/resident/receipt.html", context)


@resident
@require_GET
def receipt_paper(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """受付票 as PDF."""
    application = own_application(request, application_id)
    content = receipt_pdf(application=application, government=request.government)  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"受付票_{application.receipt_number}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@resident
@require_GET
def application_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Where it stands, what the applicant has to do, timeline, messages, documents."""
    return _status(request, own_application(request, application_id), MessageForm())


def _status(request: HttpRequest, application: Application, form: MessageForm, status: int = 200) -> HttpResponse:
    allowed = allowed_acts(Kind(application.procedure.kind), State(application.state))
    context = {
        "application": application,
        "procedure": application.procedure,
        "guide": guide_of(application.procedure, get_language() or "ja"),
        "clock": clock_of(application, corrections=application.corrections.all()),
        "correction": open_correction(application),
        "answers": opened_answers(application),
        "documents": delivered_documents(application),
        "way_form": _way_form(application),
        "fee": fee_box(application),
        "can_withdraw": Act.WITHDRAW in allowed,
        "shows_accesses": access_rule().shown_to_subject != ShownToSubject.NOTHING,
        "form": form,
    }
    return render(request, "procedures/resident/application.html", context, status=status)


def _way_form(application: Application) -> WayForm | None:
    """The choice of how to get the result, while it can still be made."""
    if not application.is_open or application.state == State.DELIVERING or application.procedure.road.arrival_completes:
        return None
    return WayForm(initial={"way": chosen_way(application).value})


@resident
@require_POST
def choose_way(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """受け取り方を選ぶ: electronic (the applicant's 表示), by post, at the counter."""
    application = own_application(request, application_id)
    form = WayForm(request.POST)
    if form.is_valid():
        way = Way(form.cleaned_data["way"])
        choose_delivery_way(actor=applicant_of(request), application=application, way=way)
        messages.success(request, gettext("受け取り方を記録しました。"))
    return redirect("procedures:application", application_id)


@resident
@require_POST
def message(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Write to the office about one's application."""
    application = own_application(request, application_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            write_to_applicant(
                actor=applicant_of(request),
                application=application,
                body=form.cleaned_data["body"],
                idempotency_key=_key(request),
            )
        except DomainError as error:
            form.add_error("body", error.message)
        else:
            messages.success(request, gettext("メッセージを届けました。"))
            return redirect("procedures:application", application_id)
    return _status(request, application, form, 422)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return None


@resident
@require_POST
def begin_correction(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """直して提出する: the answers as they stand, ready to be mended."""
    application = own_application(request, application_id)
    correction = open_correction(application)
    if correction is None:
        return redirect("procedures:application", application_id)
    draft = start_correction(actor=applicant_of(request), correction=correction, language=get_language() or "ja")
    return grant(request, redirect("procedures:confirm", draft.id), draft=draft.id)


@resident
@require_GET
def accesses(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Who of the office opened this application, when and for what, as far as the body's rule shows it."""
    application = own_application(request, application_id)
    shown = access_rule().shown_to_subject
    if shown == ShownToSubject.NOTHING:
        raise NotFound
    context = {
        "application": application,
        "guide": guide_of(application.procedure, get_language() or "ja"),
        "entries": accesses_of(related_ids([application.id]))[:_ACCESSES_SHOWN],
        "with_names": shown == ShownToSubject.NAME,
    }
    return render(request, "procedures/resident/accesses.html", context)


@resident
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """取り下げる: asked once more, then done."""
    application = own_application(request, application_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "").replace("\x00", "")
        try:
            withdraw_application(actor=applicant_of(request), application=application, reason=reason)
        except Stale:
            # A second click finds it withdrawn already, and that is what was wanted.
            if own_application(request, application_id).state != State.WITHDRAWN:
                raise
        else:
            _say_withdrawn(request, application_id)
        return redirect("procedures:application", application_id)
    return render(request, "procedures/resident/withdraw.html", {"application": application})


def _say_withdrawn(request: HttpRequest, application_id: UUID) -> None:
    if our_side() is None:
        confirm_with_undo(
            request, gettext("取り下げました。"), reverse("procedures:undo-withdrawal", args=[application_id])
        )
    else:
        # The other half of a split installation will hear of it; nothing here could hold that back.
        messages.success(request, gettext("取り下げました。"))


@resident
@require_POST
def undo_withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """元に戻す: one's own 取下げ, within ten seconds."""
    application = own_application(request, application_id)
    try:
        undo_withdrawal(actor=applicant_of(request), application=application)
    except Stale:
        # A second click finds it put back already, and that is what was wanted.
        if own_application(request, application_id).state == State.WITHDRAWN:
            raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, gettext("取下げを元に戻しました。"))
    return redirect("procedures:application", application_id)


@resident
@require_GET
def document(request: HttpRequest, application_id: UUID, document_id: UUID) -> HttpResponse:
    """Hand over an issued document."""
    application = own_application(request, application_id)
    found = application.documents.filter(id=document_id, by_post=False).first()
    if found is None:
        raise NotFound
    file = open_document(actor=applicant_of(request), document=found)
    return redirect(download_path(file))
