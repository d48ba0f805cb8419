"""What this room offers as open data: the list of procedures, and what they really take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.opendata.hooks import ColumnType, DataColumn, DatasetSource, Frequency
from kakehashi.procedures.models import FilingTally, Procedure, ProcessingTime, Stage
from kakehashi.procedures.models.procedure import KIND_CHOICES
from kakehashi.procedures.selectors.effect import (
    EffectScope,
    ProcedureEffect,
    TallyFilters,
    effects_by_procedure,
    steps_of,
    tallies_of,
)
from kakehashi.procedures.selectors.processing import (
    ENOUGH_FOR_SHARES,
    processing_years,
    public_processing,
    public_time,
)
from kakehashi.procedures.selectors.public import guide_of, public_procedures
from kakehashi.procedures.selectors.waiting import ENOUGH

__all__ = ["FILING_STEPS", "PROCEDURES", "PROCEDURE_EFFECTS", "PROCESSING_TIMES"]

_I, _N, _M, _D = ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MARK, ColumnType.DATE
KINDS = tuple(str(label) for _, label in KIND_CHOICES)


def _procedure_rows() -> Iterator[dict[str, Any]]:
    """Procedures residents may read about, as the resident page tells of them."""
    for row in public_procedures().select_related("department").order_by("name", "id"):
        guide = guide_of(row, "ja")
        yield {
            "id": row.id,
            "name": _line(guide.name),
            "kind": row.get_kind_display(),
            "what_for": _line(guide.what_for),
            "who_may": _line(guide.who_may),
            "needs": ";".join(_line(each) for each in guide.needs),
            "legal_basis": _line(row.legal_basis),
            "department": row.department.name if row.department else "",
            "standard_days": row.standard_processing_days,
            "fee": _line(guide.fee),
            "online": row.stage == Stage.ONLINE,
            "counter": "counter" in row.channels,
            "post": "post" in row.channels,
            "online_since": row.opened_at.astimezone(clock.JST).date() if row.opened_at else None,
        }


def _line(text: str) -> str:
    """Text on one line, since a cell holds one."""
    return " ".join((text or "").split())


def _processing_rows() -> Iterator[dict[str, Any]]:
    """The worker's snapshot, with what is too few left out as on the page."""
    for year in processing_years():
        for row in public_processing(year).order_by("procedure__name", "id"):
            yield _processing_row(row)


def _processing_row(row: ProcessingTime) -> dict[str, Any]:
    shown, procedure = public_time(row), row.procedure
    return {
        "id": f"{row.fiscal_year}-{procedure.id}",
        "fiscal_year": row.fiscal_year,
        "procedure_id": procedure.id,
        "procedure": _line(procedure.name),
        "kind": procedure.get_kind_display(),
        "department": procedure.department.name if procedure.department else "",
        "standard_days": shown.standard_days,
        "unit": row.get_unit_display(),
        "count": shown.count,
        "median_days": shown.median_days,
        "p90_days": shown.p90_days,
        "within_percent": shown.within,
        "first_time_percent": shown.first_time,
        "online_percent": shown.online,
        "completion_percent": shown.completion,
        "suppressed": shown.count is None,
        "measured_on": row.measured_at.astimezone(clock.JST).date(),
    }


def _periods() -> list[Period]:
    """The running fiscal year and the two before it, the oldest first."""
    year = Period.containing(clock.today())
    return [year.previous().previous(), year.previous(), year]


def _effect_rows() -> Iterator[dict[str, Any]]:
    """What each public procedure saved in a year; below `ENOUGH` finished applications no number is given."""
    public = set(public_procedures().order_by().values_list("id", flat=True))
    for period in _periods():
        lines = [line for line in effects_by_procedure(EffectScope(period=period)) if line.procedure.id in public]
        for line in sorted(lines, key=lambda each: (each.procedure.name, each.procedure.id)):
            yield _effect_row(period, line)


def _effect_row(period: Period, line: ProcedureEffect) -> dict[str, Any]:
    is_enough, are_many = line.finished >= ENOUGH, line.finished >= ENOUGH_FOR_SHARES
    saved = {"minutes_saved": line.minutes, "visits_avoided": line.visits, "sheets_avoided": line.sheets}
    return {
        **_of_procedure(period, line.procedure),
        "finished": line.finished if is_enough else None,
        "first_time_percent": line.first_time_right if are_many else None,
        "screen_minutes": line.screen_minutes if are_many else None,
        **{name: value if are_many else None for name, value in saved.items()},
        "suppressed": not is_enough,
    }


