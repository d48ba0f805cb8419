"""Periods a figure is about: a fiscal year or a month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kakehashi.kernel.clock import JST
from kakehashi.kernel.fiscal_year import FIRST_MONTH, fiscal_year, fiscal_year_bounds, fiscal_year_label
from kakehashi.kernel.wareki import to_wareki


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """A month or a fiscal year; ``first`` and ``last`` are both included. Make it with month() or year()."""

    first: date
    last: date
    kind: PeriodKind

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Return a calendar month."""
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(first, following - timedelta(days=1), PeriodKind.MONTH)

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return the fiscal year that begins in April of ``year``."""
        first, last = fiscal_year_bounds(year)
        return cls(first, last, PeriodKind.YEAR)

    @classmethod
    def containing(cls, day: date, kind: PeriodKind = PeriodKind.YEAR) -> "Period":
        """Return the month or the fiscal year that contains ``day``."""
        return cls.year(fiscal_year(day)) if kind is PeriodKind.YEAR else cls.month(day.year, day.month)

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read a code (「2026」 a fiscal year, 「2026-11」 a month). Raises ValueError."""
        year, _, month = code.partition("-")
        if not (year.isascii() and year.isdigit() and len(year) == 4 and 1900 <= int(year) <= 2200):
            raise ValueError(f"{code!r} is no period")
        if not month:
            return cls.year(int(year))
        if not (month.isascii() and month.isdigit() and len(month) == 2):
            raise ValueError(f"{code!r} is no period")
        return cls.month(int(year), int(month))

    @classmethod
    def read(cls, code: str, today: date) -> "Period":
        """Read a code of an address; the fiscal year of ``today`` where it cannot be read."""
        try:
            return cls.parse(code)
        except ValueError:
            return cls.containing(today)

    @classmethod
    def recent(cls, today: date) -> "list[Period]":
        """Return what may be chosen from: the last three fiscal years, then the last twelve months, newest first."""
        found = []
        for kind, count in ((PeriodKind.YEAR, 3), (PeriodKind.MONTH, 12)):
            period = cls.containing(today, kind)
            for _ in range(count):
                found.append(period)
                period = period.previous()
        return found

    @property
    def code(self) -> str:
        """The code that parse() reads."""
        return f"{self.first.year}" if self.kind is PeriodKind.YEAR else f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        """「令和8年度」 or 「令和8年11月」."""
        if self.kind is PeriodKind.YEAR:
            return fiscal_year_label(self.first.year)
        named = to_wareki(self.last)
        return f"{named.era.name}{'元' if named.year == 1 else named.year}年{named.month}月"

    @property
    def fiscal_year(self) -> int:
        """The fiscal year the period lies in."""
        return fiscal_year(self.first)

    @property
    def start_at(self) -> datetime:
        """The first moment of the period, in Japan."""
        return datetime.combine(self.first, time(), JST)

    @property
    def end_at(self) -> datetime:
        """The first moment after the period: compare with ``<``."""
        return datetime.combine(self.last + timedelta(days=1), time(), JST)

    def contains(self, day: date) -> bool:
        """Return whether the day lies in the period."""
        return self.first <= day <= self.last

    def previous(self) -> "Period":
        """Return the period of the same kind before this one."""
        return Period.containing(self.first - timedelta(days=1), self.kind)

    def following(self) -> "Period":
        """Return the period of the same kind after this one."""
        return Period.containing(self.last + timedelta(days=1), self.kind)

    def months(self) -> list["Period"]:
        """Return the months of the period in order; a month is its own only one."""
        if self.kind is PeriodKind.MONTH:
            return [self]
        found = [Period.month(self.first.year, FIRST_MONTH)]
        while found[-1].last < self.last:
            found.append(found[-1].following())
        return found
