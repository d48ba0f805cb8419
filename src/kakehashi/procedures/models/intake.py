"""窓口・郵送の受付: how something on paper or by word of mouth came, what was missing on it, and the paper itself."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.models.application import Application


class Manner(models.TextChoices):
    """Who wrote: the applicant on paper, or a member of staff who asked and typed (書かない窓口)."""

    PAPER = "paper", "紙を書き写した"
    SPOKEN = "spoken", "聞き取って入力した（窓口代行）"


class Bringer(models.TextChoices):
    """Who came with it."""

    APPLICANT = "applicant", "本人"
    PROXY = "proxy", "代理人"
    MESSENGER = "messenger", "使者（届けに来た人）"
    POST = "post", "郵送"


@holds_personal_data("procedures.application", subject="application_id")
class PaperIntake(TenantModel):
    """What the counter noted about one application beside its answers.

    `missing` are the questions that the paper does not answer as the form wants, as ``{"label", "problem", "written"}``:
    `written` is what stands on the paper all the same, empty for specially protected questions. They lead to a 補正.
    """

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    manner = models.CharField("書いた人", max_length=10, choices=Manner.choices, default=Manner.PAPER)
    bringer = models.CharField("届けた人", max_length=10, choices=Bringer.choices, default=Bringer.APPLICANT)
    bringer_name = models.CharField("届けた人の氏名", max_length=100, blank=True, default="")
    missing: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    noted_by = models.CharField("記録した人", max_length=200)
    noted_at = models.DateTimeField("記録", default=clock.now)

    class Meta:
        verbose_name = "窓口の記録"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "application"], name="procedures_intake_application")
        ]

    def __str__(self) -> str:
        return f"{self.get_manner_display()} {self.get_bringer_display()}"


@holds_personal_data("procedures.application", subject="application_id")
class PaperScan(TenantModel):
    """A scan of the paper, kept with the application."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    stored_file = TenantForeignKey("files.StoredFile", related_name="+")
    added_by = models.CharField("付けた人", max_length=200)
    added_at = models.DateTimeField("付けた日時", default=clock.now)

    class Meta:
        verbose_name = "紙の写し"

    def __str__(self) -> str:
        return str(self.stored_file_id)
