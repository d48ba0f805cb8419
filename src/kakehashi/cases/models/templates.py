"""文例: texts that are written once and sent often."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class Purpose(models.TextChoices):
    """Where a text is offered. Residents' texts exist in three languages, 照会 is read by colleagues only."""

    MESSAGE = "message", "申請者への連絡"
    CORRECTION = "correction", "補正の依頼"
    INQUIRY = "inquiry", "ほかの課への照会"


class MessageTemplate(TenantModel):
    """A text under a name (文例), of a section or, without one, of the whole government. `{受付番号}` and the like are filled in."""

    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.MESSAGE)
    name = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "department", "purpose", "name"),
                nulls_distinct=False,
                name="message_template_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TemplateText(TenantModel):
    """The words of a template in one language; a resident without theirs gets the Japanese ones."""

    LANGUAGES: ClassVar = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]

    template = TenantForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=10, choices=LANGUAGES)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "template", "language"), name="message_template_language_once"
            )
        ]

    def __str__(self) -> str:
        return self.body[:30]
