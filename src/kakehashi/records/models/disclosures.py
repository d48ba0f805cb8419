"""開示請求: what was asked for, the documents found, the parts that are not disclosed, and what was handed out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Department
from kakehashi.records.models.registry import Document, Hold


class RequestKind(models.TextChoices):
    """Under which rules somebody asks."""

    INFORMATION = "information", "公文書の開示請求"
    PERSONAL = "personal", "保有個人情報の開示請求"


class Decision(models.TextChoices):
    """開示決定等."""

    OPEN = "open", "全部を開示"
    PARTIAL = "partial", "一部を開示"
    CLOSED = "closed", "開示しない"
    NONE = "none", "文書がない（不存在）"
    UNANSWERED = "unanswered", "あるかないかも答えない（存否応答拒否）"


class Ground(models.TextChoices):
    """不開示事由, as the ordinances have them after 情報公開法5条; the clause is the body's own."""

    PERSON = "person", "個人に関する情報"
    BUSINESS = "business", "法人等に関する情報"
    SAFETY = "safety", "公共の安全に関する情報"
    DELIBERATION = "deliberation", "審議・検討に関する情報"
    OPERATIONS = "operations", "事務・事業に関する情報"
    LAW = "law", "法令の定めにより公にできない情報"
    OTHER = "other", "その他"


@holds_personal_data("records.disclosure", section="department_id")
class DisclosureRequest(TenantModel):
    """One request with its number in its fiscal year. `due_on` is the day to decide by."""

    fiscal_year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=RequestKind.choices)
    requester = models.CharField(max_length=200)
    asked_for = models.TextField()
    requested_on = models.DateField()
    due_on = models.DateField()
    department = TenantForeignKey(Department, related_name="+")
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    registered_by_label = models.CharField(max_length=200)
    registered_at = models.DateTimeField(default=clock.now)
    idempotency_key = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="disclosure_of_a_key_once"),
            models.UniqueConstraint(fields=("government_id", "fiscal_year", "sequence"), name="disclosure_number_once"),
        ]
        indexes: ClassVar = [tenant_index("due_on", name="disclosure_by_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """開示請求第3号 of its year, such as 令和8-3."""
        return f"令和{self.fiscal_year - 2018}-{self.sequence}"


class DisclosureDocument(TenantModel):
    """A document a request asks for, held while it goes on, with what was decided about it."""

    request = TenantForeignKey(DisclosureRequest, related_name="documents")
    document = TenantForeignKey(Document, related_name="+")
    hold = TenantForeignKey(Hold, related_name="+")
    outcome = models.CharField(max_length=20, choices=Decision.choices[:3], blank=True)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    clause = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "request", "document"), name="disclosure_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.document_id}"


class DisclosureMark(TenantModel):
    """A part of a page that is not disclosed, in thousandths of the page from its upper left corner, and the ground."""

    target = TenantForeignKey(DisclosureDocument, related_name="marks")
    file_id = models.UUIDField()
    page = models.PositiveIntegerField()
    left = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=20, choices=Ground.choices)
    clause = models.CharField(max_length=120)
    note = models.CharField(max_length=200, blank=True)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("page", "top", "left", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(page__gte=1, width__gte=1, height__gte=1), name="disclosure_mark_has_a_size"
            ),
        ]
        indexes: ClassVar = [tenant_index("target", "file_id", "page", name="disclosure_mark_by_page")]

    def __str__(self) -> str:
        return f"{self.page}ページ {self.get_ground_display()}"


@insert_only
class DisclosureExport(TenantModel):
    """What was made to be handed out: a zip, its digest, who made it. Insert-only."""

    request = TenantForeignKey(DisclosureRequest, related_name="exports")
    file_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.sha256
