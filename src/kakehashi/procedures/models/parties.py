"""代理人・連署する人: whoever else stands behind an application, and how a procedure lets them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.representation import Proof, ProxyKind
from kakehashi.procedures.models.application import Application
from kakehashi.procedures.models.procedure import Procedure

PROXY_CHOICES = [
    (ProxyKind.VOLUNTARY.value, "任意代理人（委任を受けた人）"),
    (ProxyKind.STATUTORY.value, "法定代理人（親権者・後見人など）"),
    (ProxyKind.MESSENGER.value, "使者（本人が決めたことを伝える人）"),
]
PROOF_CHOICES = [
    (Proof.CONFIRMATION.value, "本人がメールのリンクで確認"),
    (Proof.LETTER.value, "委任状の添付"),
    (Proof.CERTIFICATE.value, "戸籍・登記事項証明書などの添付"),
]


class CoSigning(models.TextChoices):
    """Whether several persons file together, and when their agreement must be there."""

    NONE = "none", "使わない"
    ALL_FIRST = "all_first", "全員の同意がそろってから届く"
    MAY_FOLLOW = "may_follow", "先に出せる（同意していない人は審査の画面に出る）"


class Role(models.TextChoices):
    """What somebody agrees as."""

    CO_SIGNER = "co_signer", "連署する人"
    PRINCIPAL = "principal", "本人"


class ConsentState(models.TextChoices):
    """Where a consent stands."""

    WAITING = "waiting", "まだ"
    AGREED = "agreed", "同意"
    DECLINED = "declined", "同意しない"


class FilingRule(TenantModel):
    """申請のしかた of one procedure: which proxies it takes, by what proof, and whether several persons sign. No row: neither.

    `proofs` names how an agreed proxy is shown; statutory proxies and messengers have one way each (`domain.representation`).
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    proxies = ArrayField(models.CharField(max_length=10), verbose_name="代理", default=list, blank=True)
    proofs = ArrayField(models.CharField(max_length=12), verbose_name="委任の証明", default=list, blank=True)
    co_signing = models.CharField("連署", max_length=10, choices=CoSigning.choices, default=CoSigning.NONE)
    least_co_signers = models.PositiveSmallIntegerField("連署の最少人数", default=0)

    class Meta:
        verbose_name = "申請のしかた"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_filing_rule_procedure")
        ]

    def __str__(self) -> str:
        return f"{self.get_co_signing_display()} {self.proxies}"


@holds_personal_data("procedures.application", subject="application_id")
class Proxy(TenantModel):
    """Who files for the person whose name stands in the answers.

    `filing_key` is the key that draft and application share; `application` is set when it is handed in.
    """

    filing_key = models.UUIDField()
    application = TenantForeignKey(Application, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("代理の種類", max_length=10, choices=PROXY_CHOICES)
    name = models.CharField("氏名", max_length=100)
    email = models.EmailField("メール")
    phone = models.CharField("電話", max_length=30, blank=True, default="")
    relationship = models.CharField("本人との関係", max_length=100)
    proof = models.CharField("証明", max_length=12, choices=PROOF_CHOICES)
    proof_file = TenantForeignKey("files.StoredFile", null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField("記録", default=clock.now)

    class Meta:
        verbose_name = "代理人"
        constraints = [models.UniqueConstraint(fields=["government_id", "filing_key"], name="procedures_one_proxy")]

    def __str__(self) -> str:
        return self.name


@holds_personal_data("procedures.application", subject="application_id")
class Consent(TenantModel):
    """The agreement of one more person to the whole of the answers: a co-signer, or the principal of a proxy.

    `asked_digest` is what they were asked about, `digest` what they agreed to. It counts only while it is the digest of the
    answers as they stand: a change afterwards makes it void without anybody touching this row. Once handed in the digests are
    let go, and `answers_number` is the version of the application's answers that was agreed to.
    """

    filing_key = models.UUIDField()
    application = TenantForeignKey(Application, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField("立場", max_length=10, choices=Role.choices)
    name = models.CharField("氏名", max_length=100)
    email = models.EmailField("メール")
    language = models.CharField(max_length=10, default="ja")
    state = models.CharField("状態", max_length=8, choices=ConsentState.choices, default=ConsentState.WAITING)
    asked_digest = models.CharField(max_length=64, blank=True, default="")
    asked_at = models.DateTimeField("依頼", null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    answers_number = models.PositiveSmallIntegerField("同意した版", null=True, blank=True)
    answered_at = models.DateTimeField("返事", null=True, blank=True)
    reason = models.CharField("同意しない理由", max_length=500, blank=True, default="")
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "同意"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "filing_key", "email"], name="procedures_consent_once")
        ]
        indexes = [tenant_index("state", "asked_at", name="procedures_consent_waiting")]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_state_display()}）"
