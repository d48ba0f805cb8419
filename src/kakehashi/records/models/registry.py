"""The registry. The record file (簿冊) is the unit of retention; a document never has its own period."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from kakehashi.kernel import clock
from kakehashi.kernel.folding import fold
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Department
from kakehashi.records.domain.retention import Anchor, HoldGround, PeriodKind, RetentionPeriod


def _choices(enum: type[Anchor | PeriodKind | HoldGround]) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]


class Disposition(models.TextChoices):
    """満了時の措置: what happens after the period (レコードスケジュール)."""

    DESTROY = "destroy", "廃棄"
    TRANSFER = "transfer", "移管"
    UNDECIDED = "undecided", "未定"


class Medium(models.TextChoices):
    """媒体の種別."""

    ELECTRONIC = "electronic", "電子"
    PAPER = "paper", "紙"
    MIXED = "mixed", "電子・紙"


class Confidentiality(models.TextChoices):
    """文書の取扱い: who may find and read it. What is not 常時 is for its own section and those who manage records."""

    ORDINARY = "ordinary", "常時"
    SECRET = "secret", "秘密"
    PERSONAL = "personal", "親展"


class FileState(models.TextChoices):
    """What became of a record file. Its row never goes."""

    KEPT = "kept", "保存中"
    TRANSFERRED = "transferred", "移管済"
    DESTROYED = "destroyed", "廃棄済"


class RecordClass(TenantModel):
    """A line of the classification table (分類表): 大分類, 中分類 and 小分類 under one code."""

    code = models.CharField(max_length=20)
    large = models.CharField(max_length=60)
    middle = models.CharField(max_length=60)
    small = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code", "valid_from"), name="record_class_once"),
        ]

    def __str__(self) -> str:
        return f"{self.large} ＞ {self.middle} ＞ {self.small}"


class RetentionTerms(models.Model):
    """The terms of retention a standard file prescribes and a record file inherits and keeps."""

    anchor = models.CharField(max_length=20, choices=_choices(Anchor), default=Anchor.CREATED.value)
    period_kind = models.CharField(max_length=20, choices=_choices(PeriodKind), default=PeriodKind.YEARS.value)
    period_years = models.PositiveSmallIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=200)
    start_window_years = models.PositiveSmallIntegerField(default=1)
    disposition = models.CharField(max_length=20, choices=Disposition.choices, default=Disposition.DESTROY)

    class Meta:
        abstract = True

    @property
    def period_label(self) -> str:
        """5年, 永年, 常用 …"""
        return RetentionPeriod(PeriodKind(self.period_kind), self.period_years).label


class StandardFile(RetentionTerms, TenantModel):
    """標準行政文書ファイル: a kind of record file with its retention, in force from a day to a day.

    A changed rule is a new row with a later `valid_from`; files keep the terms they were opened with.
    """

    record_class = TenantForeignKey(RecordClass, related_name="standard_files")
    name = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("record_class__code", "-valid_from")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "record_class", "valid_from"), name="standard_file_of_a_class_from"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecordFile(RetentionTerms, TenantModel):
    """簿冊・行政文書ファイル: interrelated documents with one retention period, the row of the registry.

    `anchor_on` is the day the period counts from (None: the event has not happened). The three
    dates are calculated and stored when a fact changes; `expires_on` counts extension and holds, and
    None means never disposable. A reorganisation changes `department`, never a date. `volume` counts the files of one kind,
    year and department (第2冊). `public_name` stands on the public page where the name itself would reveal too much.
    `words` and `public_words` are the two names folded for searching; they follow the names by themselves.
    """

    record_class = TenantForeignKey(RecordClass, related_name="files")
    standard_file = TenantForeignKey(StandardFile, related_name="files")
    name = models.CharField(max_length=160)
    public_name = models.CharField(max_length=160, blank=True, default="", db_default="")
    words = models.CharField(max_length=700, blank=True, default="", db_default="", editable=False)
    public_words = models.CharField(max_length=700, blank=True, default="", db_default="", editable=False)
    volume = models.PositiveSmallIntegerField(default=1, db_default=1)
    state = models.CharField(max_length=20, choices=FileState.choices, default=FileState.KEPT, db_default="kept")
    disposed_on = models.DateField(null=True, blank=True)
    record_fiscal_year = models.PositiveSmallIntegerField()
    department = TenantForeignKey(Department, related_name="+")
    creator_label = models.CharField(max_length=120)
    medium = models.CharField(max_length=20, choices=Medium.choices, default=Medium.ELECTRONIC)
    place = models.CharField(max_length=120, blank=True)
    anchor_on = models.DateField(null=True, blank=True)
    chosen_start_on = models.DateField(null=True, blank=True)
    left_use_on = models.DateField(null=True, blank=True)
    years_after_use = models.PositiveSmallIntegerField(null=True, blank=True)
    extension_years = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    base_expires_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "standard_file", "record_fiscal_year", "department", "volume"),
                name="record_file_volume_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(starts_on__isnull=True) | Q(expires_on__gte=F("starts_on")),
                name="record_file_expires_after_start",
            ),
        ]
        indexes: ClassVar = [
            tenant_index("expires_on", name="record_file_by_expiry"),
            tenant_index("record_fiscal_year", name="record_file_by_year"),
            tenant_index("record_fiscal_year", "id", name="record_file_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words, self.public_words = fold(self.name), fold(self.public_name or self.name)
        named = kwargs.get("update_fields")
        if named is not None and {"name", "public_name"} & set(named):
            kwargs["update_fields"] = {*named, "words", "public_words"}
        super().save(*args, **kwargs)


@holds_personal_data("records.document", subject="source_id", kind_from="source_kind")
class Document(TenantModel):
    """One document in a record file: what it is, its number, where it came from. All its dates are kept."""

    record_file = TenantForeignKey(RecordFile, related_name="documents")
    title = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True)
    source_kind = models.CharField(max_length=60)
    source_id = models.UUIDField()
    created_on = models.DateField()
    completed_on = models.DateField(null=True, blank=True)
    disclosure = models.CharField(max_length=20, default="open")
    confidentiality = models.CharField(
        max_length=20,
        choices=Confidentiality.choices,
        default=Confidentiality.ORDINARY,
        db_default=Confidentiality.ORDINARY.value,
    )
    filed_by_label = models.CharField(max_length=200)
    filed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "source_kind", "source_id"), name="document_of_a_source_once"
            ),
        ]
        indexes: ClassVar = [
            tenant_index("record_file", name="document_by_file"),
            tenant_index("document_number", name="document_by_number"),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentFile(TenantModel):
    """A file of a document: its name, digest and size stay in the registry when the content is destroyed."""

    document = TenantForeignKey(Document, related_name="files")
    file_id = models.UUIDField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [tenant_index("document", name="document_file_by_document")]

    def __str__(self) -> str:
        return self.name


class Hold(TenantModel):
    """保留: a ground for keeping a file past its expiry. Several may lie on one file; the latest wins.

    `until` None means that the end is not known: the file never expires while it lasts.
    """

    record_file = TenantForeignKey(RecordFile, related_name="holds")
    ground = models.CharField(max_length=30, choices=_choices(HoldGround))
    reason = models.CharField(max_length=200)
    clause = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField(default=clock.now)
    placed_by_label = models.CharField(max_length=200)
    until = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [tenant_index("record_file", name="hold_by_file")]

    def __str__(self) -> str:
        return self.reason


class Extension(TenantModel):
    """延長: a formal lengthening of a file's period; the file keeps original, extended and total."""

    record_file = TenantForeignKey(RecordFile, related_name="extensions")
    years = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    made_by_label = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [tenant_index("record_file", name="extension_by_file")]

    def __str__(self) -> str:
        return f"{self.years}年"
