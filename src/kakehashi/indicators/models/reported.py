"""Values on their way from a section to the record, definitions as they were, and numbers that moved for no reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.indicators.domain.figure import STATE_WORDS, Figure, FigureState
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.domain.reports import ReportStage
from kakehashi.indicators.models.recorded import Finality, ManualMeasure, Origin
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class ValueReport(TenantModel):
    """A value that a section reports for a period: draft → submitted → returned → approved → locked.

    Charts and plans see it only once it is approved, as a recorded value. `note` says how it came about, `answer` why it was returned.
    """

    measure = TenantForeignKey(ManualMeasure, related_name="reports", on_delete=models.CASCADE)
    period_kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in PeriodKind], default=PeriodKind.YEAR
    )
    period_first = models.DateField()
    stage = models.CharField(max_length=10, choices=ReportStage.choices(), default=ReportStage.DRAFT)
    state = models.CharField(max_length=20, choices=[(state, word[0]) for state, word in STATE_WORDS.items()])
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    source = models.CharField("出所", max_length=200, blank=True)
    surveyed_on = models.DateField("調査日", null=True)
    finality = models.CharField("速報・確定", max_length=12, choices=Finality.choices, default=Finality.CONFIRMED)
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.ENTERED, db_default=Origin.ENTERED.value
    )
    note = models.CharField("説明・訂正の理由", max_length=500, blank=True)
    answer = models.CharField("差し戻しの理由", max_length=500, blank=True)
    written_by = models.CharField(max_length=200)
    written_by_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "measure", "period_kind", "period_first"),
                condition=models.Q(stage__in=["draft", "submitted", "returned"]),
                name="one_report_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.period_first} {self.stage}"

    @property
    def period(self) -> Period:
        """The period the value is about."""
        return Period.containing(self.period_first, PeriodKind(self.period_kind))

    @property
    def figure(self) -> Figure:
        """The reported value as a figure."""
        return Figure(FigureState(self.state), self.value, self.numerator, self.denominator)


IMPORTED_STAGES = [(ReportStage.SUBMITTED.value, "提出済みにする"), (ReportStage.DRAFT.value, "下書きにする")]


class ReportingRule(TenantModel):
    """The government's rule for values from a file: whether they stand as drafts first, or are handed in at once. One row at most.

    Nobody's file is recorded without somebody's approval.
    """

    imported_stage = models.CharField(
        max_length=10,
        choices=IMPORTED_STAGES,
        default=ReportStage.SUBMITTED,
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="one_reporting_rule")]

    def __str__(self) -> str:
        return self.get_imported_stage_display()


class MeasureDefinition(TenantModel):
    """How a measure was counted in one version of its definition, and why the version began. The series of a version stays its own."""

    measure_code = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    formula_text = models.CharField(max_length=1000)
    policy_text = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "measure_code", "version"), name="one_definition"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_code} {self.version}"


class LateReminder(TenantModel):
    """The last time a section was reminded of a value that is late."""

    measure = TenantForeignKey(ManualMeasure, related_name="reminders", on_delete=models.CASCADE)
    period_first = models.DateField()
    reminded_at = models.DateTimeField()
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "measure", "period_first"), name="one_reminder"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.period_first}"


class Anomaly(TenantModel):
    """A number that moved with no rows behind it; open until somebody explains it.

    `former` and `present` are what was recorded before and what is counted now.
    """

    measure_code = models.CharField(max_length=120)
    period_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in PeriodKind])
    period_first = models.DateField()
    kind = models.CharField(max_length=20)
    former = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    present = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    noticed_at = models.DateTimeField(default=clock.now)
    explanation = models.CharField("説明", max_length=500, blank=True)
    explained_by = models.CharField(max_length=200, blank=True)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "measure_code", "period_kind", "period_first", "kind"),
                condition=models.Q(explained_at__isnull=True),
                name="one_open_anomaly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_code} {self.period_first} {self.kind}"

    @property
    def period(self) -> Period:
        """The period of the number."""
        return Period.containing(self.period_first, PeriodKind(self.period_kind))
