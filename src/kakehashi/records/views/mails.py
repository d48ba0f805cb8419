"""届いたメール: the waiting list, import of files, receiving, setting aside; the mailboxes the worker looks into."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.records import selectors, services
from kakehashi.records.forms import AsideForm, MailboxForm, MailFileForm, ReceiptForm
from kakehashi.records.models import IncomingMail, Mailbox, MailState
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.views.inputs import key_of
from kakehashi.records.views.receipts import letter_of, placing_of

PURPOSE = "収受した文書の処理"


@staff(RecordsPermission.RECEIVE)
@reads_personal_data(PURPOSE)
@require_http_methods(["GET", "POST"])
def mails(request: Request) -> HttpResponse:
    """Mails that wait; a POST takes an .eml or mbox file in."""
    form = MailFileForm(request.POST, request.FILES) if request.method == "POST" else MailFileForm()
    if request.method == "POST" and form.is_valid():
        try:
            count = sum(
                services.import_mails(actor=request.actor, name=upload.name or "メール", content=upload.read())
                for upload in request.FILES.getlist("file")
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{count}通を取り込みました。")
            return redirect("records-staff:mails")
    page = keyset_page(
        selectors.waiting_mails(), order_by=("arrived_at", "id"), cursor=request.GET.get("cursor"), size=30
    )
    context = {
        "page": page,
        "form": form,
        "troubles": Mailbox.objects.exclude(trouble="").filter(is_on=True),
        "may_connect": request.actor.can(RecordsPermission.CONNECT, request.government.id),
    }
    return render(request, "records/mails.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.RECEIVE)
@reads_personal_data(PURPOSE)
@require_http_methods(["GET", "POST"])
def mail(request: Request, mail_id: UUID) -> HttpResponse:
    """One mail with its words and attachments, and the form that receives it."""
    found = get_object_or_404(IncomingMail.objects.select_related("receipt"), id=mail_id)
    if found.receipt_id:
        return redirect("records-staff:receipt", found.receipt_id)
    # The section whose mailbox it came to, or of whoever receives it: a form would otherwise begin with any section.
    section = found.department_id or getattr(request.actor, "department_id", None)
    initial = {**services.letter_of_mail(found), "department": section}
    form = ReceiptForm(request.POST) if request.method == "POST" else ReceiptForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.receive_mail(
                actor=request.actor,
                mail=found,
                letter=letter_of(form.cleaned_data),
                department=form.cleaned_data["department"],
                idempotency_key=key_of(request),
                placing=placing_of(form.cleaned_data),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"収受しました。番号は{receipt.number}です。")
            return redirect("records-staff:receipt", receipt.id)
    context = {
        "mail": found,
        "parts": selectors.parts_of(found),
        "form": form,
        "aside": AsideForm(),
        "waits": found.state == MailState.WAITING,
    }
    return render(request, "records/mail.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.RECEIVE)
@reads_personal_data(PURPOSE)
@require_POST
def aside(request: Request, mail_id: UUID) -> HttpResponse:
    """収受しない."""
    found = get_object_or_404(IncomingMail, id=mail_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        services.set_mail_aside(actor=request.actor, mail=found, reason=reason)
        messages.success(request, "収受しないことにしました。")
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("records-staff:mail", found.id)
    return redirect("records-staff:mails")


@staff(RecordsPermission.CONNECT)
@require_http_methods(["GET", "POST"])
def mailboxes(request: Request) -> HttpResponse:
    """The mailboxes the worker looks into, and the form that connects another."""
    form = MailboxForm(request.POST) if request.method == "POST" else MailboxForm()
    if request.method == "POST" and form.is_valid():
        services.connect_mailbox(actor=request.actor, **form.cleaned_data)
        messages.success(request, "受け口をつなぎました。1分ごとに見に行きます。")
        return redirect("records-staff:mailboxes")
    context = {"form": form, "boxes": Mailbox.objects.select_related("department").order_by("name")}
    return render(request, "records/mailboxes.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.CONNECT)
@require_POST
def switch(request: Request, mailbox_id: UUID) -> HttpResponse:
    """Switch a mailbox on or off."""
    found = get_object_or_404(Mailbox, id=mailbox_id)
    services.switch_mailbox(actor=request.actor, mailbox=found, is_on=not found.is_on)
    return redirect("records-staff:mailboxes")
