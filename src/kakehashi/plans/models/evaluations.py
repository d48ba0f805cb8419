"""How a plan is judged, and its reviews: scales as data, several per plan; what was missed, why, and the next move."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.plans.domain.reviews import MISS_CAUSE_WORDS, MOVE_WORDS, MissCause, Move, Result
from kakehashi.plans.domain.scales import Scale, grades_of
from kakehashi.plans.models.tree import DxPlan, Initiative


class EvaluationScale(TenantModel):
    """A scale of the town's own; `grades` are rows of (rate from which on, word, points), the best first."""

    code = models.CharField(max_length=20)
    label = models.CharField("名前", max_length=60)
    source = models.CharField("出どころ", max_length=200, blank=True)
    grades = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "code"), name="one_scale_per_code")]

    def __str__(self) -> str:
        return self.label

    @property
    def scale(self) -> Scale:
        """The scale as the domain knows it."""
        return Scale(self.code, self.label, grades_of(self.grades), self.source)


class PlanReview(TenantModel):
    """A review (評価・見直し) of a plan: of a fiscal year (`quarter` 0) or of one of its quarters.

    The figures are those of the moment it was opened. It closes when every miss has its cause and its next move; `evaluations` are
    then kept as they were, with their policies in words.
    """

    plan = TenantForeignKey(DxPlan, related_name="reviews", on_delete=models.CASCADE)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("四半期", default=0)
    summary = models.TextField("まとめ", max_length=2000, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    evaluations = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "plan", "fiscal_year", "quarter"), name="one_review"),
            models.CheckConstraint(condition=models.Q(quarter__lte=4), name="review_quarter"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """「令和8年度 第2四半期」 or 「令和8年度 年間」."""
        return f"{fiscal_year_label(self.fiscal_year)} {f'第{self.quarter}四半期' if self.quarter else '年間'}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be written."""
        return self.closed_at is None


class ReviewLine(TenantModel):
    """One initiative in a review: the figures then, the result, and where it was missed its cause and the next OODA move.

    `figures` are rows of {label, unit, target, actual, rate, policy, outcome}.
    """

    review = TenantForeignKey(PlanReview, related_name="lines", on_delete=models.CASCADE)
    initiative = TenantForeignKey(Initiative, related_name="review_lines", on_delete=models.CASCADE)
    figures = models.JSONField(default=list)
    is_missed = models.BooleanField(default=False)
    result = models.CharField("結果", max_length=20, choices=Result.choices(), blank=True)
    cause = models.CharField("未達の要因", max_length=20, choices=list(MISS_CAUSE_WORDS.items()), blank=True)
    cause_text = models.TextField("何が起きたか", max_length=1000, blank=True)
    move = models.CharField("次の動き", max_length=20, choices=list(MOVE_WORDS.items()), blank=True)
    move_text = models.TextField("次の一手", max_length=1000, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    written_by = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "review", "initiative"), name="one_line_per_initiative"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.initiative_id}"

    @property
    def cause_word(self) -> str:
        """The word of the cause, empty for none."""
        return MISS_CAUSE_WORDS[MissCause(self.cause)] if self.cause else ""

    @property
    def move_word(self) -> str:
        """The word of the next move, empty for none."""
        return MOVE_WORDS[Move(self.move)] if self.move else ""


class PlanVersion(TenantModel):
    """The plan as it stood at a moment (版): its whole content, why it was fixed, and who did it. Never changed."""

    plan = TenantForeignKey(DxPlan, related_name="versions", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField()
    label = models.CharField("版の名前", max_length=60)
    reason = models.CharField("改めた理由", max_length=500, blank=True)
    content = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "plan", "number"), name="one_plan_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class HeadNumber(TenantModel):
    """A number that stands on the head's page, in the order the town chose."""

    measure_code = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "measure_code"), name="one_head_number"),
        ]

    def __str__(self) -> str:
        return self.measure_code
