"""Reading 手数料: what is owed for a draft or an application, payments, and what staff have to look into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import fee_of
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import our_side
from kakehashi.governments.selectors import get_government
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.effort import NO_FEE
from kakehashi.procedures.domain.payments import FeeWhen, PaymentState
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.models import Application, Payment, PaymentAccount, Procedure

__all__ = [
    "FeeBox",
    "PaymentFilters",
    "accounts_in_use",
    "amount_due",
    "fee_box",
    "get_payment",
    "is_paid_up",
    "may_try_payments",
    "newest_payment",
    "payment_by_reference",
    "payments",
]


def amount_due(procedure: Procedure, version: FormVersion | None, answers: Mapping[str, Any]) -> int:
    """Whole yen for these answers: what the form says, else the procedure's own fee; 0 when nothing is paid here."""
    if FeeWhen(procedure.fee_when) is FeeWhen.NONE:
        return 0
    by_form = fee_of(version, answers) if version is not None else None
    return by_form if by_form is not None else procedure.fee_yen or 0


def newest_payment(key: UUID) -> Payment | None:
    """The payment that counts for a draft or application: a settled one before an open one, the newest before older ones."""
    rows = list(Payment.objects.filter(key=key).order_by("-requested_at", "-id"))
    settled = next((each for each in rows if each.is_settled), None)
    found: Payment | None = (
        settled or next((each for each in rows if each.is_open), None) or (rows[0] if rows else None)
    )
    return found


def is_paid_up(key: UUID, amount: int) -> bool:
    """Whether nothing (more) is owed: free, paid in full, or exempt."""
    if amount == 0:
        return True
    newest = newest_payment(key)
    if newest is None or not newest.is_settled:
        return False
    return newest.state == PaymentState.EXEMPT or (newest.paid_amount or 0) >= amount


def may_try_payments() -> bool:
    """Whether the trial provider may be used here: in demo towns only, where no real person pays."""
    return get_government(current_government_id()).is_demo


def accounts_in_use() -> list[PaymentAccount]:
    """The providers a payer may choose from."""
    rows = PaymentAccount.objects.filter(is_on=True).order_by("provider")
    return [each for each in rows if each.provider != "trial" or may_try_payments()]


def pays_at_office(fee: str | int | None) -> bool:
    """Whether residents must be told that a fee is paid at the office: on the public side of a split installation nobody pays online.

    `fee` is the inventory's word or an amount; a free procedure asks no query.
    """
    return bool(fee) and str(fee) not in NO_FEE and our_side() is Side.PUBLIC


@dataclass(frozen=True, slots=True)
class FeeBox:
    """What a page says about the fee of an application: the amount, the payment if there is one, and whether one may be begun."""

    amount: int
    payment: Payment | None
    can_begin: bool
    can_request: bool


def fee_box(application: Application) -> FeeBox | None:
    """None for a procedure whose fee is not paid here; costs no query then."""
    when = FeeWhen(application.procedure.fee_when)
    if when is FeeWhen.NONE:
        return None
    amount = amount_due(application.procedure, application.form_version, application.answers)
    payment = newest_payment(application.idempotency_key)
    if amount == 0 and payment is None:
        return None
    owes = payment is None or not (payment.is_settled or payment.state == PaymentState.REFUNDED)
    begins_alone = when is not FeeWhen.AFTER or (payment is not None and not payment.is_settled)
    return FeeBox(
        amount=payment.amount if payment is not None else amount,
        payment=payment,
        can_begin=owes and begins_alone and application.is_open and amount > 0,
        can_request=owes and not (payment is not None and payment.is_open) and application.is_open and amount > 0,
    )


@dataclass(frozen=True, slots=True)
class PaymentFilters:
    """What the list of payments is narrowed to; days are of the request."""

    text: str = ""
    state: str = ""
    method: str = ""
    only_trouble: bool = False
    first: dt.date | None = None
    last: dt.date | None = None


def payments(filters: PaymentFilters) -> QuerySet[Payment]:
    """Payments of the open tenant with their applications."""
    rows: QuerySet[Payment] = Payment.objects.select_related("application__case", "procedure").defer(
        "application__answers", "procedure__survey"
    )
    if text := filters.text.replace("\x00", "").strip():
        try:
            rows = rows.filter(application__receipt_number=normalise_receipt(text))
        except ValueError:
            rows = rows.filter(reference__startswith=text.lower())
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.method:
        rows = rows.filter(method=filters.method)
    if filters.only_trouble:
        rows = rows.exclude(trouble="")
    if filters.first:
        rows = rows.filter(requested_at__date__gte=filters.first)
    if filters.last:
        rows = rows.filter(requested_at__date__lte=filters.last)
    return rows


def get_payment(payment_id: UUID) -> Payment:
    """One payment with its application and procedure. Raises NotFound."""
    found: Payment | None = payments(PaymentFilters()).filter(id=payment_id).first()
    if found is None:
        raise NotFound
    return found


def payment_by_reference(reference: str) -> Payment:
    """The payment a provider or a returning browser names. Raises NotFound."""
    rows = Payment.objects.select_related("procedure__department", "application__case")
    found: Payment | None = rows.filter(reference=reference[:40]).first()
    if found is None:
        raise NotFound
    return found
