"""手数料: the town's contracts with payment providers, payments, and the notices that came in about them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.payments import SETTLED, STATE_LABELS, PaymentState
from kakehashi.procedures.models.application import Application
from kakehashi.procedures.models.procedure import Procedure

PAYMENT_STATES = [(state.value, label) for state, label in STATE_LABELS.items()]
PROVIDERS = [("trial", "お試し（見本用）"), ("paypay", "PayPay"), ("gmo", "GMOペイメントゲートウェイ")]
COUNTER = "counter"
METHODS = [*PROVIDERS, (COUNTER, "窓口（現金など）")]


class PaymentAccount(TenantModel):
    """A contract with one provider. `values` are its public parts (shop id, key id …), the secret is sealed.

    `is_live` chooses the provider's real service instead of its test service. The trial provider is for demo towns only.
    """

    provider = models.CharField("事業者", max_length=10, choices=PROVIDERS)
    is_on = models.BooleanField("使う", default=True)
    is_live = models.BooleanField("本番", default=False)
    values: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField("設定", default=dict)
    secret_sealed = models.TextField(blank=True, default="")
    updated_at = models.DateTimeField("更新", default=clock.now)

    class Meta:
        verbose_name = "支払いの事業者"
        constraints = [models.UniqueConstraint(fields=["government_id", "provider"], name="procedures_payment_account")]

    def __str__(self) -> str:
        return str(self.get_provider_display())


@holds_personal_data("procedures.application", subject="application_id")
class Payment(TenantModel):
    """One payment of a fee in whole yen.

    `key` is the idempotency key of the draft and of the application that comes of it, so a payment made before the application
    belongs to it without a link being written. At most one payment of a key is open. `reference` is our random name of the charge
    towards the provider, `provider_reference` theirs; `paid_amount` is what the provider says has come.
    `refunds` are what was given back, in order: {amount, reason, at, by}; `refunded_amount` is their sum, and with all of it the state is 返金済み.
    `chosen` is what the applicant chose on the last page, for the application that is handed in when the money has come.
    """

    key = models.UUIDField("申請の鍵")
    procedure = TenantForeignKey(Procedure, related_name="+")
    application = TenantForeignKey(Application, null=True, blank=True, related_name="payments")
    draft_id = models.UUIDField("下書き", null=True, blank=True)
    amount = models.PositiveIntegerField("金額（円）")
    state = models.CharField("状態", max_length=10, choices=PAYMENT_STATES, default=PaymentState.REQUESTED.value)
    method = models.CharField("方法", max_length=10, choices=METHODS, blank=True, default="")
    reference = models.CharField("整理番号", max_length=40)
    provider_reference = models.CharField("事業者の番号", max_length=100, blank=True, default="")
    pay_url = models.URLField("支払いのページ", max_length=1000, blank=True, default="")
    paid_amount = models.PositiveIntegerField("入った金額（円）", null=True, blank=True)
    refunded_amount = models.PositiveIntegerField("返した金額（円）", default=0, db_default=0)
    refunds: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, db_default=[]
    )
    receipt_number = models.CharField("領収書の番号", max_length=60, blank=True, default="")
    reason = models.TextField("減免・返金の理由", blank=True, default="")
    exemption_id = models.UUIDField("減免の起案", null=True, blank=True)
    chosen: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    trouble = models.CharField("確かめること", max_length=200, blank=True, default="")
    requested_at = models.DateTimeField("依頼", default=clock.now)
    started_at = models.DateTimeField("支払いの開始", null=True, blank=True)
    paid_at = models.DateTimeField("支払い", null=True, blank=True)
    refunded_at = models.DateTimeField("返金", null=True, blank=True)
    recorded_by = models.CharField("記録した人", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "手数料の支払い"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "reference"], name="procedures_payment_reference"),
            models.UniqueConstraint(
                fields=["government_id", "key"],
                condition=Q(state=PaymentState.REQUESTED),
                name="procedures_one_open_payment",
            ),
        ]
        indexes = [
            tenant_index("key", name="procedures_payment_key"),
            tenant_index("-requested_at", "-id", name="procedures_payment_requested"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,}円 {self.get_state_display()}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is owed."""
        return PaymentState(self.state) in SETTLED

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the money."""
        return self.state == PaymentState.REQUESTED

    @property
    def left(self) -> int:
        """What of the money that came has not been given back."""
        return max((self.amount if self.paid_amount is None else self.paid_amount) - self.refunded_amount, 0)

    @property
    def state_words(self) -> str:
        """Its state as people say it; partly given back is said."""
        if self.state == PaymentState.PAID and self.refunded_amount:
            return f"支払い済み（{self.refunded_amount:,}円を返金）"
        return str(self.get_state_display())

    @property
    def tone(self) -> str:
        """The colour of the chip; the word stands in it."""
        tones = {PaymentState.REQUESTED: "waiting", PaymentState.FAILED: "error", PaymentState.CANCELLED: "none"}
        return tones.get(PaymentState(self.state), "success")


class PaymentNotice(TenantModel):
    """A provider's notice that came in, once: the same notice again finds its row. Its content is not kept, only what came of it."""

    provider = models.CharField(max_length=10, choices=PROVIDERS)
    notice_key = models.CharField("通知の鍵", max_length=100)
    payment = TenantForeignKey(Payment, on_delete=models.CASCADE, related_name="notices")
    outcome = models.CharField("結果", max_length=10)
    received_at = models.DateTimeField("届いた日時", default=clock.now)

    class Meta:
        verbose_name = "支払いの通知"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "provider", "notice_key"], name="procedures_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.outcome}"


class TrialCharge(TenantModel):
    """What the trial provider remembers of a charge, as a real one would on its own machines."""

    reference = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="pending")
    return_url = models.URLField(max_length=1000)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "お試しの支払い"
        constraints = [models.UniqueConstraint(fields=["government_id", "reference"], name="procedures_trial_charge")]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"
