"""Who has not reported yet: values kept by hand whose period is over, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import UNDER_WAY, due_on
from kakehashi.indicators.models import LateReminder, ManualMeasure, RecordedValue, ValueReport
from kakehashi.kernel import clock
from kakehashi.people.models import Department, Person, PostHolding
from kakehashi.people.selectors import valid_on

MOST_PEOPLE = 8
_YEARS = 2


@dataclass(frozen=True)
class LateValue:
    """A value that is due and not recorded: of which measure and year, since when, what became of a report, who was reminded when."""

    measure: ManualMeasure
    period: Period
    due: date
    report: ValueReport | None
    reminded_at: datetime | None

    @property
    def days(self) -> int:
        """How many days it is late."""
        return (clock.today() - self.due).days


def late_values(today: date | None = None) -> list[LateValue]:
    """Every value that is late in the open scope, the latest first; four queries.

    Looked at are the last two closed fiscal years from the year on in which the measure was made.
    """
    day = today or clock.today()
    period = Period.containing(day).previous()
    periods = [period]
    while len(periods) < _YEARS:
        periods.append(periods[-1].previous())
    measures = list(ManualMeasure.objects.select_related("department"))
    firsts = {one.first for one in periods}
    recorded = set(
        RecordedValue.objects.filter(is_current=True, department=None, period_first__in=firsts, period_kind="year")
        .filter(measure_code__startswith="manual.")
        .values_list("measure_code", "period_first")
    )
    reports = {
        (one.measure_id, one.period_first): one
        for one in ValueReport.objects.filter(stage__in=UNDER_WAY, period_first__in=firsts)
    }
    reminded = {(one.measure_id, one.period_first): one.reminded_at for one in LateReminder.objects.all()}
    found = [
        LateValue(
            measure,
            one,
            due_on(one, measure.due_days),
            reports.get((measure.id, one.first)),
            reminded.get((measure.id, one.first)),
        )
        for measure in measures
        for one in periods
        if (measure.code, one.first) not in recorded
        and due_on(one, measure.due_days) < day
        and measure.created_at.astimezone(clock.JST).date() <= one.last
    ]
    return sorted(found, key=lambda late: late.due)


def people_of(department: Department) -> list[Person]:
    """Who holds a post in the department today, the highest first; a handful at most."""
    holdings = (
        PostHolding.objects.filter(valid_on(clock.today()), post__department=department)
        .select_related("person")
        .order_by("post__rank", "person__kana", "id")
    )
    return list({holding.person_id: holding.person for holding in holdings}.values())[:MOST_PEOPLE]
