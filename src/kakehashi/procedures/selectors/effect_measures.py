"""効果 as measures: 完了率, 補正なし, 日数, and what is saved by not coming on paper. Every figure is made of rows one can open."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from kakehashi.indicators.hooks import Column, DenominatorPolicy, Direction, Measure, Period, Statistic
from kakehashi.procedures.domain.deliveries import Standing, Way
from kakehashi.procedures.models import (
    Application,
    Channel,
    DocumentDelivery,
    EffectAssumption,
    FilingTally,
    HandlingTime,
)
from kakehashi.procedures.selectors.processing import finished_in, needs_no_correction

__all__ = ["EFFECT_MEASURES", "with_saved"]


def _begun(period: Period) -> QuerySet[FilingTally]:
    rows: QuerySet[FilingTally] = FilingTally.objects.filter(day__range=(period.first, period.last))
    return rows.select_related("procedure").defer("procedure__survey")


def _handed_in(period: Period) -> QuerySet[FilingTally]:
    return _begun(period).filter(submitted__gt=0).annotate(counted=F("submitted"))


def _ended(period: Period) -> QuerySet[FilingTally]:
    return _begun(period).annotate(counted=F("submitted") + F("stopped")).filter(counted__gt=0)


def _finished(period: Period) -> QuerySet[Application]:
    return finished_in(period).select_related("procedure", "case").defer("answers", "procedure__survey")


def _first_time(period: Period) -> QuerySet[Application]:
    return _finished(period).filter(needs_no_correction())


def _judged(period: Period) -> QuerySet[Application]:
    return _finished(period).filter(procedure__standard_processing_days__isnull=False)


def _within(period: Period) -> QuerySet[Application]:
    return _judged(period).filter(days_to_decision__lte=F("procedure__standard_processing_days"))


def _measured(period: Period) -> QuerySet[HandlingTime]:
    rows: QuerySet[HandlingTime] = HandlingTime.objects.filter(application__in=finished_in(period).values("id"))
    return rows.select_related("application__procedure")


def _fetched_at_counter() -> Any:
    """The deliveries of an application that were handed over at the counter, as a filter by `OuterRef`."""
    return DocumentDelivery.objects.filter(
        application=OuterRef("pk"), way=Way.COUNTER.value, standing=Standing.ARRIVED.value
    )


def _online(period: Period, name: str) -> Any:
    """What came online and was finished, with `saved` of one pair of the assumption."""
    return with_saved(_finished(period).filter(channel=Channel.ONLINE), name, "saved")


def with_saved(rows: Any, name: str, called: str) -> Any:
    """Applications with what each saves (`minutes`, `visits` or `sheets`) under the name `called`; NULL where nobody assumed anything.

    The assumption is the procedure's own, else its kind's; a visit to fetch the result at the counter is one that was not saved.
    """
    difference = F(f"{name}_before") - F(f"{name}_online")
    known = EffectAssumption.objects.annotate(difference=difference).filter(difference__isnull=False)
    own = known.filter(procedure=OuterRef("procedure_id")).values("difference")[:1]
    of_kind = known.filter(procedure__isnull=True, kind=OuterRef("procedure__kind")).values("difference")[:1]
    saved: Any = Coalesce(Subquery(own), Subquery(of_kind), output_field=IntegerField())
    if name == "visits":
        saved -= Case(When(Exists(_fetched_at_counter()), then=Value(1)), default=Value(0))
    return rows.annotate(**{called: saved})


def _saved(name: str) -> tuple[Any, Any]:
    """The rows whose assumption is known, and those of which nobody said anything."""
    return (
        lambda period: _online(period, name).filter(saved__isnull=False),
        lambda period: _online(period, name).filter(saved__isnull=True),
    )


def _application_url(row: Any) -> str:
    return reverse("procedures-staff:application", args=[row.id])


def _measured_url(row: Any) -> str:
    return reverse("procedures-staff:application", args=[row.application_id])


def _tally_url(row: Any) -> str:
    return reverse("procedures-staff:procedure-effect", args=[row.procedure_id])


_FINISHED_COLUMNS = (
    Column("受付番号", lambda row: row.receipt_label),
    Column("手続", lambda row: row.procedure.name),
    Column("方法", lambda row: row.get_channel_display()),
    Column("到達日", lambda row: row.arrived_on),
    Column("日数", lambda row: row.days_to_decision),
)
_SAVED_COLUMNS = (*_FINISHED_COLUMNS[:4], Column("減った数", lambda row: row.saved))
_TALLY_COLUMNS = (
    Column("始めた日", lambda row: row.day),
    Column("手続", lambda row: row.procedure.name),
    Column("様式の版", lambda row: row.version),
    Column("言語", lambda row: row.get_language_display()),
    Column("端末", lambda row: row.get_device_display()),
    Column("提出", lambda row: row.submitted),
    Column("途中でやめた", lambda row: row.stopped),
    Column("書きかけ", lambda row: row.open),
)
_MEASURED_COLUMNS = (
    Column("受付番号", lambda row: row.application.receipt_label),
    Column("手続", lambda row: row.application.procedure.name),
    Column("作業（分）", lambda row: row.minutes),
    Column("記録の数", lambda row: row.moments),
)
_NOT_ASSUMED = "前提が書かれていない手続の申請は入れず、件数を別に示します。"


def _saving(name: str, code: str, label: str, unit: str, formula: str) -> Measure:
    known, unknown = _saved(name)
    return Measure(
        code=f"procedures.{code}",
        label=label,
        unit=unit,
        direction=Direction.UP,
        formula_text=formula,
        version=1,
        numerator=known,
        denominator_policy=_NOT_ASSUMED,
        unknown=unknown,
        statistic=Statistic.SUM,
        value="saved",
        row_columns=_SAVED_COLUMNS,
        row_url=_application_url,
        department_path="procedure__department",
    )


EFFECT_MEASURES = (
    Measure(
        code="procedures.completion_rate",
        label="オンライン申請の完了率",
        unit="%",
        direction=Direction.UP,
        formula_text="提出された数 ÷（提出された数＋途中でやめた数）。期間に始めたもの。7日さわられていないもの、消されたものを「途中でやめた」とし、書きかけは入れない",
        version=1,
        numerator=_handed_in,
        denominator=_ended,
        value="counted",
        row_columns=_TALLY_COLUMNS,
        row_url=_tally_url,
        department_path="procedure__department",
        numerator_label="提出",
        denominator_label="提出＋途中でやめた",
    ),
    Measure(
        code="procedures.first_time_right",
        label="補正なしで終わった割合",
        unit="%",
        direction=Direction.UP,
        formula_text="補正を一度も求めずに終わった申請 ÷ 終わった申請（取下げを除く）",
        version=1,
        numerator=_first_time,
        denominator=_finished,
        row_columns=_FINISHED_COLUMNS,
        row_url=_application_url,
        department_path="procedure__department",
        numerator_label="補正なし",
        denominator_label="終わった申請",
    ),
    Measure(
        code="procedures.within_standard_period",
        label="標準処理期間のうちに終わった割合",
        unit="%",
        direction=Direction.UP,
        formula_text="処理日数が標準処理期間以内の申請 ÷ 標準処理期間を定めた手続の、終わった申請",
        version=1,
        numerator=_within,
        denominator=_judged,
        denominator_policy=DenominatorPolicy.APPLICABLE_ONLY,
        row_columns=_FINISHED_COLUMNS,
        row_url=_application_url,
        department_path="procedure__department",
        numerator_label="期間のうち",
        denominator_label="期間のある申請",
    ),
    Measure(
        code="procedures.days_to_decision_p90",
        label="処理日数（90パーセンタイル）",
        unit="日",
        direction=Direction.DOWN,
        formula_text="到達から結果が決まるまでの日数を短い順に並べ、90%の申請がその日数以内に終わった日数（補正を待った日は数えない。日の数え方は手続ごとの定めによる）",
        version=1,
        numerator=_finished,
        statistic=Statistic.P90,
        value="days_to_decision",
        row_columns=_FINISHED_COLUMNS,
        row_url=_application_url,
        department_path="procedure__department",
    ),
    _saving(
        "minutes",
        "minutes_saved",
        "減った職員の時間（前提による）",
        "分",
        "オンラインで届いて終わった申請ごとに（紙のときの職員の時間 − オンラインのときの職員の時間）の合計。時間は手続（なければ種類）の前提",
    ),
    _saving(
        "visits",
        "visits_avoided",
        "減った来庁",
        "回",
        "オンラインで届いて終わった申請ごとに（紙のときの来庁 − オンラインのときの来庁 − 窓口で結果を受け取った1回）の合計。来庁の回数は手続（なければ種類）の前提",
    ),
    _saving(
        "sheets",
        "sheets_avoided",
        "減った紙",
        "枚",
        "オンラインで届いて終わった申請ごとに（紙のときの枚数 − オンラインのときの枚数）の合計。枚数は手続（なければ種類）の前提",
    ),
    Measure(
        code="procedures.screen_minutes",
        label="画面での作業時間（実測・中央値）",
        unit="分",
        direction=Direction.DOWN,
        formula_text="申請1件について、同じ職員の操作・閲覧の記録が10分以内に続く間を足した時間（続きの終わりは1分とする）の中央値。画面の外の作業は入らない",
        version=1,
        numerator=_measured,
        statistic=Statistic.MEDIAN,
        value="minutes",
        row_columns=_MEASURED_COLUMNS,
        row_url=_measured_url,
        department_path="application__procedure__department",
    ),
)
"""Registered with the room's other measures when the program starts; the pages of 効果 show the same ones."""