def _of_procedure(period: Period, procedure: Procedure) -> dict[str, Any]:
    return {
        "id": f"{period.fiscal_year}-{procedure.id}",
        "fiscal_year": period.fiscal_year,
        "procedure_id": procedure.id,
        "procedure": _line(procedure.name),
        "kind": procedure.get_kind_display(),
        "department": procedure.department.name if procedure.department else "",
    }


def _step_rows() -> Iterator[dict[str, Any]]:
    """How far online applications of public procedures came, step by step; below `ENOUGH_FOR_SHARES` that ended nothing is said."""
    public = public_procedures().select_related("department").order_by("name", "id")
    begun = FilingTally.objects.order_by().values("procedure").distinct()
    procedures = list(public.filter(id__in=begun))
    for period in _periods():
        for procedure in procedures:
            lines = steps_of(procedure, tallies_of(procedure, period, TallyFilters()))
            for at, line in enumerate(lines, 1):
                row = _of_procedure(period, procedure)
                is_enough = line.reached >= ENOUGH_FOR_SHARES
                yield row | {
                    "id": f"{row['id']}-{at}",
                    "position": at,
                    "step": _line(line.title),
                    "reached": line.reached if is_enough else None,
                    "drop_off_percent": line.drop_off if is_enough else None,
                    "suppressed": not is_enough,
                }


PROCEDURES = DatasetSource(
    code="procedures",
    room="procedures",
    title=gettext_noop("手続の一覧"),
    description=gettext_noop(
        "申請や届出の一覧です。何のための手続か、いるもの、手数料、かかる日数の目安がわかります。"
    ),
    theme="GOVE",
    frequency=Frequency.MONTHLY,
    keywords=("手続", "申請", "届出", "手数料", "標準処理期間"),
    rows=_procedure_rows,
    columns=(
        DataColumn("id", "手続ID", is_required=True, is_unique=True, source="Procedure.id"),
        DataColumn("name", "手続名", is_required=True, source="Procedure.name"),
        DataColumn("kind", "種類", vocabulary=KINDS, source="Procedure.kind"),
        DataColumn("what_for", "内容", source="ProcedureText.what_for"),
        DataColumn("who_may", "対象", source="ProcedureText.who_may"),
        DataColumn("needs", "必要なもの", ColumnType.LIST, source="ProcedureText.needs"),
        DataColumn("legal_basis", "根拠", source="Procedure.legal_basis"),
        DataColumn("department", "所管課", source="Department.name"),
        DataColumn("standard_days", "標準処理期間", _I, unit="日", source="Procedure.standard_processing_days"),
        DataColumn("fee", "手数料", source="Procedure.fee"),
        DataColumn("online", "オンライン", _M, source="Procedure.stage"),
        DataColumn("counter", "窓口", _M, source="Procedure.channels"),
        DataColumn("post", "郵送", _M, source="Procedure.channels"),
        DataColumn("online_since", "オンライン開始日", _D, source="Procedure.opened_at"),
    ),
)

