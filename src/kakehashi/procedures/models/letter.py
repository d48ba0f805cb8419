"""通知書のひな形: templates of letters per procedure and outcome, in versions; and which version a proposal used."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.domain.letters import LetterText
from kakehashi.procedures.models.application import Application
from kakehashi.procedures.models.procedure import Procedure


class LetterVersion(TenantModel):
    """One version of the letter for one outcome of a procedure; the highest number is used, none is changed or removed.

    `outcome` is a `Result` value or "receipt" (受付票). `is_certificate` makes the document a 証明書 with a code to verify,
    valid for `valid_days` days from its issue (None: without end).
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="letters")
    outcome = models.CharField("結果", max_length=12)
    number = models.PositiveIntegerField("版")
    title = models.CharField("題名", max_length=100)
    text = models.TextField("本文")
    rows = models.TextField("記", blank=True, default="")
    remark = models.TextField("備考", blank=True, default="")
    is_certificate = models.BooleanField("証明書", default=False)
    valid_days = models.PositiveSmallIntegerField("有効期間（日）", null=True, blank=True)
    made_by = models.CharField("作った人", max_length=200)
    made_at = models.DateTimeField("作った日時", default=clock.now)

    class Meta:
        verbose_name = "通知書のひな形"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "procedure", "outcome", "number"], name="procedures_letter_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.number}版"

    @property
    def letter(self) -> LetterText:
        """The words alone."""
        return LetterText(self.title, self.text, self.rows, self.remark)


class LetterUse(TenantModel):
    """Which version the notice of a proposal was written from: what was decided stays traceable to it."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    version = TenantForeignKey(LetterVersion, related_name="+")
    proposal_id = models.UUIDField("起案")

    class Meta:
        verbose_name = "使ったひな形"
        constraints = [models.UniqueConstraint(fields=["government_id", "proposal_id"], name="procedures_letter_use")]

    def __str__(self) -> str:
        return str(self.version)
