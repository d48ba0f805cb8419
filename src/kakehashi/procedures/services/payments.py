"""手数料: request, begin, settle, refund. A provider's word is taken once, however often and in whatever order it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, override

from kakehashi.cases.models import Thread
from kakehashi.cases.services import post_message
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.services.security import unseal_secret
from kakehashi.procedures.adapters.payment import (
    Charge,
    GmoProvider,
    NoticeRefused,
    PaymentProvider,
    PayPayProvider,
    ProviderTrouble,
    Standing,
    TrialProvider,
)
from kakehashi.procedures.domain.names import PAYMENT
from kakehashi.procedures.domain.payments import PaymentState, Told, after_told, make_reference
from kakehashi.procedures.models import Application, Draft, Payment, PaymentAccount, PaymentNotice
from kakehashi.procedures.models.payment import COUNTER
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.payments import (
    accounts_in_use,
    amount_due,
    newest_payment,
    payment_by_reference,
)
from kakehashi.procedures.services.mails import is_told_elsewhere, tell_applicant
from kakehashi.procedures.services.paid_drafts import hand_in_paid_draft

__all__ = [
    "ask_about",
    "ask_about_open_charges",
    "begin_payment",
    "cancel_payment",
    "open_charge",
    "pay_at_counter",
    "provider_of",
    "refund_payment",
    "request_payment",
    "take_notice",
    "trial_provider",
]

_MOST_ASKED = 100


def provider_of(account: PaymentAccount) -> PaymentProvider:
    """The adapter of a contract."""
    secret, values = unseal_secret(account.secret_sealed), account.values
    if account.provider == "paypay":
        return PayPayProvider(values.get("key", ""), secret, values.get("merchant", ""), account.is_live)
    if account.provider == "gmo":
        return GmoProvider(values.get("shop", ""), secret, values.get("configuration", ""), account.is_live)
    return TrialProvider(secret, account.government_id)


def trial_provider() -> TrialProvider:
    """The trial provider of this town. Raises DomainError where it is not used."""
    account = _account("trial")
    return TrialProvider(unseal_secret(account.secret_sealed), account.government_id)


def _account(code: str) -> PaymentAccount:
    found = next((each for each in accounts_in_use() if each.provider == code), None)
    if found is None:
        raise DomainError("この支払い方法は使えません。", field="method")
    return found


def _record(actor: Actor, code: str, payment: Payment, payload: dict[str, Any] | None = None) -> None:
    about = {"amount": payment.amount, "reference": payment.reference}
    if payment.application_id:
        about["application"] = str(payment.application_id)
    record_event(actor=actor, code=code, subject_kind=PAYMENT, subject_id=payment.id, payload=about | (payload or {}))


@service
def begin_payment(
    *,
    actor: Actor,
    amount: int,
    application: Application | None = None,
    draft: Draft | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> Payment:
    """The open payment for a draft or an application, made when there is none; pressed twice it is one.

    A payment whose amount no longer fits (the answers were changed) gives way to a new one. Raises Stale when all is paid.
    """
    about = application or draft
    if about is None:
        raise NotFound
    newest = newest_payment(about.idempotency_key)
    if newest is not None and newest.is_settled and (newest.paid_amount or newest.amount) >= amount:
        raise Stale("この手数料は、もう支払われています。")
    if newest is not None and newest.is_open:
        if newest.amount == amount:
            if chosen is not None and chosen != newest.chosen:
                Payment.objects.filter(id=newest.id).update(chosen=dict(chosen))
            return newest
        _cancel(actor, newest)
    if amount <= 0:
        raise DomainError("この手続に手数料はかかりません。")
    payment = Payment(
        key=about.idempotency_key,
        procedure=about.procedure,
        application=application,
        draft_id=draft.id if draft is not None else None,
        amount=amount,
        reference=make_reference(),
        chosen=dict(chosen or {}),
    )
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError:
        # The same button was pressed twice at once; the other one made it.
        return Payment.objects.get(key=about.idempotency_key, state=PaymentState.REQUESTED)
    _record(actor, "procedures.fee.requested", payment)
    return payment


@service
def request_payment(*, actor: Actor, application: Application) -> Payment:
    """支払いを依頼する (事後決済): the applicant is told and pays on their own page. Twice is once.

    On the staff side of a split installation nobody can pay on the page: a message asks for the money at the counter or by 納付書.
    """
    require(actor, ProceduresPermission.HANDLE_FEES)
    if not application.is_open:
        raise Stale
    amount = amount_due(application.procedure, application.form_version, application.answers)
    payment = begin_payment(actor=actor, amount=amount, application=application)
    if is_told_elsewhere(application):
        _ask_to_pay_at_office(actor, application, payment)
        return payment
    tell_applicant(
        actor=actor, application=application, what="fee", key=f"fee:{payment.id}", message=f"{payment.amount:,}円"
    )
    return payment


def _ask_to_pay_at_office(actor: Actor, application: Application, payment: Payment) -> None:
    """A message of the public thread crosses to the applicant's side; providers and their notices do not."""
    if application.case is None:
        return
    with override(application.language):
        body = gettext(
            "手数料 %(yen)s円を、窓口か、お送りする納付書で納めてください。このページでは支払えません。整理番号：%(reference)s"
        ) % {"yen": f"{payment.amount:,}", "reference": payment.reference}
    post_message(
        actor=actor, case=application.case, thread=Thread.PUBLIC, body=body, idempotency_key=uuid5(payment.id, "office")
    )