PROCESSING_TIMES = DatasetSource(
    code="processing_times",
    room="procedures",
    title=gettext_noop("処理期間の実績"),
    description=gettext_noop(
        "申請の結果が出るまでに、じっさいにかかった日数です。件数が少ないものは、数を出していません。"
    ),
    theme="GOVE",
    frequency=Frequency.MONTHLY,
    keywords=("標準処理期間", "日数", "オンライン率"),
    rows=_processing_rows,
    columns=(
        DataColumn("id", "ID", is_required=True, is_unique=True, source="ProcessingTime.procedure"),
        DataColumn("fiscal_year", "年度", _I, is_required=True, source="ProcessingTime.fiscal_year"),
        DataColumn("procedure_id", "手続ID", source="Procedure.id"),
        DataColumn("procedure", "手続名", is_required=True, source="Procedure.name"),
        DataColumn("kind", "種類", vocabulary=KINDS, source="Procedure.kind"),
        DataColumn("department", "所管課", source="Department.name"),
        DataColumn("standard_days", "標準処理期間", _I, unit="日", source="Procedure.standard_processing_days"),
        DataColumn("unit", "日の数え方", source="ProcessingTime.unit"),
        DataColumn("count", "終わった件数", _I, unit="件", source="ProcessingTime.count"),
        DataColumn("median_days", "日数の中央値", _N, unit="日", source="ProcessingTime.median_days"),
        DataColumn("p90_days", "日数の90パーセンタイル", _N, unit="日", source="ProcessingTime.p90_days"),
        DataColumn("within_percent", "期間のうちの割合", _N, unit="%", source="ProcessingTime.within"),
        DataColumn("first_time_percent", "補正なしの割合", _N, unit="%", source="ProcessingTime.first_time"),
        DataColumn("online_percent", "オンラインの割合", _N, unit="%", source="ProcessingTime.online"),
        DataColumn("completion_percent", "オンライン申請の完了率", _N, unit="%", source="ProcessingTime.completion"),
        DataColumn("suppressed", "秘匿", _M, help="件数が少ないため数を出していないもの"),
        DataColumn("measured_on", "集計日", _D, source="ProcessingTime.measured_at"),
    ),
)

_OF_PROCEDURE = (
    DataColumn("id", "ID", is_required=True, is_unique=True, source="Procedure.id"),
    DataColumn("fiscal_year", "年度", _I, is_required=True, source="ProcessingTime.fiscal_year"),
    DataColumn("procedure_id", "手続ID", source="Procedure.id"),
    DataColumn("procedure", "手続名", is_required=True, source="Procedure.name"),
    DataColumn("kind", "種類", vocabulary=KINDS, source="Procedure.kind"),
    DataColumn("department", "所管課", source="Department.name"),
)

PROCEDURE_EFFECTS = DatasetSource(
    code="procedure_effects",
    room="procedures",
    title=gettext_noop("手続の効果"),
    description=gettext_noop(
        "オンラインにして減った、職員の時間・来庁・紙の数です。前提は役所が書いたものです。件数が少ないものは、数を出していません。"
    ),
    theme="GOVE",
    frequency=Frequency.MONTHLY,
    keywords=("オンライン申請", "効果", "来庁", "紙"),
    rows=_effect_rows,
    columns=(
        *_OF_PROCEDURE,
        DataColumn("finished", "終わった件数", _I, unit="件", source="ProcessingTime.count"),
        DataColumn("first_time_percent", "補正なしの割合", _N, unit="%", source="ProcessingTime.first_time"),
        DataColumn("screen_minutes", "画面での作業の中央値", _I, unit="分", source="HandlingTime.minutes"),
        DataColumn("minutes_saved", "減った職員の時間", _I, unit="分", source="EffectAssumption.minutes_before"),
        DataColumn("visits_avoided", "減った来庁", _I, unit="回", source="EffectAssumption.visits_before"),
        DataColumn("sheets_avoided", "減った紙", _I, unit="枚", source="EffectAssumption.sheets_before"),
        DataColumn("suppressed", "秘匿", _M, help="件数が少ないため数を出していないもの"),
    ),
)

FILING_STEPS = DatasetSource(
    code="filing_steps",
    room="procedures",
    title=gettext_noop("申請のページごとの離脱"),
    description=gettext_noop(
        "オンライン申請の、どのページまで進み、どこでやめた人が多いかです。件数が少ないものは、数を出していません。"
    ),
    theme="GOVE",
    frequency=Frequency.MONTHLY,
    keywords=("オンライン申請", "完了率", "離脱"),
    rows=_step_rows,
    columns=(
        *_OF_PROCEDURE,
        DataColumn("position", "順番", _I, is_required=True, source="FormVersion.definition"),
        DataColumn("step", "ページ", is_required=True, source="FormVersion.definition"),
        DataColumn("reached", "来た数", _I, unit="件", source="FilingTally.steps"),
        DataColumn("drop_off_percent", "やめた割合", _N, unit="%", source="FilingTally.steps"),
        DataColumn("suppressed", "秘匿", _M, help="件数が少ないため数を出していないもの"),
    ),
)
