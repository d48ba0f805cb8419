"""Reported values on their way: draft → submitted → returned → approved → locked. Charts see them once approved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import UNDER_WAY, ReportStage
from kakehashi.indicators.hooks import tell
from kakehashi.indicators.models import Finality, LateReminder, ManualMeasure, Origin, RecordedValue, ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors.late import late_values, people_of
from kakehashi.indicators.services.values import checked_figure, record_value
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Department

REMIND_EVERY_DAYS = 7


@service
def write_report(
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
    finality: Finality = Finality.CONFIRMED,
    origin: Origin = Origin.ENTERED,
    note: str = "",
) -> ValueReport:
    """Write the draft of a period's value, or go on with the one under way, and write `indicators.report.written`.

    A value that is recorded already needs a note: why it is corrected. Raises PermissionRefused, DomainError beside the field, and
    Stale when the report has been submitted meanwhile.
    """
    require(actor, IndicatorsPermission.RECORD)
    figure = checked_figure(value, numerator, denominator, state)
    ManualMeasure.objects.select_for_update(of=("self",)).get(id=measure.id)
    report = ValueReport.objects.filter(
        measure=measure, period_kind=period.kind, period_first=period.first, stage__in=UNDER_WAY
    ).first()
    if report is not None and report.stage == ReportStage.SUBMITTED:
        raise Stale("この期間の値はもう提出されています。差し戻されるまで直せません。")
    if recorded(measure, period) and not note.strip():
        raise DomainError("もう記録された値があります。訂正の理由を書いてください。", field="note", code="required")
    report = report or ValueReport(measure=measure, period_kind=period.kind, period_first=period.first)
    report.state, report.value = figure.state, figure.value
    report.numerator, report.denominator = figure.numerator, figure.denominator
    report.source, report.surveyed_on, report.finality = source.strip(), surveyed_on, finality
    report.origin = origin
    report.note, report.written_by, report.written_by_id = note.strip(), actor.label, actor.id
    report.save()
    _record(actor, report, "written")
    return report


@service
def submit_report(*, actor: Actor, report: ValueReport) -> ValueReport:
    """Hand the value in, and write `indicators.report.submitted`. Raises PermissionRefused, and Stale for one that is not a draft."""
    require(actor, IndicatorsPermission.RECORD)
    report = _at(report, ReportStage.DRAFT, ReportStage.RETURNED)
    report.stage, report.submitted_at, report.answer = ReportStage.SUBMITTED, clock.now(), ""
    report.save(update_fields=["stage", "submitted_at", "answer"])
    _record(actor, report, "submitted")
    return report


@service
def return_report(*, actor: Actor, report: ValueReport, answer: str) -> ValueReport:
    """Send the value back with a reason, and write `indicators.report.returned`.

    Raises PermissionRefused, Stale for one that is not submitted, and DomainError without a reason.
    """
    require(actor, IndicatorsPermission.APPROVE)
    report = _at(report, ReportStage.SUBMITTED)
    if not answer.strip():
        raise DomainError("差し戻す理由を書いてください。", field="answer", code="required")
    report.stage, report.answer = ReportStage.RETURNED, answer.strip()
    report.decided_at, report.decided_by = clock.now(), actor.label
    report.save(update_fields=["stage", "answer", "decided_at", "decided_by"])
    _record(actor, report, "returned")
    return report


@service
def approve_report(*, actor: Actor, report: ValueReport) -> RecordedValue:
    """Approve the value: it is recorded, and charts and plans show it. Writes `indicators.report.approved`.

    Raises PermissionRefused, Stale for one that is not submitted, and DomainError for the writer's own report: two pairs of eyes.
    """
    require(actor, IndicatorsPermission.APPROVE)
    report = _at(report, ReportStage.SUBMITTED)
    if report.written_by_id is not None and report.written_by_id == actor.id:
        raise DomainError("自分が書いた値は、ほかの人が承認します。", code="own")
    figure = report.figure
    value = record_value(
        actor=actor,
        measure=report.measure,
        period=report.period,
        value=figure.value if figure.denominator is None else None,
        numerator=figure.numerator,
        denominator=figure.denominator,
        state=figure.state,
        source=report.source,
        surveyed_on=report.surveyed_on,
        reason=report.note,
        origin=Origin(report.origin),
        finality=Finality(report.finality),
        written_by=report.written_by,
    )
    report.stage, report.decided_at, report.decided_by = ReportStage.APPROVED, clock.now(), actor.label
    report.save(update_fields=["stage", "decided_at", "decided_by"])
    _record(actor, report, "approved")
    return value


@service
def lock_year(*, actor: Actor, period: Period) -> int:
    """Lock every approved value of a fiscal year, and write one `indicators.year.locked`; gives how many.

    What is locked changes only as 「確定後の訂正」, with a reason, by who may approve. Raises PermissionRefused, and DomainError for a year
    that is not over or while a report of it is under way.
    """
    require(actor, IndicatorsPermission.APPROVE)
    if period.last >= clock.today():
        raise DomainError("年度が終わってから確定してください。", field="year")
    of_year = ValueReport.objects.select_for_update(of=("self",)).filter(
        period_kind=period.kind, period_first=period.first
    )
    waiting = of_year.filter(stage__in=UNDER_WAY).count()
    if waiting:
        raise DomainError(f"まだ承認されていない報告が{waiting}件あります。", field="year", code="under_way")
    count = of_year.filter(stage=ReportStage.APPROVED).update(stage=ReportStage.LOCKED, decided_by=actor.label)
    if count:
        record_event(
            actor=actor,
            code="indicators.year.locked",
            subject_kind="indicators.report",
            subject_id=uuid5(current_government_id(), f"indicators {period.code}"),
            payload={"period": period.code, "count": count},
        )
    return count


def is_locked(measure: ManualMeasure, period: Period) -> bool:
    """Whether the period's value was locked."""
    return ValueReport.objects.filter(
        measure=measure, period_kind=period.kind, period_first=period.first, stage=ReportStage.LOCKED
    ).exists()


