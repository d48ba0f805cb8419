"""What the questions after 30 and 90 days say, as measures of the plan."""

from __future__ import annotations

from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.urls import reverse

from kakehashi.desk.models import Consultation, EffectCheck
from kakehashi.desk.selectors.effects import effect_checks, with_hours
from kakehashi.desk.selectors.measures import measured, resolved, yearly_times
from kakehashi.indicators.hooks import Column, DenominatorPolicy, Direction, Measure, Period, Statistic


def confirmed(period: Period) -> QuerySet[EffectCheck]:
    """Return the answers of the 90-day question in the period whose hours are known; the 30-day one would count twice."""
    return with_hours(_answered(period).filter(after_days=90))


def unconfirmed(period: Period) -> QuerySet[EffectCheck]:
    """Return the 90-day answers without numbers, with `hours` None: unknown, not zero."""
    answered = _answered(period).filter(after_days=90)
    return answered.exclude(id__in=confirmed(period).values("id")).annotate(
        hours=Value(None, output_field=DecimalField())
    )


def given_up(period: Period) -> QuerySet[Any]:
    """Return the work that was given up in the period, with the `hours` a year it took."""
    return measured(period).filter(after_cases=0, after_minutes=0)


def asked(period: Period) -> QuerySet[EffectCheck]:
    """Return the questions that were asked in the period."""
    return effect_checks().filter(asked_at__gte=period.start_at, asked_at__lt=period.end_at)


def answered_of_asked(period: Period) -> QuerySet[EffectCheck]:
    """Return those of them that were answered, whenever."""
    return asked(period).filter(answered_at__isnull=False)


def with_paper(period: Period) -> QuerySet[Any]:
    """Return the solved consultations whose paper was counted on both sides, with the `sheets` a year saved."""
    saved = F("before_sheets") * F("count") * yearly_times() - F("after_sheets") * F("after_cases")
    return (
        resolved(period)
        .filter(count__isnull=False, before_sheets__isnull=False, after_sheets__isnull=False, after_cases__isnull=False)
        .annotate(sheets=ExpressionWrapper(saved, output_field=IntegerField()))
    )


def without_paper(period: Period) -> QuerySet[Consultation]:
    """Return the solved consultations whose paper nobody counted, with `sheets` None."""
    uncounted = resolved(period).exclude(id__in=with_paper(period).values("id"))
    return uncounted.annotate(sheets=Value(None, output_field=IntegerField()))


def _answered(period: Period) -> QuerySet[EffectCheck]:
    return effect_checks().filter(answered_at__gte=period.start_at, answered_at__lt=period.end_at)


def _page(row: Consultation) -> str:
    return reverse("desk-staff:consultation", args=[row.id])


def _check_page(row: EffectCheck) -> str:
    return reverse("desk-staff:effect", args=[row.id])


_OF_CONSULTATION = (
    Column("業務", lambda row: row.task),
    Column("課", lambda row: row.department.name if row.department else ""),
    Column("解決した日", lambda row: row.resolved_at),
)
_OF_CHECK = (
    Column("業務", lambda row: row.consultation.task),
    Column("課", lambda row: row.consultation.department.name if row.consultation.department else ""),
    Column("何日後", lambda row: row.after_days),
    Column("聞いた日", lambda row: row.asked_at),
    Column("回答した日", lambda row: row.answered_at),
)

EFFECT_MEASURES = (
    Measure(
        code="desk.hours_confirmed",
        label="90日後に確かめた、生み出した時間",
        unit="時間/年",
        direction=Direction.UP,
        formula_text="期間内に回答のあった「90日後の効果の確認」について、（前の分/件 × 前の件数/年 − いまの分/件 × いまの件数/年）÷ 60 の合計。",
        version=1,
        numerator=confirmed,
        unknown=unconfirmed,
        statistic=Statistic.SUM,
        value="hours",
        row_columns=(*_OF_CHECK, Column("時間/年", lambda row: row.hours)),
        row_url=_check_page,
        department_path="consultation__department",
    ),
    Measure(
        code="desk.hours_discontinued",
        label="業務をやめて生み出した時間",
        unit="時間/年",
        direction=Direction.UP,
        formula_text="期間内に業務そのものをやめて解決した相談について、前の分/件 × 前の件数/年 ÷ 60 の合計。",
        version=1,
        numerator=given_up,
        statistic=Statistic.SUM,
        value="hours",
        row_columns=(*_OF_CONSULTATION, Column("時間/年", lambda row: row.hours)),
        row_url=_page,
        department_path="department",
    ),
    Measure(
        code="desk.effect_answered",
        label="効果の確認に回答があった割合",
        unit="%",
        direction=Direction.UP,
        formula_text="期間内に聞いた効果の確認（30日後・90日後）のうち、回答があったものの割合。",
        version=1,
        numerator=answered_of_asked,
        denominator=asked,
        denominator_policy=DenominatorPolicy.ALL,
        row_columns=_OF_CHECK,
        row_url=_check_page,
        department_path="consultation__department",
    ),
    Measure(
        code="desk.paper_saved",
        label="減らした紙",
        unit="枚/年",
        direction=Direction.UP,
        formula_text="期間内に解決した相談について、前の枚/件 × 前の件数/年 − 後の枚/件 × 後の件数/年 の合計。",
        version=1,
        numerator=with_paper,
        unknown=without_paper,
        statistic=Statistic.SUM,
        value="sheets",
        row_columns=(*_OF_CONSULTATION, Column("枚/年", lambda row: row.sheets)),
        row_url=_page,
        department_path="department",
        places=0,
    ),
)
