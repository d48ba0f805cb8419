"""手数料の決まり and the contracts with providers, and 減免 through 起案."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import draft_proposal
from kakehashi.exchange.selectors import is_split
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.services.security import seal_secret
from kakehashi.procedures.domain.names import FEE_EXEMPTION, PAYMENT, PAYMENT_ACCOUNT, PROCEDURE
from kakehashi.procedures.domain.payments import FeeWhen, PaymentState
from kakehashi.procedures.models import Application, Payment, PaymentAccount, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.payments import amount_due, may_try_payments
from kakehashi.procedures.services.paid_drafts import hand_in_paid_draft
from kakehashi.procedures.services.payments import begin_payment

__all__ = [
    "exemption_decided",
    "exemption_ended",
    "exemption_undone",
    "propose_exemption",
    "set_fee",
    "write_account",
]

_NEEDED = {"paypay": ("key", "merchant"), "gmo": ("shop",), "trial": ()}
EXEMPTION_MATTER = "standing.request"


@service
def set_fee(*, actor: Actor, procedure: Procedure, when: FeeWhen, yen: int | None) -> Procedure:
    """手数料を決める: when it is paid and how much, unless the form works the amount out."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if yen is not None and not 0 <= yen <= 10_000_000:
        raise DomainError("金額は0円から1,000万円までです。", field="yen")
    if when in (FeeWhen.BEFORE, FeeWhen.WITH) and is_split():
        raise DomainError(
            "公開側と職員側に分けた設置では、申請の画面で支払えません。「審査のあとで支払う」を選ぶと、窓口か納付書での納付をお願いします。",
            field="when",
        )
    if (procedure.fee_when, procedure.fee_yen) == (when.value, yen):
        return procedure
    procedure.fee_when, procedure.fee_yen = when.value, yen
    procedure.save(update_fields=["fee_when", "fee_yen"])
    record_event(
        actor=actor, code="procedures.fee.set", subject_kind=PROCEDURE, subject_id=procedure.id,
        payload={"when": when.value, "yen": yen},
    )  # fmt: skip
    return procedure


@service
def write_account(
    *, actor: Actor, provider: str, values: Mapping[str, str], secret: str, is_on: bool, is_live: bool
) -> PaymentAccount:
    """事業者との契約を書く. An empty secret keeps the present one. The trial provider is refused outside of demo towns."""
    require(actor, ProceduresPermission.CONFIGURE_FEES)
    if provider not in _NEEDED:
        raise DomainError("知らない事業者です。", field="provider")
    if provider == "trial":
        if not may_try_payments():
            raise DomainError("お試しの支払いは、見本の団体だけで使えます。", field="provider")
        secret = secret or secrets.token_hex(32)
    kept = {name: str(values.get(name, "")).strip()[:100] for name in (*_NEEDED[provider], "configuration")}
    if is_on and any(not kept[name] for name in _NEEDED[provider]):
        raise DomainError("事業者から渡された番号を、すべて書いてください。", field="values")
    current = PaymentAccount.objects.filter(provider=provider).first()
    if is_on and not secret and (current is None or not current.secret_sealed):
        raise DomainError("事業者から渡された秘密の鍵を書いてください。", field="secret")
    account = current or PaymentAccount(provider=provider)
    account.values, account.is_on, account.is_live = kept, is_on, is_live
    account.updated_at = clock.now()
    if secret:
        account.secret_sealed = seal_secret(secret)
    account.save()
    record_event(
        actor=actor, code="procedures.fee.account_written", subject_kind=PAYMENT_ACCOUNT, subject_id=account.id,
        payload={"provider": provider, "is_on": is_on, "is_live": is_live},
    )  # fmt: skip
    return account


@service
def propose_exemption(*, actor: Actor, application: Application, reason: str) -> Proposal:
    """減免を起案する: nobody forgives a fee alone. Called again while a draft is open, it returns that draft.

    Raises DomainError without a reason, Stale when nothing is owed.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    if not reason.strip():
        raise DomainError("減免の理由と根拠を書いてください。", field="reason")
    amount = amount_due(application.procedure, application.form_version, application.answers)
    payment = begin_payment(actor=actor, amount=amount, application=application)
    if payment.exemption_id is not None:
        return Proposal.objects.get(id=payment.exemption_id)
    proposal: Proposal = draft_proposal(
        actor=actor,
        matter_code=EXEMPTION_MATTER,
        subject=f"{application.procedure.name}の手数料の減免について（{application.receipt_label}）"[:200],
        request=f"{application.procedure.name}の手数料{payment.amount:,}円を減免してよいか伺います。",
        reason=reason.strip(),
        source_kind=FEE_EXEMPTION,
        source_id=payment.id,
        case=application.case,
        amount=payment.amount,
        idempotency_key=uuid7(),
    )
    Payment.objects.filter(id=payment.id).update(exemption_id=proposal.id, reason=reason.strip()[:1000])
    return proposal


def exemption_decided(*, actor: Actor, proposal: Proposal) -> None:
    """決裁: the fee is forgiven, unless it was paid meanwhile (then a refund is another act)."""
    payment = Payment.objects.select_for_update().filter(exemption_id=proposal.id).first()
    if payment is None or not payment.is_open:
        return
    payment.state, payment.recorded_by = PaymentState.EXEMPT.value, actor.label
    payment.save(update_fields=["state", "recorded_by"])
    record_event(
        actor=actor, code="procedures.fee.exempted", subject_kind=PAYMENT, subject_id=payment.id,
        payload={"proposal": str(proposal.id), "amount": payment.amount},
    )  # fmt: skip
    hand_in_paid_draft(payment)


def exemption_undone(*, actor: Actor, proposal: Proposal) -> None:
    """元に戻す within ten seconds of the decision: the fee is owed again."""
    changed = Payment.objects.filter(exemption_id=proposal.id, state=PaymentState.EXEMPT)
    if not changed.update(state=PaymentState.REQUESTED, recorded_by=""):
        raise Stale


def exemption_ended(*, actor: Actor, proposal: Proposal) -> None:
    """否決・取下げ: another 起案 may follow."""
    Payment.objects.filter(exemption_id=proposal.id).update(exemption_id=None)
