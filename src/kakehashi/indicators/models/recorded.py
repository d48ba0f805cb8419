"""Measures that a town keeps by hand, and every value that was ever recorded."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.indicators.domain.figure import Figure, FigureState
from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel

MANUAL = "manual"


class ManualMeasure(TenantModel):
    """A measure whose values lie outside the system, such as a survey: entered by hand or imported, and marked so."""

    label = models.CharField("名称", max_length=120)
    definition = models.TextField("定義", max_length=2000, blank=True)
    formula_text = models.CharField("計算式", max_length=500)
    unit = models.CharField("単位", max_length=20)
    direction = models.CharField(
        "よい方向",
        max_length=10,
        choices=[
            (Direction.UP, "増えるほどよい"),
            (Direction.DOWN, "減るほどよい"),
            (Direction.NEUTRAL, "どちらでもない"),
        ],
    )
    source = models.CharField("出所（調査名など）", max_length=200)
    denominator_policy = models.CharField("分母の決め方", max_length=300, blank=True)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", verbose_name="担当課")
    version = models.PositiveSmallIntegerField(default=1)
    due_days = models.PositiveSmallIntegerField("期間の終わりから何日までに報告するか", default=60, db_default=60)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        """The code under which values are kept, as a registered measure has one."""
        return f"{MANUAL}.{self.id.hex}"


class Origin(models.TextChoices):
    """Where a recorded value comes from; always shown beside it."""

    COMPUTED = "computed", "自動計算"
    ENTERED = "entered", "手入力"
    IMPORTED = "imported", "取込"


class Finality(models.TextChoices):
    """Whether a number may still move: 速報, 確定, or 訂正 after it was confirmed."""

    PRELIMINARY = "preliminary", "速報"
    CONFIRMED = "confirmed", "確定"
    CORRECTED = "corrected", "確定後の訂正"


class RecordedValue(TenantModel):
    """A value of a measure in a period, for a department or (none) the whole government.

    A correction is a new row with the next `revision` and a reason; the row it replaces stays, no longer current.
    `rows_count` and `rows_mark` stand for the rows that were counted: a number that moves while they do not is an anomaly.
    """

    measure_code = models.CharField(max_length=120)
    measure_version = models.PositiveSmallIntegerField(default=1)
    period_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in PeriodKind])
    period_first = models.DateField()
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=[(state, state) for state in FigureState])
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unknown_count = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=200, blank=True)
    surveyed_on = models.DateField(null=True)
    finality = models.CharField(
        max_length=12, choices=Finality.choices, default=Finality.CONFIRMED, db_default=Finality.CONFIRMED.value
    )
    rows_count = models.PositiveIntegerField(null=True)
    rows_mark = models.BigIntegerField(null=True)
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    is_current = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "measure_code", "period_kind", "period_first", "department"),
                condition=models.Q(is_current=True),
                nulls_distinct=False,
                name="one_current_value",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("government_id", "measure_code", "period_first"), name="value_by_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_code} {self.period_first}"

    @property
    def period(self) -> Period:
        """The period the value is about."""
        return Period.containing(self.period_first, PeriodKind(self.period_kind))

    @property
    def figure(self) -> Figure:
        """The value as a figure."""
        return Figure(FigureState(self.state), self.value, self.numerator, self.denominator, self.unknown_count)