@service
def open_charge(*, actor: Actor, payment: Payment, method: str) -> str:
    """支払いに進む: open the charge with the provider and return where the payer goes. The same way again leads to the same page.

    Raises Stale when it is not open any more, DomainError when the provider does not answer.
    """
    current: Payment = Payment.objects.select_for_update().get(id=payment.id)
    if not current.is_open:
        raise Stale("この支払いは、もう終わっています。")
    if current.pay_url and current.method == method:
        return current.pay_url
    if current.pay_url:
        # Another way was begun before: it may have been paid meanwhile, and must not be paid twice.
        if not _settle(actor, current, _asked(current)).is_open:
            raise Stale("この支払いは、もう終わっています。")
        return open_charge(actor=actor, payment=_another(actor, current), method=method)
    government = get_government(current.government_id)
    charge = Charge(
        reference=current.reference,
        amount=current.amount,
        title=f"{current.procedure.name} 手数料",
        return_url=absolute_url(government, "procedures:pay-return", current.reference),
        notify_url=absolute_url(government, "procedures:pay-notice", method),
    )
    try:
        started = provider_of(_account(method)).start(charge)
    except ProviderTrouble as error:
        raise DomainError(str(error), code="provider") from error
    current.method, current.pay_url, current.started_at = method, started.url, clock.now()
    current.provider_reference = started.provider_reference[:100]
    current.save(update_fields=["method", "pay_url", "started_at", "provider_reference"])
    return current.pay_url


def _another(actor: Actor, payment: Payment) -> Payment:
    """A payment for another way; the old one keeps its reference, so that money that comes to it all the same is seen."""
    _cancel(actor, payment)
    made: Payment = Payment.objects.create(
        key=payment.key,
        procedure=payment.procedure,
        application_id=payment.application_id,
        draft_id=payment.draft_id,
        amount=payment.amount,
        reference=make_reference(),
        chosen=payment.chosen,
    )
    _record(actor, "procedures.fee.requested", made)
    return made


def _asked(payment: Payment) -> Standing:
    """What the provider says of a charge; PENDING when it was never opened. Raises DomainError when nobody answers."""
    if not payment.pay_url:
        return Standing(Told.PENDING)
    account = PaymentAccount.objects.filter(provider=payment.method).first()
    if account is None:
        raise DomainError("支払いの事業者の設定がありません。", code="provider")
    try:
        return provider_of(account).ask(payment.reference, payment.provider_reference)
    except ProviderTrouble as error:
        raise DomainError(str(error), code="provider") from error


@service
def ask_about(*, actor: Actor, payment: Payment) -> Payment:
    """Ask the provider what became of a charge, for the returning browser, the sweep and the staff. Raises DomainError."""
    current: Payment = Payment.objects.select_for_update(of=("self",)).select_related("procedure").get(id=payment.id)
    return _settle(actor, current, _asked(current))


