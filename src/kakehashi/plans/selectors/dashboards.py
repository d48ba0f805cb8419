"""The head's one page and the page of a section: few numbers, each with its target, its rows and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.selectors import (
    Described,
    Reading,
    all_measures,
    readings,
    readings_of,
    recorded_readings,
    series,
)
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.people.models import Department
from kakehashi.plans.domain.attainment import Attainment, AttainmentPolicy, attainment
from kakehashi.plans.models import HeadNumber, IndicatorTarget, Initiative, PlanIndicator, ReviewLine
from kakehashi.plans.selectors.tree import InitiativeLine, indicator_lines

MOST_NUMBERS = 10
_MONTHS = 12


@dataclass(frozen=True)
class NumberLine:
    """A number with this year's target of the newest plan that sets one, its last months, and how far it is."""

    described: Described
    reading: Reading
    months: Sequence[Reading]
    target: Decimal | None
    attainment: Attainment | None
    policy: AttainmentPolicy | None


@dataclass(frozen=True)
class SectionFigure:
    """A measure in one section beside the whole government, with the section's last months."""

    described: Described
    own: Reading
    whole: Reading
    months: Sequence[Reading]


def head_codes() -> list[str]:
    """The measures of the head's page as chosen; else those the published plans are measured by and the first others, up to ten."""
    chosen = list(HeadNumber.objects.values_list("measure_code", flat=True))
    known = [one.code for one in all_measures()]
    if not chosen:
        published = PlanIndicator.objects.filter(initiative__program__policy__plan__published_at__isnull=False)
        chosen = list(
            dict.fromkeys(published.exclude(measure_code="").order_by("id").values_list("measure_code", flat=True))
        )
        chosen = list(dict.fromkeys([*chosen, *known]))
    return [code for code in chosen if code in known][:MOST_NUMBERS] or known[:MOST_NUMBERS]


def head_numbers() -> list[NumberLine]:
    """The numbers of the head's page, counted now."""
    described = {one.code: one for one in all_measures()}
    codes = head_codes()
    year = fiscal_year(clock.today())
    period = Period.year(year)
    months = _last_months()
    recorded = recorded_readings(codes, months)
    targets = _targets(codes, year)
    now = readings_of([described[code] for code in codes], [period])
    return [_number(described[code], now[code][0], recorded[code], targets.get(code)) for code in codes]


def _number(
    described: Described, reading: Reading, months: Sequence[Reading], target: IndicatorTarget | None
) -> NumberLine:
    if target is None:
        return NumberLine(described, reading, months, None, None, None)
    policy = AttainmentPolicy(target.indicator.attainment_policy)
    reached = attainment(
        actual=reading.figure.value,
        target=target.value,
        direction=described.direction,
        policy=policy,
        baseline=target.indicator.baseline,
    )
    return NumberLine(described, reading, months, target.value, reached, policy)


def _targets(codes: Sequence[str], year: int) -> dict[str, IndicatorTarget]:
    rows = (
        IndicatorTarget.objects.filter(indicator__measure_code__in=codes, fiscal_year=year, value__isnull=False)
        .select_related("indicator")
        .order_by("indicator_id")
    )
    return {row.indicator.measure_code: row for row in rows}


def _last_months() -> list[Period]:
    months = [Period.containing(clock.today(), PeriodKind.MONTH).previous()]
    while len(months) < _MONTHS:
        months.append(months[-1].previous())
    return months[::-1]


def section_initiatives(department: Department) -> list[InitiativeLine]:
    """What the section owns, with this year's figures, those of the newest plan first."""
    rows = (
        Initiative.objects.filter(department=department)
        .select_related("program__policy__plan", "department")
        .order_by("-program__policy__plan__first_year", "program__policy__number", "program__number", "number")
    )
    year = fiscal_year(clock.today())
    return [InitiativeLine(one, indicator_lines(one, year)) for one in rows[:50]]


def section_figures(department: Department, lines: Sequence[InitiativeLine]) -> list[SectionFigure]:
    """The measures of the section's initiatives that can be counted by section."""
    wanted: dict[str, Described] = {}
    for line in (inner for one in lines for inner in one.indicators):
        if line.described and line.described.measure and line.described.measure.department_path:
            wanted[line.described.code] = line.described
    period, until = Period.containing(clock.today()), _last_months()[-1]
    return [
        SectionFigure(
            one,
            readings(one, [period], department.id)[0],
            readings(one, [period])[0],
            series(one, until, 6, department.id),
        )
        for one in list(wanted.values())[:8]
    ]


def unwritten_lines(department_id: UUID | None = None) -> list[ReviewLine]:
    """Lines of open reviews that nobody wrote yet, of one section or of all."""
    rows = ReviewLine.objects.filter(review__closed_at__isnull=True, written_at__isnull=True)
    if department_id is not None:
        rows = rows.filter(initiative__department_id=department_id)
    return list(rows.select_related("review", "initiative__department").order_by("review__opened_at")[:50])
