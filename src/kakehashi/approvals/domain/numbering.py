"""文書番号: the series a number belongs to, the year it counts in, and how it is written.

A number is `{和暦年の数字}{組織記号}第{n}号`, with a branch `第12号の2`. 起案番号, 収受番号 and 文書番号
are three series. A serial does not restart at a change of era unless its policy says so.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.kernel.clock import JST
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.wareki import to_wareki


class ResetPolicy(StrEnum):
    """When a series begins again at 1."""

    FISCAL = "fiscal"
    CALENDAR = "calendar"
    ERA_YEAR = "era_year"
    SESSION = "session"
    NEVER = "never"


class SeriesKind(StrEnum):
    """What is numbered."""

    PROPOSAL = "proposal"
    """起案番号, taken when the proposal is submitted."""
    DOCUMENT = "document"
    """文書番号, taken at 施行."""
    RECEIPT = "receipt"
    """収受番号."""


@dataclass(frozen=True, kw_only=True)
class SeriesKey:
    """Identity of a series: kind, year (or session) and the section's symbol."""

    kind: SeriesKind
    period: str
    symbol: str


def office_day(moment: dt.datetime) -> dt.date:
    """The calendar day in Japan of an aware moment: 3/31 23:59:59 JST is still the old year."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(JST).date()


def period_of(policy: ResetPolicy, day: dt.date, session: str = "") -> str:
    """The part of the series key that changes when the series restarts."""
    if policy is ResetPolicy.FISCAL:
        return f"fy{fiscal_year(day)}"
    if policy is ResetPolicy.CALENDAR:
        return f"cy{day.year}"
    if policy is ResetPolicy.ERA_YEAR:
        wareki = to_wareki(day)
        return f"{wareki.era.letter}{wareki.year}"
    if policy is ResetPolicy.SESSION:
        return f"session-{session}"
    return "all"


def series_key(kind: SeriesKind, policy: ResetPolicy, day: dt.date, symbol: str, session: str = "") -> SeriesKey:
    """The series a document of this day and section takes its number from."""
    return SeriesKey(kind=kind, period=period_of(policy, day, session), symbol=symbol)


def year_digits(policy: ResetPolicy, day: dt.date) -> str:
    """和暦年の数字 in front of the symbol: of the fiscal year, or of the calendar year.

    The first year is 「元」. Within a fiscal year the era of the day counts: 平成31年4月30日 gives
    31, 令和元年5月1日 gives 元, and 令和2年2月1日 still 元, because the fiscal year is 令和元年度.
    """
    wareki = to_wareki(day)
    year = wareki.year
    if policy is ResetPolicy.FISCAL:
        year = max(1, year - (day.year - fiscal_year(day)))
        if year == wareki.year and day.month < 4:
            # January to March of a first era year belong to a fiscal year of the era before.
            year = to_wareki(dt.date(fiscal_year(day), 4, 1)).year
    return "元" if year == 1 else str(year)


def format_number(digits: str, symbol: str, number: int, branch: int | None = None) -> str:
    """文書番号 as written on the document: 8ひ総第12号, with a branch 8ひ総第12号の2."""
    text = f"{digits}{symbol}第{number}号"
    return f"{text}の{branch}" if branch else text
