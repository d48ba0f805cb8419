"""Solved cases: the town's own, the copy that others read, and what became of it elsewhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.domain.effect import Effect
from kakehashi.desk.models.consultations import Measured
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import SharedModel, TenantForeignKey, TenantModel, tenant_index


class Scope(models.TextChoices):
    """How far a solved case may be seen."""

    DEPARTMENT = "department", "課内"
    GOVERNMENT = "government", "庁内"
    PREFECTURE = "prefecture", "県内"
    COUNTRY = "country", "全国"


class SolvedCaseState(models.TextChoices):
    """Where a solved case stands on its way out."""

    DRAFT = "draft", "下書き"
    DEPT_CHECK = "dept_check", "課の確認待ち"
    MASKING_CHECK = "masking_check", "個人情報の確認待ち"
    PUBLISHED = "published", "公開"
    RETIRED = "retired", "取下げ"


class CaseText(Measured):
    """What a solved case tells: the same in the town and in the copy that leaves it."""

    title = models.CharField("題名", max_length=120)
    problem = models.TextField("困っていたこと", blank=True)
    purpose = models.TextField("目的", blank=True)
    cause = models.TextField("原因", blank=True)
    what_was_done = models.TextField("したこと", blank=True)
    what_failed = models.TextField("うまくいかなかったこと", blank=True)
    conditions = models.TextField("前提の条件", blank=True)
    system = models.CharField("使ったシステム", max_length=120, blank=True)
    rule = models.CharField("前提の規程", max_length=200, blank=True)
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    cost = models.CharField("費用・期間", max_length=200, blank=True)
    funding = models.CharField("使った財政措置", max_length=200, blank=True, db_default="")
    contact = models.CharField("連絡先の課", max_length=120, blank=True)
    is_discontinued = models.BooleanField("業務をやめて解決した", default=False)
    before_minutes = models.DecimalField("前の時間（分/件）", max_digits=8, decimal_places=1, null=True, blank=True)
    before_cases = models.PositiveIntegerField("前の件数（件/年）", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def effect(self) -> Effect | None:
        """What was released, or None when it was not measured."""
        if self.before_minutes is None or self.before_cases is None:
            return None
        if self.after_minutes is None or self.after_cases is None:
            return None
        return Effect(
            self.before_minutes, self.before_cases, self.after_minutes, self.after_cases,
            self.before_sheets, self.after_sheets, self.migration_hours,
        )  # fmt: skip


# The texts that are searched for what could name a person before they leave. The contact is a section, chosen from the list.
MASKED_FIELDS = (
    "title",
    "problem",
    "purpose",
    "cause",
    "what_was_done",
    "what_failed",
    "conditions",
    "system",
    "rule",
    "cost",
    "funding",
)
COPIED_FIELDS = (
    *MASKED_FIELDS, "population", "contact", "is_discontinued", "before_minutes", "before_cases", "after_minutes",
    "after_cases", "before_sheets", "after_sheets", "migration_hours",
)  # fmt: skip


class SolvedCase(CaseText, TenantModel):
    """A solved case of this government (解決事例).

    `kept` holds the findings of the masking check that a person decided to leave, as {key: reason}; the keys come from
    the text itself, so that a change of the text asks again.
    """

    consultation = TenantForeignKey("desk.Consultation", null=True, blank=True, related_name="solved_cases")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    state = models.CharField(max_length=15, choices=SolvedCaseState, default=SolvedCaseState.DRAFT)
    scope = models.CharField("見せる範囲", max_length=10, choices=Scope, default=Scope.GOVERNMENT)
    kept = models.JSONField(default=dict, blank=True)
    checked_by = models.CharField(max_length=200, blank=True)
    masked_by = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "解決事例"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation"], name="desk_solved_case_once")
        ]
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="desk_solved_case_latest"),
            tenant_index("state", "-created_at", name="desk_solved_case_state"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseRevision(TenantModel):
    """One published revision of a solved case: exactly what was shown, to whom, and what changed. Never altered."""

    case = TenantForeignKey(SolvedCase, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    scope = models.CharField(max_length=10, choices=Scope)
    note = models.CharField("前の版から変わったこと", max_length=300, blank=True)
    values = models.JSONField()
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "解決事例の版"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "case", "number"], name="desk_case_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.case} 第{self.number}版"


class PublishedCase(CaseText, SharedModel):
    """The copy of a solved case that the prefecture or the whole country reads. `id` is the solved case's own.

    It carries nothing that is not shown: no consultation, no names of staff. `prefecture_id` is the origin's prefecture.
    """

    origin_name = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Scope)
    prefecture_id = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    note = models.CharField("前の版から変わったこと", max_length=300, blank=True, db_default="")
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "共有された解決事例"
        indexes: ClassVar = [
            models.Index(fields=["audience", "-published_at", "-id"], name="desk_published_audience"),
            models.Index(fields=["prefecture_id", "-published_at", "-id"], name="desk_published_prefecture"),
            models.Index(fields=["-published_at", "-id"], name="desk_published_latest"),
        ]

    def __str__(self) -> str:
        return self.title


class ReuseResult(models.TextChoices):
    """What became of a case in another town."""

    ADOPTED = "adopted", "取り入れ中"
    WORKED = "worked", "うまくいった"
    DID_NOT_FIT = "did_not_fit", "当てはまらなかった"


class CaseReuse(SharedModel):
    """One government uses another's case: written by the one that adopts, read by the one it came from (転用).

    `origin_id` is the adopter; `case_origin_id` the government whose case it is.
    """

    case_id = models.UUIDField()
    case_origin_id = models.UUIDField()
    case_title = models.CharField(max_length=120)
    adopter_name = models.CharField(max_length=60)
    consultation_id = models.UUIDField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=ReuseResult, default=ReuseResult.ADOPTED)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    note = models.CharField("ひとこと", max_length=300, blank=True)
    hours_released = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    adopted_at = models.DateTimeField(default=clock.now)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "事例の転用"
        constraints: ClassVar = [models.UniqueConstraint(fields=["origin_id", "case_id"], name="desk_reuse_once")]
        indexes: ClassVar = [
            models.Index(fields=["case_id"], name="desk_reuse_case"),
            models.Index(fields=["case_origin_id", "-adopted_at"], name="desk_reuse_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.adopter_name}: {self.case_title}"
