"""申請: what residents filed, its corrections and the documents issued."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.identity import Shown
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.receipt import format_receipt
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models.procedure import Procedure


class Channel(models.TextChoices):
    """How it came in; counter and post applications are recorded by staff."""

    ONLINE = "online", "オンライン"
    COUNTER = "counter", "窓口"
    POST = "post", "郵送"


SHOWN_CHOICES = [
    (Shown.NOTHING.value, "確認なし"),
    (Shown.ADDRESS.value, "メールアドレスを確認"),
    (Shown.PERSON.value, "本人を確認（外部の認証）"),
]


@holds_personal_data("procedures.application")
class Application(TenantModel):
    """One application (申請・届出・申込み・請求).

    `answers` are the newest ones in the shape of `form_version`; older ones are `AnswerVersion`.
    `arrived_at` is the moment it was recorded here, nights and holidays included (デジタル手続法6条3項).
    `idempotency_key` makes a double click one application. Foreign keys of the hot path carry no
    composite constraint: thousands of inserts must not lock one popular procedure's row.
    `resident` is whoever was signed in, `shown` how they were known (本人確認); most apply without either.
    """

    receipt_number = models.CharField("受付番号", max_length=21)
    procedure = TenantForeignKey(Procedure, related_name="applications", composite=False)
    form_version = TenantForeignKey("eforms.FormVersion", null=True, related_name="+", composite=False)
    case = TenantForeignKey("cases.Case", null=True, related_name="+", composite=False)
    idempotency_key = models.UUIDField()
    state = models.CharField("状態", max_length=12, default=State.SUBMITTED.value)
    result = models.CharField("結果", max_length=12, blank=True, default="")
    channel = models.CharField("方法", max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    language = models.CharField("言語", max_length=10, default="ja")
    applicant_name = models.CharField("氏名・名称", max_length=200)
    applicant_email = models.EmailField("メール", blank=True, default="")
    resident = TenantForeignKey(
        "people.Resident", null=True, blank=True, related_name="+", composite=False, db_index=False
    )
    shown = models.CharField("本人確認", max_length=10, choices=SHOWN_CHOICES, blank=True, default="")
    answers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("回答", default=dict)
    answers_number = models.PositiveSmallIntegerField("版", default=1)
    accepts_electronic_notice = models.BooleanField("電子での通知を希望", default=False)
    arrived_at = models.DateTimeField("到達")
    arrived_on = models.DateField("到達日")
    accepted_at = models.DateTimeField("受付", null=True, blank=True)
    decided_at = models.DateTimeField("決裁", null=True, blank=True)
    completed_at = models.DateTimeField("完了", null=True, blank=True)
    days_to_decision = models.PositiveIntegerField("処理日数", null=True, blank=True)
    proposal_id = models.UUIDField("起案", null=True, blank=True)
    proposed_result = models.CharField("起案した結果", max_length=12, blank=True, default="")
    refusal_text = models.TextField("理由と教示", blank=True, default="")
    purged_at = models.DateTimeField("個人情報の消去", null=True, blank=True)
    outside_number = models.CharField("外部の決裁番号", max_length=100, blank=True, default="")
    outside_decided_on = models.DateField("外部の決裁日", null=True, blank=True)

    class Meta:
        verbose_name = "申請"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "receipt_number"], name="procedures_receipt_number"),
            models.UniqueConstraint(fields=["government_id", "idempotency_key"], name="procedures_application_once"),
        ]
        indexes = [
            tenant_index("-arrived_at", "-id", name="procedures_app_arrived"),
            tenant_index("procedure", "-arrived_at", name="procedures_app_procedure"),
            tenant_index("completed_at", name="procedures_app_completed"),
            models.Index(
                fields=["government_id", "proposal_id"],
                condition=Q(proposal_id__isnull=False),
                name="procedures_app_proposal",
            ),
            models.Index(
                fields=["government_id", "resident", "-arrived_at"],
                condition=Q(resident__isnull=False),
                name="procedures_app_resident",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_label

    @property
    def receipt_label(self) -> str:
        """The receipt number in groups."""
        return format_receipt(self.receipt_number)

    @property
    def state_label(self) -> str:
        """The staff's word for the state."""
        return FACES[State(self.state)].label

    @property
    def result_label(self) -> str:
        """The field's word for the result, empty while there is none."""
        return Result(self.result).label

    @property
    def proposed_result_label(self) -> str:
        """The field's word for what the section proposes."""
        return Result(self.proposed_result).label

    @property
    def phase(self) -> str:
        """The phase of its case, for the tone of a chip."""
        return FACES[State(self.state)].phase

    @property
    def is_open(self) -> bool:
        """Whether it still has to be handled."""
        return self.state not in (State.COMPLETED, State.WITHDRAWN)


@holds_personal_data("procedures.application", subject="application_id")
class AnswerVersion(TenantModel):
    """Answers that a 補正 replaced, kept so that staff see the differences."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="older_answers")
    number = models.PositiveSmallIntegerField("版")
    answers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("回答")
    replaced_at = models.DateTimeField("差し替え", default=clock.now)

    class Meta:
        verbose_name = "以前の回答"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "application", "number"], name="procedures_answers_number")
        ]

    def __str__(self) -> str:
        return f"第{self.number}版"


class Correction(TenantModel):
    """補正の求め (行政手続法7条): what is missing, until when, and when the answer came.

    The clock of the 標準処理期間 stands from `asked_on` to `answered_on`.
    """

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="corrections")
    message = models.TextField("補正していただきたいこと")
    deadline = models.DateField("期限")
    asked_at = models.DateTimeField("依頼", default=clock.now)
    asked_on = models.DateField("依頼日")
    asked_by = models.CharField("依頼した人", max_length=200)
    answered_at = models.DateTimeField("回答", null=True, blank=True)
    answered_on = models.DateField("回答日", null=True, blank=True)

    class Meta:
        verbose_name = "補正"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "application"],
                condition=Q(answered_at__isnull=True),
                name="procedures_one_open_correction",
            )
        ]

    def __str__(self) -> str:
        return self.message[:40]


@holds_personal_data("procedures.application", subject="application_id")
class IssuedDocument(TenantModel):
    """A document delivered to the applicant's page (交付物).

    The PDF of a notice is made when somebody first opens it; until then `stored_file` is empty and
    `source_id` names the proposal it is made from.
    `first_opened_at` is the first time the applicant opened it. An electronic notice arrives when it
    is recorded on the recipient's file (デジタル手続法7条3項), so both moments are kept. Whoever did not ask for the
    electronic notice (同条1項ただし書) gets it `by_post`: it is recorded here and never shown on their page.
    """

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    stored_file = TenantForeignKey("files.StoredFile", null=True, blank=True, related_name="+")
    title = models.CharField("件名", max_length=300)
    document_number = models.CharField("文書番号", max_length=60, blank=True, default="")
    by_post = models.BooleanField("郵送", default=False, db_default=False)
    delivered_at = models.DateTimeField("交付", default=clock.now)
    first_opened_at = models.DateTimeField("最初に開いた日時", null=True, blank=True)
    source_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "交付物"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "application", "source_id"],
                condition=Q(source_id__isnull=False),
                name="procedures_issued_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


def subject_of(procedure_name: str, applicant_name: str) -> str:
    """How a case made from an application is called."""
    return f"{procedure_name}（{applicant_name}）"[:300]
