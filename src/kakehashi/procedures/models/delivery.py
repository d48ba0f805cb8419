"""交付の記録: one attempt to bring one issued document to its recipient."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.deliveries import STATE_LABELS, WAY_LABELS, Basis, Standing, Way
from kakehashi.procedures.models.application import Application, IssuedDocument
from kakehashi.procedures.models.draft import Draft

WAY_CHOICES = [(way.value, label) for way, label in WAY_LABELS.items()]
STANDING_CHOICES = [(standing.value, label) for standing, label in STATE_LABELS.items()]
BASIS_CHOICES = [(basis.value, basis.label) for basis in Basis]


class DeliveryWish(TenantModel):
    """The applicant asked to fetch the result at the counter. No row: post, unless the electronic 表示 was made."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+", composite=False)
    way = models.CharField("受け取り方", max_length=10, choices=WAY_CHOICES)

    class Meta:
        verbose_name = "受け取り方の希望"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "application"], name="procedures_one_delivery_wish")
        ]

    def __str__(self) -> str:
        return self.get_way_display()


class DraftWish(TenantModel):
    """The same wish, of a draft that hands itself in later, with the last co-signer's agreement. It goes with the draft."""

    draft = TenantForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    way = models.CharField("受け取り方", max_length=10, choices=WAY_CHOICES)

    class Meta:
        verbose_name = "下書きの受け取り方の希望"
        constraints = [models.UniqueConstraint(fields=["government_id", "draft"], name="procedures_one_draft_wish")]

    def __str__(self) -> str:
        return self.get_way_display()


@holds_personal_data("procedures.application", subject="application_id")
class DocumentDelivery(TenantModel):
    """One attempt (`attempt` from 1) to deliver a document: its way, 発送日, 到達日 and what it rests on.

    `sent_on` is the day it was posted, put on the page or made ready; `arrived_on` is empty until it is known. A returned letter
    keeps its row and the next attempt gets a new one. `address` is what stands on the label; it goes with the application's purge.
    """

    document = TenantForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="deliveries")
    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="deliveries")
    attempt = models.PositiveSmallIntegerField("回", default=1)
    way = models.CharField("方法", max_length=10, choices=WAY_CHOICES)
    standing = models.CharField("状態", max_length=10, choices=STANDING_CHOICES, default=Standing.WAITING.value)
    addressee = models.CharField("宛名", max_length=200, blank=True, default="")
    postcode = models.CharField("郵便番号", max_length=7, blank=True, default="")
    address = models.TextField("住所", blank=True, default="")
    mail_kind = models.CharField("郵便の種類", max_length=40, blank=True, default="")
    tracking_number = models.CharField("追跡番号", max_length=40, blank=True, default="")
    sent_on = models.DateField("発送日", null=True, blank=True)
    sent_by = models.CharField("発送した人", max_length=200, blank=True, default="")
    arrived_on = models.DateField("到達日", null=True, blank=True)
    arrival_basis = models.CharField("到達の根拠", max_length=10, choices=BASIS_CHOICES, blank=True, default="")
    returned_on = models.DateField("返戻日", null=True, blank=True)
    note = models.TextField("メモ", blank=True, default="")
    created_at = models.DateTimeField("作成", default=clock.now)

    class Meta:
        verbose_name = "交付の記録"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "document", "attempt"], name="procedures_delivery_attempt"
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.ARRIVED) | Q(arrived_on__isnull=False), name="procedures_arrival_has_day"
            ),
        ]
        indexes = [tenant_index("standing", "-created_at", "-id", name="procedures_delivery_standing")]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.get_standing_display()}"

    @property
    def postcode_label(self) -> str:
        """The postcode as it stands on an envelope; empty where it is unknown."""
        return f"〒{self.postcode[:3]}-{self.postcode[3:]}" if self.postcode else ""

    @property
    def can_post(self) -> bool:
        """Whether it is a letter that nobody has posted yet."""
        return self.way == Way.POST and self.standing == Standing.WAITING

    @property
    def can_hand(self) -> bool:
        """Whether it waits at the counter."""
        return self.way == Way.COUNTER and self.standing == Standing.WAITING

    @property
    def may_come_back(self) -> bool:
        """Whether it is a posted letter that has not been seen to arrive."""
        return self.way == Way.POST and self.standing == Standing.SENT

    @property
    def tone(self) -> str:
        """The colour of the chip; the word stands in it."""
        tones = {Standing.WAITING: "waiting", Standing.SENT: "working", Standing.RETURNED: "error"}
        return tones.get(Standing(self.standing), "success")