def recorded(measure: ManualMeasure, period: Period) -> bool:
    """Whether a value of the period stands."""
    return RecordedValue.objects.filter(
        measure_code=measure.code, period_kind=period.kind, period_first=period.first, department=None, is_current=True
    ).exists()


@service
def remind_late(*, actor: Actor) -> int:
    """Tell every section whose values are late, one notice a person; gives how many people. Writes one `indicators.late.reminded`.

    Raises PermissionRefused. A measure without a section reaches nobody and stays on the list.
    """
    require(actor, IndicatorsPermission.APPROVE)
    return _remind(actor, every_days=0)


def remind_late_by_worker(government_id: Any) -> int:
    """The weekly reminder of the worker, in the open scope; nobody is told more often than every seven days."""
    return _remind(system_actor(government_id, "システム（催促）"), every_days=REMIND_EVERY_DAYS)


def _remind(actor: Actor, *, every_days: int) -> int:
    now = clock.now()
    due = [one for one in late_values() if one.reminded_at is None or (now - one.reminded_at).days >= every_days]
    told: dict[Any, list[str]] = {}
    people: dict[Department, Any] = {}
    for late in due:
        department = late.measure.department
        if department is None:
            continue
        if department not in people:
            people[department] = people_of(department)
        for person in people[department]:
            told.setdefault(person, []).append(f"・{late.measure.label}（{late.period.label}、{late.days}日の遅れ）")
        reminder, made = LateReminder.objects.get_or_create(
            measure=late.measure, period_first=late.period.first, defaults={"reminded_at": now}
        )
        if not made:
            reminder.reminded_at, reminder.count = now, reminder.count + 1
            reminder.save(update_fields=["reminded_at", "count"])
    for person, lines in told.items():
        tell(
            actor,
            person.id,
            person.name,
            f"指標の報告が{len(lines)}件遅れています",
            "次の値を入れてください。値がないときは、その理由（未調査・該当なしなど）を選べます。\n" + "\n".join(lines),
            reverse("indicators-staff:late"),
            uuid5(person.id, f"indicators late {now.isoformat()}"),
        )
    if told:
        record_event(
            actor=actor,
            code="indicators.late.reminded",
            subject_kind="indicators.report",
            subject_id=uuid5(current_government_id(), "indicators late"),
            payload={"people": len(told), "values": len(due)},
        )
    return len(told)


def _at(report: ValueReport, *stages: ReportStage) -> ValueReport:
    found = ValueReport.objects.select_for_update(of=("self",)).select_related("measure").get(id=report.id)
    if found.stage not in stages:
        raise Stale("この報告は、ほかの人が先に進めました。画面を開きなおしてください。")
    return found


def _record(actor: Actor, report: ValueReport, verb: str) -> None:
    record_event(
        actor=actor,
        code=f"indicators.report.{verb}",
        subject_kind="indicators.report",
        subject_id=report.id,
        payload={
            "measure": str(report.measure_id),
            "period": report.period.code,
            "state": report.state,
            "value": None if report.value is None else str(report.value),
            "finality": report.finality,
            "origin": report.origin,
            "note": report.note,
            "answer": report.answer,
        },
    )
