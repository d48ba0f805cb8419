"""Values that people enter or import. Nothing recorded is ever overwritten."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from kakehashi.indicators.domain.figure import Figure, FigureState, figure_of
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import ManualMeasure, Origin, RecordedValue
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.encodings import decode_text
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import parse_fiscal_year
from kakehashi.kernel.percent import percent
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import WarekiError, parse_wareki

_LARGEST = Decimal(10) ** 15
_HEADINGS = ("年度", "値", "分子", "分母", "調査日", "出所", "訂正の理由")


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
) -> RecordedValue:
    """Record the value of a period, or correct it: then a reason is required and the former value stays as a revision.

    Give `value`, or numerator and denominator of a percentage (rounded half up), or a `state` without a number
    (該当なし, 不明, 未調査). The same value again changes nothing. Writes `indicators.value.recorded` or `.revised`.
    Raises PermissionRefused, and DomainError beside the field.
    """
    require(actor, IndicatorsPermission.RECORD)
    figure = _figure(value, numerator, denominator, state)
    # Two people who correct at once wait for each other: the second sees the first one's value and must give a reason.
    ManualMeasure.objects.select_for_update(of=("self",)).get(id=measure.id)
    before = (
        RecordedValue.objects.select_for_update()
        .filter(measure_code=measure.code, period_kind=period.kind, period_first=period.first)
        .filter(department=None, is_current=True)
        .first()
    )
    if before and before.figure == figure:
        return before
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
        revision=before.revision + 1 if before else 1,
        reason=reason.strip(),
        recorded_by=actor.label,
    )
    record_event(
        actor=actor,
        code="indicators.value.revised" if before else "indicators.value.recorded",
        subject_kind="indicators.manual_measure",
        subject_id=measure.id,
        payload={
            "period": period.code,
            "state": figure.state.value,
            "value": None if figure.value is None else str(figure.value),
            "origin": origin.value,
            "reason": recorded.reason,
        },
    )
    return recorded


@dataclass
class ImportedValues:
    """What an import of values did: how many were recorded, how many were there already, and lines left out with a reason."""

    recorded: int = 0
    unchanged: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)


@service
def import_values(*, actor: Actor, measure: ManualMeasure, content: bytes) -> ImportedValues:
    """Record values from a CSV with the headings 年度, 値 (or 分子 and 分母), 調査日, 出所, 訂正の理由; marked as imported.

    A line that cannot be read is reported and left out. Raises PermissionRefused, and DomainError when the file is no such CSV.
    """
    require(actor, IndicatorsPermission.RECORD)
    result = ImportedValues()
    for line, row in _lines(content):
        try:
            before = RecordedValue.objects.filter(measure_code=measure.code).count()
            _record_line(actor, measure, row)
            changed = RecordedValue.objects.filter(measure_code=measure.code).count() > before
            result.recorded += changed
            result.unchanged += not changed
        except (DomainError, ValueError) as problem:
            result.broken.append((line, getattr(problem, "message", str(problem))))
    return result


def _lines(content: bytes) -> list[tuple[int, dict[str, str]]]:
    text, _ = decode_text(content, refuse=partial(DomainError, field="file", code="unreadable"))
    reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""))
    if "年度" not in (reader.fieldnames or ()):
        raise DomainError(f"見出しに{'、'.join(_HEADINGS[:2])}が必要です。", field="file", code="unreadable")
    try:
        return [(reader.line_num, {key: str(row.get(key) or "").strip() for key in _HEADINGS}) for row in reader]
    except csv.Error as problem:
        raise DomainError("CSVとして読めません。", field="file", code="unreadable") from problem


def _record_line(actor: Actor, measure: ManualMeasure, row: dict[str, str]) -> None:
    try:
        period = Period.year(parse_fiscal_year(row["年度"]))
        surveyed_on = parse_wareki(row["調査日"]) if row["調査日"] else None
    except WarekiError as problem:
        raise DomainError(str(problem)) from problem
    words = {"該当なし": FigureState.NOT_APPLICABLE, "不明": FigureState.UNKNOWN, "未調査": FigureState.NOT_SURVEYED}
    record_value(
        actor=actor,
        measure=measure,
        period=period,
        value=None if row["値"] in words else _decimal(row["値"]),
        numerator=_decimal(row["分子"]),
        denominator=_decimal(row["分母"]),
        state=words.get(row["値"], FigureState.MEASURED),
        source=row["出所"],
        surveyed_on=surveyed_on,
        reason=row["訂正の理由"],
        origin=Origin.IMPORTED,
    )


def _decimal(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(",", "").removesuffix("%").removesuffix("％"))
    except InvalidOperation:
        raise DomainError(f"「{text}」を数として読み取れません。", field="value") from None


def _figure(
    value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, state: FigureState
) -> Figure:
    if state in (FigureState.NOT_APPLICABLE, FigureState.UNKNOWN, FigureState.NOT_SURVEYED):
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
    return figure_of(value.quantize(Decimal("0.0001")).normalize() + Decimal(0))


def _shared(value: Decimal | None, numerator: Decimal, denominator: Decimal) -> Figure:
    share = percent(numerator, denominator)
    if value is not None and share is not None and abs(value - share) > Decimal("0.1"):
        raise DomainError(f"値{value}は分子÷分母({share})と合いません。", field="value", code="contradiction")
    return figure_of(share, numerator=numerator, denominator=denominator)
