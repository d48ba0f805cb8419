"""Values that people enter or import. Nothing recorded is ever overwritten."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kakehashi.indicators.domain.figure import WITHOUT_NUMBER, Figure, FigureState, figure_of
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import ReportStage
from kakehashi.indicators.models import Finality, ManualMeasure, Origin, RecordedValue, ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.percent import percent
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

_LARGEST = Decimal(10) ** 15


@service
def record_value(
    *,
    actor: Actor,
    measure: ManualMeasure,
    period: Period,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    state: FigureState = FigureState.MEASURED,
    source: str = "",
    surveyed_on: date | None = None,
    reason: str = "",
    origin: Origin = Origin.ENTERED,
    finality: Finality = Finality.CONFIRMED,
    written_by: str = "",
) -> RecordedValue:
    """Record the value of a period, or correct it: then a reason is required and the former value stays as a revision.

    Give `value`, or numerator and denominator of a percentage (rounded half up), or a `state` without a number (該当なし, 対象外,
    未調査, 不明, 空欄). A value of a locked year is corrected only by who may approve. The same value again changes nothing. Writes `indicators.value.recorded` or `.revised`.
    Raises PermissionRefused, and DomainError beside the field.
    """
    require(actor, IndicatorsPermission.RECORD)
    figure = checked_figure(value, numerator, denominator, state)
    # Two people who correct at once wait for each other: the second sees the first one's value and must give a reason.
    ManualMeasure.objects.select_for_update(of=("self",)).get(id=measure.id)
    before = _current(measure, period)
    if before and before.figure == figure and before.finality == finality:
        return before
    if _is_locked(measure, period):
        require(actor, IndicatorsPermission.APPROVE)
        finality = Finality.CORRECTED
    if before and not reason.strip():
        raise DomainError("値を訂正する理由を書いてください。前の値も残ります。", field="reason", code="required")
    if before:
        before.is_current = False
        before.save(update_fields=["is_current"])
    recorded = RecordedValue.objects.create(
        measure_code=measure.code,
        measure_version=measure.version,
        period_kind=period.kind,
        period_first=period.first,
        state=figure.state,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        origin=origin,
        source=source.strip() or measure.source,
        surveyed_on=surveyed_on,
        finality=finality,
        revision=before.revision + 1 if before else 1,
        reason=reason.strip(),
        recorded_by=written_by or actor.label,
    )
    _tell(actor, measure, recorded)
    return recorded


def _current(measure: ManualMeasure, period: Period) -> RecordedValue | None:
    rows = RecordedValue.objects.select_for_update().filter(measure_code=measure.code, department=None, is_current=True)
    return rows.filter(period_kind=period.kind, period_first=period.first).first()


def _is_locked(measure: ManualMeasure, period: Period) -> bool:
    rows = ValueReport.objects.filter(measure=measure, period_kind=period.kind, period_first=period.first)
    return rows.filter(stage=ReportStage.LOCKED).exists()


def _tell(actor: Actor, measure: ManualMeasure, recorded: RecordedValue) -> None:
    """Write into the journal that a value was recorded, or revised."""
    record_event(
        actor=actor,
        code="indicators.value.revised" if recorded.revision > 1 else "indicators.value.recorded",
        subject_kind="indicators.manual_measure",
        subject_id=measure.id,
        payload={
            "period": recorded.period.code,
            "state": str(recorded.state),
            "value": None if recorded.value is None else str(recorded.value),
            "origin": str(recorded.origin),
            "finality": str(recorded.finality),
            "reason": recorded.reason,
        },
    )


def checked_figure(
    value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, state: FigureState
) -> Figure:
    """The figure of what somebody typed. Raises DomainError beside the field."""
    if state in WITHOUT_NUMBER:
        return Figure(state)
    for name, number in (("value", value), ("numerator", numerator), ("denominator", denominator)):
        if number is not None and (not number.is_finite() or abs(number) >= _LARGEST):
            raise DomainError("大きすぎるか、数ではない値です。", field=name)
    if (numerator is None) != (denominator is None):
        raise DomainError("分子と分母は両方書いてください。", field="numerator", code="required")
    if numerator is not None and denominator is not None:
        if denominator <= 0:
            raise DomainError(
                "分母は1以上にしてください。対象がないときは「該当なし」を選びます。", field="denominator"
            )
        return _shared(value, numerator, denominator)
    if value is None:
        raise DomainError("値を書くか、値がない理由を選んでください。", field="value", code="required")
    return figure_of(value.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize() + Decimal(0))


def _shared(value: Decimal | None, numerator: Decimal, denominator: Decimal) -> Figure:
    share = percent(numerator, denominator)
    if value is not None and share is not None and abs(value - share) > Decimal("0.1"):
        raise DomainError(f"値{value}は分子÷分母({share})と合いません。", field="value", code="contradiction")
    return figure_of(share, numerator=numerator, denominator=denominator)
