"""Figures for pages: live for the current period, recorded for closed ones and for what people enter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kakehashi.indicators.domain.figure import NOT_SURVEYED, Figure
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import MeasureDefinition, RecordedValue
from kakehashi.indicators.selectors.computing import Question, compute_by_department, count_together
from kakehashi.indicators.selectors.measures import Described, describe
from kakehashi.kernel import clock


@dataclass(frozen=True)
class Reading:
    """A figure of a period and where it comes from: `record` is None when it was counted just now."""

    period: Period
    figure: Figure
    record: RecordedValue | None = None

    @property
    def is_live(self) -> bool:
        """Whether the figure was counted just now."""
        return self.record is None and self.figure.state is not NOT_SURVEYED.state

    @property
    def is_running(self) -> bool:
        """Whether the period is not over yet."""
        return self.period.last >= clock.today()


def measure_now(code: str, period: Period | None = None, department_id: UUID | None = None) -> Reading:
    """The figure of one measure in one period (the current fiscal year unless told). Raises `NoSuchMeasure`."""
    wanted = period or Period.containing(clock.today())
    return readings(describe(code), [wanted], department_id)[0]


def readings(described: Described, periods: Sequence[Period], department_id: UUID | None = None) -> list[Reading]:
    """The figures of one measure in several periods, in their order.

    A registered measure is counted live while the period runs; a closed one is read from its snapshot, else counted. A stock that
    nobody took at the time cannot be counted later and is 「未調査」, as is a value nobody entered.
    """
    return readings_of([described], periods, department_id)[described.code]


def readings_of(
    many: Sequence[Described], periods: Sequence[Period], department_id: UUID | None = None
) -> dict[str, list[Reading]]:
    """As `readings`, of many measures by their code: one query for what is recorded, and one for all that must be counted."""
    recorded = _recorded([one.code for one in many], periods, department_id)
    found: dict[tuple[str, Period], Reading] = {}
    asked: list[Question] = []
    for one in many:
        for period in dict.fromkeys(periods):
            reading = _known(one, period, recorded.get((one.code, period)))
            if reading is not None:
                found[one.code, period] = reading
            elif one.measure is not None:
                asked.append(Question(one.measure, period, department_id))
    for question, counted in zip(asked, count_together(asked), strict=True):
        found[question.measure.code, question.period] = Reading(question.period, counted.figure)
    return {one.code: [found[one.code, period] for period in periods] for one in many}


def series(described: Described, until: Period, count: int, department_id: UUID | None = None) -> list[Reading]:
    """`count` periods up to and including `until`, oldest first."""
    periods = [until]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return readings(described, periods[::-1], department_id)


def recorded_readings(codes: Collection[str], periods: Sequence[Period]) -> dict[str, list[Reading]]:
    """Recorded whole-government figures of many measures in ONE query, for public pages: nothing is counted live.

    The running fiscal year is the figure taken after the end of the last month. What nobody recorded is 「未調査」.
    """
    rows = RecordedValue.objects.filter(
        measure_code__in=codes,
        is_current=True,
        department=None,
        period_first__in={period.first for period in periods},
    )
    recorded = {(row.measure_code, row.period): row for row in rows}

    def reading(code: str, period: Period) -> Reading:
        row = recorded.get((code, period))
        return Reading(period, row.figure, row) if row else Reading(period, NOT_SURVEYED)

    return {code: [reading(code, period) for period in periods] for code in codes}


def by_department(described: Described, period: Period) -> dict[UUID | None, Figure]:
    """Figures per department in one period; empty when the measure has no departments."""
    if described.measure and described.measure.department_path:
        return compute_by_department(described.measure, period)
    return {}


def history(code: str, period: Period) -> list[RecordedValue]:
    """Every revision of the recorded whole-government value of a period, newest first."""
    return list(
        RecordedValue.objects.filter(
            measure_code=code, period_kind=period.kind, period_first=period.first, department=None
        ).order_by("-revision")
    )


def former_series(code: str, version: int, periods: Sequence[Period]) -> dict[Period, RecordedValue]:
    """The last value of each period under an older definition than `version`; a series of its own. No query for a first version."""
    if version < 2:
        return {}
    rows = RecordedValue.objects.filter(
        measure_code=code,
        measure_version__lt=version,
        department=None,
        period_first__in={period.first for period in periods},
    ).order_by("measure_version", "revision")
    wanted = set(periods)
    return {row.period: row for row in rows if row.period in wanted}


def definitions_of(code: str) -> list[MeasureDefinition]:
    """How a measure was counted, version by version, the newest first."""
    return list(MeasureDefinition.objects.filter(measure_code=code).order_by("-version"))


def _known(described: Described, period: Period, record: RecordedValue | None) -> Reading | None:
    """What can be said without counting; None for what must be counted."""
    measure = described.measure
    running = period.last >= clock.today()
    if measure is None:
        return Reading(period, record.figure, record) if record else Reading(period, NOT_SURVEYED)
    if record and not running and record.measure_version == measure.version:
        return Reading(period, record.figure, record)
    if period.first > clock.today() or (measure.is_stock and not running):
        return Reading(period, NOT_SURVEYED)
    return None


def _recorded(
    codes: Sequence[str], periods: Sequence[Period], department_id: UUID | None
) -> dict[tuple[str, Period], RecordedValue]:
    whose = Q(department=None) if department_id is None else Q(department_id=department_id)
    rows = RecordedValue.objects.filter(
        whose,
        measure_code__in=codes,
        is_current=True,
        period_first__in={period.first for period in periods},
        period_kind__in={period.kind for period in periods} or {PeriodKind.YEAR},
    )
    return {(row.measure_code, row.period): row for row in rows}
