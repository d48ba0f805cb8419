"""What this room lets count: オンライン化率, 利用率, days to decision."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kakehashi.indicators.hooks import Column, DenominatorPolicy, Direction, Measure, Period, Statistic
from kakehashi.procedures.models import Application, Channel, Procedure
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.selectors.effect_measures import EFFECT_MEASURES
from kakehashi.procedures.selectors.inventory import IN_SCOPE, ONLINE

__all__ = ["MEASURES"]


_COUNTED = Q(volume__isnull=False, volume_source=VolumeSource.OWN)


def _in_scope(period: Period) -> QuerySet[Procedure]:
    rows: QuerySet[Procedure] = Procedure.objects.filter(IN_SCOPE)
    return rows.filter(created_at__lt=period.end_at).select_related("department").defer("survey")


def _online(period: Period) -> QuerySet[Procedure]:
    return _in_scope(period).filter(ONLINE)


def _known(period: Period) -> QuerySet[Procedure]:
    # National counts are weights, not this town's number: they are not added to its own.
    return _in_scope(period).filter(_COUNTED)


def _known_online(period: Period) -> QuerySet[Procedure]:
    return _known(period).filter(ONLINE)


def _unknown(period: Period) -> QuerySet[Procedure]:
    return _in_scope(period).exclude(_COUNTED)


def _filed(period: Period) -> QuerySet[Application]:
    rows: QuerySet[Application] = Application.objects.filter(arrived_on__range=(period.first, period.last))
    return rows.select_related("procedure", "case").defer("answers", "procedure__survey")


def _filed_online(period: Period) -> QuerySet[Application]:
    return _filed(period).filter(channel=Channel.ONLINE)


def _finished(period: Period) -> QuerySet[Application]:
    rows: QuerySet[Application] = Application.objects.filter(
        completed_at__gte=period.start_at, completed_at__lt=period.end_at, days_to_decision__isnull=False
    )
    return rows.select_related("procedure", "case").defer("answers", "procedure__survey")


def _procedure_url(row: Any) -> str:
    return reverse("procedures-staff:procedure", args=[row.id])


def _application_url(row: Any) -> str:
    return reverse("procedures-staff:application", args=[row.id])


_PROCEDURE_COLUMNS = (
    Column("手続", lambda row: row.name),
    Column("種類", lambda row: row.get_kind_display()),
    Column("段階", lambda row: row.stage_words),
    Column("年間件数", lambda row: "不明" if row.volume is None else row.volume),
    Column("件数の出典", lambda row: row.get_volume_source_display()),
)
_APPLICATION_COLUMNS = (
    Column("受付番号", lambda row: row.receipt_label),
    Column("手続", lambda row: row.procedure.name),
    Column("方法", lambda row: row.get_channel_display()),
    Column("到達日", lambda row: row.arrived_on),
    Column("状態", lambda row: row.state_label),
)

MEASURES = (
    Measure(
        code="procedures.online_rate",
        label="オンライン化率（手続の数）",
        unit="%",
        direction=Direction.UP,
        formula_text="オンラインで申請できる手続の数（ほかのシステムで受け付けるものを含む） ÷ 手続台帳の手続の数（対象外を除く）",
        version=2,
        numerator=_online,
        denominator=_in_scope,
        denominator_policy=DenominatorPolicy.APPLICABLE_ONLY,
        row_columns=_PROCEDURE_COLUMNS,
        row_url=_procedure_url,
        department_path="department",
        is_stock=True,
        numerator_label="オンラインの手続",
        denominator_label="対象の手続",
    ),
    Measure(
        code="procedures.online_rate_by_volume",
        label="オンライン化率（年間件数）",
        unit="%",
        direction=Direction.UP,
        formula_text="オンラインで申請できる手続の年間件数の合計 ÷ 自団体の年間件数がわかる手続の年間件数の合計（対象外を除く。全国調査の件数は使わない）",
        version=2,
        numerator=_known_online,
        denominator=_known,
        denominator_policy=DenominatorPolicy.KNOWN_ONLY,
        unknown=_unknown,
        value="volume",
        row_columns=_PROCEDURE_COLUMNS,
        row_url=_procedure_url,
        department_path="department",
        is_stock=True,
        numerator_label="オンラインの手続の件数",
        denominator_label="件数のわかる手続の件数",
    ),
    Measure(
        code="procedures.usage_rate",
        label="オンライン利用率",
        unit="%",
        direction=Direction.UP,
        formula_text="オンラインで届いた申請 ÷ 届いた申請のすべて（窓口・郵送を含む）",
        version=1,
        numerator=_filed_online,
        denominator=_filed,
        row_columns=_APPLICATION_COLUMNS,
        row_url=_application_url,
        department_path="procedure__department",
        numerator_label="オンラインの申請",
        denominator_label="すべての申請",
    ),
    Measure(
        code="procedures.days_to_decision",
        label="処理日数（中央値）",
        unit="日",
        direction=Direction.DOWN,
        formula_text="到達から結果が決まるまでの日数の中央値（補正を待った日は数えない。日の数え方は手続ごとの定めによる）",
        version=1,
        numerator=_finished,
        statistic=Statistic.MEDIAN,
        value="days_to_decision",
        row_columns=(*_APPLICATION_COLUMNS, Column("日数", lambda row: row.days_to_decision)),
        row_url=_application_url,
        department_path="procedure__department",
    ),
    *EFFECT_MEASURES,
)
"""Registered when the program starts."""
