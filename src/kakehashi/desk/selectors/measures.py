"""What can be counted at the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DecimalField, ExpressionWrapper, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Extract
from django.urls import reverse

from kakehashi.desk.domain.effect import TIMES_A_YEAR
from kakehashi.desk.models import Consultation
from kakehashi.indicators.hooks import Column, Direction, Measure, Period, Statistic


def resolved(period: Period) -> QuerySet[Consultation]:
    """Return the consultations that were solved in the period, given-up tasks included."""
    rows: QuerySet[Consultation] = Consultation.objects.filter(
        resolved_at__gte=period.start_at, resolved_at__lt=period.end_at
    )
    return rows.select_related("department")


def resolved_with_days(period: Period) -> QuerySet[Any]:
    """Return the same rows with `days`, from filing to solution, in calendar days with a fraction."""
    seconds = Extract(F("resolved_at") - F("filed_at"), "epoch")
    return (
        resolved(period)
        .filter(filed_at__isnull=False)
        .annotate(days=ExpressionWrapper(seconds / Value(86_400.0), output_field=FloatField()))
    )


def yearly_times() -> Case:
    """Return how often a task of a row's frequency recurs in a year."""
    return Case(
        *(When(frequency=frequency.value, then=Value(times)) for frequency, times in TIMES_A_YEAR.items()),
        default=Value(1),
    )


def measured(period: Period) -> QuerySet[Any]:
    """Return the solved consultations whose time before and after was measured, with `hours` released in a year."""
    hours = (F("minutes_each") * F("count") * yearly_times() - F("after_minutes") * F("after_cases")) / Value(60)
    return (
        resolved(period)
        .filter(count__isnull=False, minutes_each__isnull=False, after_minutes__isnull=False, after_cases__isnull=False)
        .annotate(hours=ExpressionWrapper(hours, output_field=DecimalField(max_digits=14, decimal_places=1)))
    )


def unmeasured(period: Period) -> QuerySet[Consultation]:
    """Return the solved consultations for which one side was not measured, with `hours` None: unknown, not zero."""
    return (
        resolved(period)
        .exclude(id__in=measured(period).values("id"))
        .annotate(hours=Value(None, output_field=DecimalField()))
    )


def _page(row: Consultation) -> str:
    return reverse("desk-staff:consultation", args=[row.id])


_COLUMNS = (
    Column("業務", lambda row: row.task),
    Column("課", lambda row: row.department.name if row.department else ""),
    Column("状態", lambda row: row.state_label),
    Column("解決した日", lambda row: row.resolved_at),
)

MEASURES = (
    Measure(
        code="desk.consultations_resolved",
        label="解決した相談",
        unit="件",
        direction=Direction.UP,
        formula_text="期間内に「解決」または「業務廃止で解決」になった相談の件数。",
        version=1,
        numerator=resolved,
        row_columns=_COLUMNS,
        row_url=_page,
        department_path="department",
        places=0,
    ),
    Measure(
        code="desk.days_to_resolve",
        label="相談から解決までの日数",
        unit="日",
        direction=Direction.DOWN,
        formula_text="期間内に解決した相談について、相談した時から解決した時までの日数（暦日）の中央値。",
        version=1,
        numerator=resolved_with_days,
        statistic=Statistic.MEDIAN,
        value="days",
        row_columns=(*_COLUMNS, Column("日数", lambda row: round(row.days, 1))),
        row_url=_page,
        department_path="department",
    ),
    Measure(
        code="desk.hours_released",
        label="生み出した時間",
        unit="時間/年",
        direction=Direction.UP,
        formula_text="期間内に解決した相談について、（前の分/件 × 前の件数/年 − 後の分/件 × 後の件数/年）÷ 60 の合計。測っていないものは含めません。",
        version=1,
        numerator=measured,
        unknown=unmeasured,
        statistic=Statistic.SUM,
        value="hours",
        row_columns=(*_COLUMNS, Column("時間/年", lambda row: row.hours)),
        row_url=_page,
        department_path="department",
    ),
)
