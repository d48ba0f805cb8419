"""手数料: the list to reconcile, the page of one payment with its acts, the fee of a procedure, the contracts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.payments import FeeWhen, PaymentState
from kakehashi.procedures.forms.payments import (
    AccountForm,
    CounterPaidForm,
    FeeForm,
    PaymentFilterForm,
    ReasonForm,
    RefundForm,
)
from kakehashi.procedures.models import Payment, PaymentAccount
from kakehashi.procedures.models.payment import COUNTER, PROVIDERS
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.payments import PaymentFilters, get_payment, may_try_payments, payments
from kakehashi.procedures.services.fee_settings import propose_exemption, set_fee, write_account
from kakehashi.procedures.services.mails import is_told_elsewhere
from kakehashi.procedures.services.payments import (
    ask_about,
    cancel_payment,
    pay_at_counter,
    refund_payment,
    request_payment,
)

ORDER = ("-requested_at", "-id")
_PURPOSE = "手数料の収納"
EXPORT_HEADERS = (
    "整理番号", "手続", "受付番号", "金額（円）", "入った金額（円）", "返した金額（円）", "状態", "方法", "事業者の番号", "領収書の番号", "依頼", "支払い", "返金",
    "理由", "確かめること",
)  # fmt: skip


@staff(ProceduresPermission.HANDLE_FEES)
@reads_personal_data(_PURPOSE)
@require_GET
def payments_page(request: Request) -> HttpResponse:
    """手数料の一覧: every payment with what has come, and what has to be looked into."""
    form = PaymentFilterForm(request.GET or None)
    given = dict(form.cleaned_data) if form.is_bound and form.is_valid() else {}
    # A field called "method" would hide the form's own method from scripts.
    filters = PaymentFilters(method=given.pop("way", ""), **given)
    rows = payments(filters)
    if kind := request.GET.get("format"):
        exported = _export(rows.order_by(*ORDER)[:50_000])
        return spreadsheet_response(kind=kind, name="手数料の一覧", headers=EXPORT_HEADERS, rows=exported)
    kept = F("paid_amount") - F("refunded_amount")
    paid = rows.order_by().aggregate(total=Sum(kept, filter=Q(state=PaymentState.PAID)))["total"] or 0
    page = keyset_page(rows, ORDER, request.GET.get("cursor"))
    context = {"form": form, "page": page, "paid": paid, "is_narrowed": filters != PaymentFilters()}
    return render(request, "procedures/staff/payments.html", context)


def _export(rows: QuerySet[Payment]) -> Iterator[tuple[Any, ...]]:
    for each in rows:
        yield (
            each.reference, each.procedure.name, each.application.receipt_label if each.application else "",
            each.amount, each.paid_amount, each.refunded_amount or None, each.get_state_display(), each.get_method_display(), each.provider_reference,
            each.receipt_number, each.requested_at, each.paid_at, each.refunded_at, each.reason, each.trouble,
        )  # fmt: skip


@staff(ProceduresPermission.HANDLE_FEES)
@reads_personal_data(_PURPOSE)
@require_GET
def payment_page(request: Request, payment_id: UUID) -> HttpResponse:
    """One payment and the acts that are possible now."""
    return _page(request, get_payment(payment_id))


def _page(request: Request, payment: Payment, name: str = "", bound: forms.Form | None = None) -> HttpResponse:
    initial = {"before": payment.refunded_amount}
    offered = [
        (key, label, bound if key == name and bound is not None else _FORMS[key](initial=initial))
        for key, label in _offered(payment)
    ]
    context = {
        "payment": payment,
        "offered": offered,
        "refused": name,
        "notices": list(payment.notices.order_by("received_at")),
    }
    return render(request, "procedures/staff/payment.html", context, status=422 if bound is not None else 200)


_FORMS: dict[str, type[forms.Form]] = {
    "ask": forms.Form,
    "counter": CounterPaidForm,
    "exempt": ReasonForm,
    "cancel": forms.Form,
    "refund": RefundForm,
}


def _offered(payment: Payment) -> list[tuple[str, str]]:
    """The acts with their verbs."""
    if payment.state == PaymentState.PAID:
        return [("refund", "返金する")]
    if not payment.is_open:
        return [("ask", "事業者に確かめる")] if payment.pay_url else []
    acts = [("counter", "窓口での受け取りを記録する")]
    if payment.application_id is not None and payment.exemption_id is None:
        acts.append(("exempt", "減免を起案する"))
    if payment.pay_url:
        acts.insert(0, ("ask", "事業者に確かめる"))
    return [*acts, ("cancel", "支払いを取り消す")]


@staff(ProceduresPermission.HANDLE_FEES)
@reads_personal_data(_PURPOSE)
@require_POST
def payment_act(request: Request, payment_id: UUID, act: str) -> HttpResponse:
    """Record what became of a payment; a wrong answer comes back with its sentence."""
    payment = get_payment(payment_id)
    if act not in _FORMS:
        raise NotFound
    form = _FORMS[act](request.POST)
    if not form.is_valid():
        return _page(request, payment, act, form)
    try:
        onwards = _do(request, payment, act, dict(form.cleaned_data))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, payment, act, form)
    return redirect(onwards)


def _do(request: Request, payment: Payment, act: str, given: dict[str, Any]) -> str:
    actor = request.actor
    here = reverse("procedures-staff:payment", args=[payment.id])
    if act == "exempt":
        if payment.application is None:
            raise NotFound
        proposal = propose_exemption(actor=actor, application=get_application(payment.application.id), **given)
        messages.success(request, "減免の起案の下書きを作りました。内容を確かめて、回議に出してください。")
        return reverse("approvals-staff:proposal", args=[proposal.id])
    if act == "ask":
        found = ask_about(actor=actor, payment=payment)
        messages.success(request, f"確かめました：{found.get_state_display()}")
    elif act == "counter":
        pay_at_counter(actor=actor, payment=payment, **given)
        messages.success(request, "窓口での受け取りを記録しました。")
    elif act == "refund":
        refund_payment(actor=actor, payment=payment, **given)
        is_cash = payment.method == COUNTER
        messages.success(request, "返金を記録しました。窓口でお金を返してください。" if is_cash else "返金しました。")
    else:
        cancel_payment(actor=actor, payment=payment)
        messages.success(request, "支払いを取り消しました。")
    return here


@staff(ProceduresPermission.HANDLE_FEES)
@reads_personal_data(_PURPOSE, asks_reason=True)
@require_http_methods(["POST"])
def request_fee(request: Request, application_id: UUID) -> HttpResponse:
    """支払いを依頼する."""
    application = get_application(application_id)
    try:
        payment = request_payment(actor=request.actor, application=application)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("procedures-staff:application", application_id)
    told = (
        "申請者のページに、窓口か納付書で納めるお願いが届きます。"
        if is_told_elsewhere(application)
        else "申請者のページに、支払いのボタンが出ます。"
    )
    messages.success(request, f"{payment.amount:,}円の支払いを依頼しました。{told}")
    return redirect("procedures-staff:payment", payment.id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def fee_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """手数料の決まり of a procedure."""
    procedure = get_procedure(procedure_id)
    form = FeeForm(request.POST or None, initial={"when": procedure.fee_when, "yen": procedure.fee_yen})
    if request.method == "POST" and form.is_valid():
        try:
            set_fee(
                actor=request.actor, procedure=procedure, when=FeeWhen(form.cleaned_data["when"]),
                yen=form.cleaned_data["yen"],
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "手数料の決まりを保存しました。")
            return redirect("procedures-staff:procedure", procedure_id)
    status = 422 if form.is_bound else 200
    return render(request, "procedures/staff/fee.html", {"form": form, "procedure": procedure}, status=status)


@staff(ProceduresPermission.CONFIGURE_FEES)
@require_GET
def accounts_page(request: Request) -> HttpResponse:
    """支払いの事業者: which contracts there are."""
    known = {each.provider: each for each in PaymentAccount.objects.all()}
    rows = [(code, label, known.get(code)) for code, label in PROVIDERS if code != "trial" or may_try_payments()]
    return render(request, "procedures/staff/accounts.html", {"rows": rows})


@staff(ProceduresPermission.CONFIGURE_FEES)
@require_http_methods(["GET", "POST"])
def account_page(request: Request, provider: str) -> HttpResponse:
    """One contract: the numbers and the secret the provider gave."""
    label = dict(PROVIDERS).get(provider)
    if label is None or (provider == "trial" and not may_try_payments()):
        raise NotFound
    account = PaymentAccount.objects.filter(provider=provider).first()
    initial = {**account.values, "is_on": account.is_on, "is_live": account.is_live} if account is not None else {}
    form = AccountForm(request.POST or None, initial=initial, provider=provider)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        secret, is_on, is_live = given.pop("secret", ""), given.pop("is_on"), given.pop("is_live", False)
        try:
            write_account(
                actor=request.actor, provider=provider, values=given, secret=secret, is_on=is_on, is_live=is_live
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "保存しました。")
            return redirect("procedures-staff:accounts")
    address = request.build_absolute_uri(reverse("procedures:pay-notice", args=[provider]))
    context = {"form": form, "label": label, "address": address, "provider": provider}
    return render(request, "procedures/staff/account.html", context, status=422 if form.is_bound else 200)
