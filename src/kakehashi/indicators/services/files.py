"""Values from a file: each line becomes a report, marked as imported, which somebody else approves."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.db import transaction

from kakehashi.indicators.domain.figure import STATE_WORDS, WITHOUT_NUMBER, Figure, FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import UNDER_WAY, ReportStage
from kakehashi.indicators.models import Finality, ManualMeasure, Origin, RecordedValue, ReportingRule, ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors.reporting import imported_stage
from kakehashi.indicators.services.reports import submit_report, write_report
from kakehashi.indicators.services.values import checked_figure
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.encodings import decode_text
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.fiscal_year import parse_fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import WarekiError, parse_wareki

_HEADINGS = ("年度", "値", "分子", "分母", "調査日", "出所", "速報・確定", "訂正の理由")
_NO_VALUES = {
    **{STATE_WORDS[state][0]: state for state in WITHOUT_NUMBER},
    "調査無し": FigureState.NOT_SURVEYED,
    "調査なし": FigureState.NOT_SURVEYED,
    "該当無し": FigureState.NOT_APPLICABLE,
}
_FINALITIES = {"": Finality.CONFIRMED, **{one.label: one for one in Finality}}


@dataclass
class ImportedValues:
    """What an import of values did: how many reports it made, how many values stood already, and lines left out with a reason."""

    stage: ReportStage
    reported: int = 0
    unchanged: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)
    lines: list[ImportedLine] = field(default_factory=list)


@dataclass(frozen=True)
class ImportedLine:
    """A line that became a report: its period, its figure, the figure that stands now (None: none yet), and the reason of a correction."""

    period: Period
    figure: Figure
    former: Figure | None
    finality: str
    note: str


def preview_values(*, actor: Actor, measure: ManualMeasure, content: bytes) -> ImportedValues:
    """What `import_values` would do with a file; nothing is kept. Raises what it raises."""
    with transaction.atomic():
        result = import_values(actor=actor, measure=measure, content=content)
        transaction.set_rollback(True)
    return result


@service
def import_values(*, actor: Actor, measure: ManualMeasure, content: bytes) -> ImportedValues:
    """Make reports from a CSV with the headings 年度, 値 (or 分子 and 分母), 調査日, 出所, 速報・確定, 訂正の理由; marked as imported.

    By the government's rule they are handed in or stay drafts; none is recorded without approval. 「未調査」「該当なし」「対象外」「不明」 and
    an empty value are kept apart from 0 and from each other. A line that cannot be read, or whose period is handed in already, is
    named and left out. Raises PermissionRefused, and DomainError when the file is no such CSV.
    """
    require(actor, IndicatorsPermission.RECORD)
    result = ImportedValues(imported_stage())
    for line, row in _lines(content):
        try:
            made = _report_line(actor, measure, row)
            if made is not None and result.stage is ReportStage.SUBMITTED:
                submit_report(actor=actor, report=made)
            if made is not None:
                result.lines.append(_told(measure, made))
            result.reported += made is not None
            result.unchanged += made is None
        except (DomainError, Stale, ValueError) as problem:
            result.broken.append((line, getattr(problem, "message", str(problem))))
    return result


@service
def set_reporting_rule(*, actor: Actor, stage: ReportStage) -> None:
    """Say whether values from a file are handed in at once or stay drafts, and write `indicators.rule.set`.

    Raises PermissionRefused, and DomainError for another stage: no file is approved by itself.
    """
    require(actor, IndicatorsPermission.APPROVE)
    if stage not in (ReportStage.DRAFT, ReportStage.SUBMITTED):
        raise DomainError("下書きか提出済みを選んでください。", field="imported_stage")
    ReportingRule.objects.update_or_create(defaults={"imported_stage": stage})
    record_event(
        actor=actor,
        code="indicators.rule.set",
        subject_kind="indicators.report",
        subject_id=current_government_id(),
        payload={"imported_stage": stage.value},
    )


def _lines(content: bytes) -> list[tuple[int, dict[str, str]]]:
    text, _ = decode_text(content, refuse=partial(DomainError, field="file", code="unreadable"))
    reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""))
    try:
        if "年度" not in (reader.fieldnames or ()):
            raise DomainError(f"見出しに{'、'.join(_HEADINGS[:2])}が必要です。", field="file", code="unreadable")
        return [(reader.line_num, {key: str(row.get(key) or "").strip() for key in _HEADINGS}) for row in reader]
    except csv.Error as problem:
        raise DomainError("CSVとして読めません。", field="file", code="unreadable") from problem


def _report_line(actor: Actor, measure: ManualMeasure, row: dict[str, str]) -> ValueReport | None:
    """The report of a line; None where the same value stands already, or waits already."""
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
    numbers: dict[str, Any] = {
        "value": _decimal(row["値"]) if state is FigureState.MEASURED else None,
        "numerator": _decimal(row["分子"]),
        "denominator": _decimal(row["分母"]),
        "state": state,
    }
    finality = _FINALITIES[row["速報・確定"]]
    if _stands(measure, period, numbers, finality):
        return None
    return write_report(
        actor=actor,
        measure=measure,
        period=period,
        finality=finality,
        source=row["出所"],
        surveyed_on=surveyed_on,
        note=row["訂正の理由"],
        origin=Origin.IMPORTED,
        **numbers,
    )


def _told(measure: ManualMeasure, made: ValueReport) -> ImportedLine:
    former = RecordedValue.objects.filter(
        measure_code=measure.code,
        department=None,
        is_current=True,
        period_kind=made.period_kind,
        period_first=made.period_first,
    ).first()
    finality = Finality(made.finality).label
    return ImportedLine(made.period, made.figure, former.figure if former else None, finality, made.note)


def _stands(measure: ManualMeasure, period: Period, numbers: dict[str, Any], finality: Finality) -> bool:
    figure = checked_figure(**numbers)
    there = {"period_kind": period.kind, "period_first": period.first}
    recorded = RecordedValue.objects.filter(measure_code=measure.code, department=None, is_current=True, **there)
    waiting = ValueReport.objects.filter(measure=measure, stage__in=UNDER_WAY, **there)
    known = [(one.figure, one.finality) for one in recorded] + [(one.figure, one.finality) for one in waiting]
    return (figure, finality) in known


def _decimal(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(",", "").removesuffix("%").removesuffix("％"))
    except InvalidOperation:
        raise DomainError(f"「{text}」を数として読み取れません。", field="value") from None