def ask_about_open_charges(*, actor: Actor) -> int:
    """Ask about every charge that was begun more than two minutes and less than three days ago; returns how many came to an end.

    A provider that does not answer is asked again the next time.
    """
    now = clock.now()
    begun = Payment.objects.filter(
        state=PaymentState.REQUESTED,
        started_at__lt=now - dt.timedelta(minutes=2),
        started_at__gt=now - dt.timedelta(days=3),
    )
    ended = 0
    for payment in begun.order_by("started_at")[:_MOST_ASKED]:
        try:
            ended += not ask_about(actor=actor, payment=payment).is_open
        except DomainError:
            continue
    return ended


@service
def take_notice(*, government_id: UUID, provider: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """A notice came in: find its charge, ask the provider what is true, and write that down once.

    Returns the answer the provider expects. The same notice again changes nothing. Raises NoticeRefused for what is no notice of
    this shop, NotFound for a charge nobody here made, DomainError when the provider cannot be asked (it will send again).
    """
    from kakehashi.kernel.actor import system_actor

    account = PaymentAccount.objects.filter(provider=provider, is_on=True).first()
    if account is None:
        raise NotFound
    adapter = provider_of(account)
    notice = adapter.read_notice(headers, body)
    found = payment_by_reference(notice.reference)
    payment: Payment = Payment.objects.select_for_update(of=("self",)).select_related("procedure").get(id=found.id)
    if payment.method != provider:
        raise NoticeRefused("another provider's charge")
    known = PaymentNotice.objects.filter(provider=provider, notice_key=notice.key, payment=payment).exists()
    if not known:
        actor = system_actor(government_id, str(account))
        standing = _asked(payment)
        _settle(actor, payment, standing)
        PaymentNotice.objects.create(
            provider=provider, notice_key=notice.key, payment=payment, outcome=standing.told.value
        )
    return adapter.answer_to_notice()


def _settle(actor: Actor, payment: Payment, standing: Standing) -> Payment:
    """Write down what the provider says; the row is locked by the caller."""
    before = PaymentState(payment.state)
    after = after_told(before, standing.told)
    if standing.provider_reference:
        payment.provider_reference = standing.provider_reference[:100]
    # A provider may call a payment refunded of which we gave back a part.
    is_partly = after is PaymentState.REFUNDED and 0 < payment.refunded_amount < (payment.paid_amount or payment.amount)
    if after is before or is_partly:
        return payment
    payment.state = after.value
    if after is PaymentState.PAID:
        payment.paid_at, payment.recorded_by = clock.now(), actor.label
        payment.paid_amount = standing.amount if standing.amount is not None else payment.amount
        payment.trouble = _trouble(payment)
    if after is PaymentState.REFUNDED:
        payment.refunded_at = clock.now()
    payment.save()
    _record(actor, _EVENTS[after], payment, {"method": payment.method})
    if after is PaymentState.PAID and not payment.trouble:
        hand_in_paid_draft(payment)
    return payment


_EVENTS = {
    PaymentState.PAID: "procedures.fee.paid",
    PaymentState.FAILED: "procedures.fee.failed",
    PaymentState.CANCELLED: "procedures.fee.cancelled",
    PaymentState.REFUNDED: "procedures.fee.refunded",
}


def _trouble(payment: Payment) -> str:
    """What staff must look into about money that has come."""
    if payment.paid_amount != payment.amount:
        return f"入った金額（{payment.paid_amount:,}円）が、手数料（{payment.amount:,}円）とちがいます。"
    others = Payment.objects.filter(key=payment.key, state=PaymentState.PAID).exclude(id=payment.id)
    return "同じ申請に、2回支払われています。" if others.exists() else ""


@service
def pay_at_counter(*, actor: Actor, payment: Payment, receipt_number: str, paid_on: dt.date) -> Payment:
    """窓口で受け取る: cash or another means at the counter, with the number of the receipt that was written. Raises Stale when paid."""
    require(actor, ProceduresPermission.HANDLE_FEES)
    if not receipt_number.strip():
        raise DomainError("領収書の番号を書いてください。", field="receipt_number")
    if paid_on > clock.today():
        raise DomainError("受け取った日は、今日までの日にしてください。", field="paid_on")
    current: Payment = Payment.objects.select_for_update(of=("self",)).select_related("procedure").get(id=payment.id)
    if current.pay_url:
        _settle(actor, current, _asked(current))
    if not current.is_open:
        raise Stale("この支払いは、もう終わっています。")
    current.state, current.method, current.pay_url = PaymentState.PAID.value, COUNTER, ""
    current.receipt_number, current.recorded_by = receipt_number.strip()[:60], actor.label
    current.paid_at = dt.datetime.combine(paid_on, dt.time(12), clock.JST) if paid_on < clock.today() else clock.now()
    current.paid_amount = current.amount
    current.save()
    _record(actor, "procedures.fee.paid", current, {"method": COUNTER, "receipt": current.receipt_number})
    hand_in_paid_draft(current)
    return current


@service
def refund_payment(
    *, actor: Actor, payment: Payment, reason: str, amount: int | None = None, before: int = 0
) -> Payment:
    """返金する: all that is left, or `amount` of it, with a reason. At the counter the money is handed back there.

    `before` is what had been given back when the page was made: pressed twice it is one refund. Raises DomainError without a
    reason, for more than is left or when the provider refuses, Stale when nothing was paid or somebody refunded meanwhile.
    """
    require(actor, ProceduresPermission.HANDLE_FEES)
    if not reason.strip():
        raise DomainError("返金の理由を書いてください。", field="reason")
    current: Payment = Payment.objects.select_for_update(of=("self",)).select_related("procedure").get(id=payment.id)
    if current.state != PaymentState.PAID:
        raise Stale("支払い済みの手数料だけを返金できます。")
    if current.refunded_amount != before:
        raise Stale("ほかの返金が先に記録されました。残りの額を確かめてください。")
    given = current.left if amount is None else amount
    if not 0 < given <= current.left:
        raise DomainError(f"返金する額は、1円から残りの{current.left:,}円までです。", field="amount")
    left = current.left - given
    if current.method != COUNTER:
        _give_back(current, given, left)
    made = {"amount": given, "reason": reason.strip()[:1000], "at": clock.now().isoformat(), "by": actor.label}
    current.refunds, current.refunded_amount = [*current.refunds, made], current.refunded_amount + given
    current.reason, current.refunded_at = reason.strip()[:1000], clock.now()
    if left == 0:
        current.state, current.trouble = PaymentState.REFUNDED.value, ""
    current.save()
    _record(actor, "procedures.fee.refunded", current, {"method": current.method, "refunded": given, "left": left})
    return current


def _give_back(payment: Payment, amount: int, left: int) -> None:
    account = PaymentAccount.objects.filter(provider=payment.method).first()
    if account is None:
        raise DomainError("支払いの事業者の設定がありません。", code="provider")
    number = len(payment.refunds) + 1
    try:
        provider_of(account).refund(payment.reference, payment.provider_reference, amount, left=left, number=number)
    except ProviderTrouble as error:
        raise DomainError(str(error), code="provider") from error


@service
def cancel_payment(*, actor: Actor, payment: Payment) -> Payment:
    """支払いを取り消す: nothing is asked for any more. Money that comes all the same is seen in the list. Raises Stale when paid."""
    if actor.kind is ActorKind.STAFF:
        require(actor, ProceduresPermission.HANDLE_FEES)
    current: Payment = Payment.objects.select_for_update(of=("self",)).select_related("procedure").get(id=payment.id)
    if current.pay_url:
        _settle(actor, current, _asked(current))
    if not current.is_open:
        raise Stale("この支払いは、もう終わっています。")
    _cancel(actor, current)
    return current


def _cancel(actor: Actor, payment: Payment) -> None:
    payment.state = PaymentState.CANCELLED.value
    payment.save(update_fields=["state"])
    _record(actor, "procedures.fee.cancelled", payment)
