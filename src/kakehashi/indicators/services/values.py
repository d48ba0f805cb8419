"""Values that people enter or import. Nothing recorded is ever overwritten."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial

from kakehashi.indicators.domain.figure import STATE_WORDS, WITHOUT_NUMBER, Figure, FigureState, figure_of
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import ReportStage
from kakehashi.indicators.models import Finality, ManualMeasure, Origin, RecordedValue, ValueReport
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
_HEADINGS = ("年度", "値", "分子", "分母", "調査日", "出所", "速報・確定", "訂正の理由")
_NO_VALUES = {
    **{STATE_WORDS[state][0]: state for state in WITHOUT_NUMBER},
    "調査無し": FigureState.NOT_SURVEYED,
    "調査なし": FigureState.NOT_SURVEYED,
    "該当無し": FigureState.NOT_APPLICABLE,
}
_FINALITIES = {"": Finality.CONFIRMED, **{one.label: one for one in Finality}}


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
    before = (
        RecordedValue.objects.select_for_update()
        .filter(measure_code=measure.code, period_kind=period.kind, period_first=period.first)
        .filter(department=None, is_current=True)
        .first()
    )
    if before and before.figure == figure and before.finality == finality:
        return before
    if ValueReport.objects.filter(
        measure=measure, period_kind=period.kind, period_first=period.first, stage=ReportStage.LOCKED
    ).exists():
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
            "finality": Finality(finality).value,
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
    """Record values from a CSV with the headings 年度, 値 (or 分子 and 分母), 調査日, 出所, 速報・確定, 訂正の理由; marked as imported.

    「未調査」「該当なし」「対象外」「不明」 and an empty value are kept apart from 0 and from each other. A line that cannot be read is reported and left out. Raises PermissionRefused, and DomainError when the file is no such CSV.
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
    if not row["年度"]:
        raise DomainError("年度を書いてください。")
    try:
        period = Period.year(parse_fiscal_year(row["年度"]))
        surveyed_on = parse_wareki(row["調査日"]) if row["調査日"] else None
    except WarekiError as problem:
        raise DomainError(str(problem)) from problem
    state = _NO_VALUES.get(row["値"], FigureState.MEASURED)
    if not row["値"] and not row["分子"] and not row["分母"]:
        # An empty cell was published as such: it is neither zero nor "not surveyed".
        state = FigureState.BLANK
    if row["速報・確定"] not in _FINALITIES:
        raise DomainError(f"「{row['速報・確定'][:20]}」は、速報か確定にしてください。")
    record_value(
        actor=actor,
        measure=measure,
        period=period,
        value=_decimal(row["値"]) if state is FigureState.MEASURED else None,
        numerator=_decimal(row["分子"]),
        denominator=_decimal(row["分母"]),
        state=state,
        finality=_FINALITIES[row["速報・確定"]],
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
