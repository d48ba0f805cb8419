"""How much work a task is, and how much of it was released."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Frequency(StrEnum):
    """How often the count of a task recurs."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


FREQUENCY_LABELS = {
    Frequency.DAILY: "1日に",
    Frequency.WEEKLY: "1週間に",
    Frequency.MONTHLY: "1か月に",
    Frequency.YEARLY: "1年に",
}
# Opening days of a town hall in a year (365 days less weekends, holidays and the turn of the year), rounded.
TIMES_A_YEAR = {Frequency.DAILY: 242, Frequency.WEEKLY: 52, Frequency.MONTHLY: 12, Frequency.YEARLY: 1}


def cases_a_year(frequency: str, count: int) -> int:
    """Return how often a task is done in a year, from 「1か月に 40 件」. Raises ValueError for an unknown frequency."""
    return TIMES_A_YEAR[Frequency(frequency)] * count


def hours_a_year(*, minutes_each: Decimal, cases: int) -> Decimal:
    """Return the hours of a year's work, to one place, half up."""
    return (minutes_each * cases / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Effect:
    """A year before and a year after. Sheets of paper are for one case; None means not measured, 0 that there is none.

    `migration_hours` is the one-time extra work of changing over (移行の手間): it is shown beside the gain, never
    subtracted in silence.
    """

    before_minutes: Decimal
    before_cases: int
    after_minutes: Decimal
    after_cases: int
    before_sheets: int | None = None
    after_sheets: int | None = None
    migration_hours: Decimal | None = None

    @property
    def hours_before(self) -> Decimal:
        """Hours a year before the change."""
        return hours_a_year(minutes_each=self.before_minutes, cases=self.before_cases)

    @property
    def hours_after(self) -> Decimal:
        """Hours a year after the change; 0 for a task that was given up."""
        return hours_a_year(minutes_each=self.after_minutes, cases=self.after_cases)

    @property
    def hours_released(self) -> Decimal:
        """Hours a year released; negative when the change made more work, and it is shown so."""
        return self.hours_before - self.hours_after

    @property
    def paper_saved(self) -> int | None:
        """Sheets a year saved, or None when one side was not measured."""
        if self.before_sheets is None or self.after_sheets is None:
            return None
        return self.before_sheets * self.before_cases - self.after_sheets * self.after_cases

    @property
    def payback_months(self) -> Decimal | None:
        """Months until the work of changing over is earned back; None when unknown or never."""
        if self.migration_hours is None or self.hours_released <= 0:
            return None
        return (self.migration_hours / self.hours_released * 12).quantize(Decimal("0.1"), ROUND_HALF_UP)
