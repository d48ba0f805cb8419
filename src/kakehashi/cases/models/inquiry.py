"""照会: one section asks another what it thinks of a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.cases.models.case import Case
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class Scope(models.TextChoices):
    """What the asked section is shown of the case."""

    QUESTION = "question", "照会の文と、付けたファイルだけ"
    CONTENT = "content", "案件の内容も（特に保護する項目を除く）"


class Stance(models.TextChoices):
    """The answer in one word."""

    FINE = "fine", "支障なし"
    CONDITIONS = "conditions", "条件付きで支障なし"
    OBJECTS = "objects", "支障あり"
    OTHER = "other", "そのほか"


class Inquiry(TenantModel):
    """A question to another section about a case, by a day. It is a piece of work of that section: `task` is its own case.

    The asking case waits meanwhile. `asked_on` and `answered_on` are days in Japan, for the clock of the standard period.
    """

    case = TenantForeignKey(Case, related_name="inquiries", db_index=False)
    task = TenantForeignKey(Case, null=True, related_name="+", db_index=False)
    department = TenantForeignKey("people.Department", related_name="+", db_index=False)
    question = models.TextField()
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.QUESTION)
    due_on = models.DateField()
    asked_by = models.CharField(max_length=200)
    asked_by_person = TenantForeignKey("people.Person", null=True, related_name="+", db_index=False)
    asked_from = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=clock.now)
    asked_on = models.DateField(default=clock.today)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "case", "department"),
                condition=Q(answered_on__isnull=True),
                name="one_open_inquiry_a_section",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=("government_id", "case"), name="inquiry_by_case"),
            models.Index(
                fields=("government_id", "due_on"), condition=Q(answered_on__isnull=True), name="inquiry_open"
            ),
        ]

    def __str__(self) -> str:
        return self.question[:40]

    @property
    def is_open(self) -> bool:
        """Whether the other section still has to answer. A withdrawn one is closed on its day."""
        return self.answered_on is None


class InquiryFile(TenantModel):
    """A file that went with the question or came with the answer."""

    inquiry = TenantForeignKey(Inquiry, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    stored_file = TenantForeignKey("files.StoredFile", related_name="+", db_index=False)
    with_answer = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "inquiry"), name="inquiry_file_by_inquiry")]

    def __str__(self) -> str:
        return str(self.stored_file_id)
