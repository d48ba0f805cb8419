"""The retention calculator: 起算日, 満了日, holds, and a sentence for every date.

Law: 公文書管理法施行令 8条 (start date), 9条 (holds); 民法 143条2項 (months without the day).
A municipality's own 文書管理規程 decides; the rule carries its clause and this module only counts.
All dates are calendar dates in Japan; all functions are pure.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from kakehashi.kernel.fiscal_year import fiscal_year

ONE_DAY = dt.timedelta(days=1)


class Anchor(StrEnum):
    """The day a retention period is counted from: what happened on it."""

    CREATED = "created"
    """作成・取得: the day of the first document put into the file (ファイル作成日)."""
    COMPLETED = "completed"
    """完結: the day on which handling ended (many municipal rules)."""
    EVENT = "event"
    """事由: end of a contract, lapse of a permit; indefinite until the event is known."""


class PeriodKind(StrEnum):
    """How long: a number of years, less than one year, for ever, or while in use."""

    YEARS = "years"
    UNDER_ONE_YEAR = "under_one_year"
    PERMANENT = "permanent"
    IN_CONTINUOUS_USE = "in_continuous_use"


class HoldGround(StrEnum):
    """Why a file is kept past its expiry (施行令9条1項; the municipal rule repeats it)."""

    AUDIT = "audit"
    LITIGATION = "litigation"
    APPEAL = "appeal"
    DISCLOSURE = "disclosure"
    PERSONAL_INFORMATION = "personal_information"
    DUTIES = "duties"


ONE_YEAR_GROUNDS = frozenset({HoldGround.APPEAL, HoldGround.DISCLOSURE, HoldGround.PERSONAL_INFORMATION})
"""Grounds that last one year from the day after the ruling or decision."""


class InvalidRetention(ValueError):
    """A period or a start date that the rule does not allow; the text says why, in Japanese."""


@dataclass(frozen=True)
class RetentionPeriod:
    """保存期間. `years` is set exactly when the kind is YEARS (1 or more)."""

    kind: PeriodKind
    years: int | None = None

    def __post_init__(self) -> None:
        """Refuse a number of years that does not fit the kind."""
        if (self.kind is PeriodKind.YEARS) != (self.years is not None):
            raise InvalidRetention("保存期間の年数は、年で定める保存期間にだけ記載します。")
        if self.years is not None and self.years < 1:
            raise InvalidRetention("保存期間は1年以上の整数で定めます。")

    @property
    def label(self) -> str:
        """The field's word: 5年, 1年未満, 永年, 常用."""
        return {
            PeriodKind.YEARS: f"{self.years}年",
            PeriodKind.UNDER_ONE_YEAR: "1年未満",
            PeriodKind.PERMANENT: "永年",
            PeriodKind.IN_CONTINUOUS_USE: "常用",
        }[self.kind]


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """One line of a retention schedule with the clause it rests on.

    `start_window_years` is how far after the anchor another start date may lie: 1 where the head
    finds it fit, 2 where the rule itself names the day (施行令8条6項・8項).
    """

    anchor: Anchor
    period: RetentionPeriod
    clause: str
    start_window_years: int = 1


@dataclass(frozen=True, kw_only=True)
class HoldFact:
    """One hold as the calculator needs it; `until` None means that its end is not known yet."""

    ground: HoldGround
    reason: str
    until: dt.date | None = None
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class RetentionFacts:
    """What is known about one file.

    `anchor_on` is the created, completed or event day the rule asks for (None: not known yet).
    `chosen_start_on` is the proviso's other day; `left_use_on` ends 常用 and starts counting;
    `extension_years` is the sum of formal extensions (延長).
    """

    anchor_on: dt.date | None = None
    chosen_start_on: dt.date | None = None
    left_use_on: dt.date | None = None
    years_after_use: int | None = None
    extension_years: int = 0
    holds: tuple[HoldFact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RetentionDates:
    """The answer. `base_expires_on` ignores extension and holds, `expires_on` counts them all.

    None means "no expiry": not known yet, in use, permanent, or an open-ended hold.
    """

    starts_on: dt.date | None
    base_expires_on: dt.date | None
    extended_expires_on: dt.date | None
    expires_on: dt.date | None
    deciding_hold: HoldFact | None = field(default=None)


def add_years(day: dt.date, years: int) -> dt.date | None:
    """The same day `years` later (応当日), or None where that year has no such day (2月29日)."""
    if day.day > calendar.monthrange(day.year + years, day.month)[1]:
        return None
    return day.replace(year=day.year + years)


def last_day_of_period(start: dt.date, years: int) -> dt.date:
    """The last day of a period of years: the day before the 応当日, or the end of the month.

    民法143条2項: without an 応当日 the period ends with the last day of that month.
    """
    matching = add_years(start, years)
    if matching is None:
        last = calendar.monthrange(start.year + years, start.month)[1]
        return start.replace(year=start.year + years, day=last)
    return matching - ONE_DAY


def next_fiscal_year_start(day: dt.date) -> dt.date:
    """4月1日 of the fiscal year after the one the day lies in (施行令8条6項本文)."""
    return dt.date(fiscal_year(day) + 1, 4, 1)


def latest_start(anchor_on: dt.date, window_years: int) -> dt.date:
    """The last day a chosen start may fall on: `window_years` from the anchor, first day not counted."""
    return last_day_of_period(anchor_on + ONE_DAY, window_years)


def check_start(anchor_on: dt.date, start: dt.date, window_years: int) -> None:
    """Refuse a chosen start date outside the window of the proviso (施行令8条6項ただし書).

    Raises `InvalidRetention`: before the anchor, or later than the window allows.
    """
    if start < anchor_on:
        raise InvalidRetention("起算日は、基準となる日より前にはできません。")
    if start > latest_start(anchor_on, window_years):
        raise InvalidRetention(f"起算日は、基準となる日から{window_years}年以内の日でなければなりません。")


def hold_until(ground: HoldGround, ended_on: dt.date | None) -> dt.date | None:
    """The last day of a hold whose matter ended on the given day (None: still going on).

    Appeals and disclosure requests last one year from the day after the decision; audits and
    lawsuits end on the day they end; for duties the stated day itself is given.
    """
    if ended_on is None:
        return None
    if ground in ONE_YEAR_GROUNDS:
        return last_day_of_period(ended_on + ONE_DAY, 1)
    return ended_on


def start_on(rule: RetentionRule, facts: RetentionFacts) -> dt.date | None:
    """起算日, or None while it cannot be known (event not happened, not complete, in use).

    Raises `InvalidRetention` for a chosen start outside the window.
    """
    if rule.period.kind is PeriodKind.IN_CONTINUOUS_USE:
        return next_fiscal_year_start(facts.left_use_on) if facts.left_use_on else None
    if facts.anchor_on is None:
        return None
    if facts.chosen_start_on is not None:
        check_start(facts.anchor_on, facts.chosen_start_on, rule.start_window_years)
        return facts.chosen_start_on
    if rule.period.kind is PeriodKind.UNDER_ONE_YEAR:
        return facts.anchor_on
    return next_fiscal_year_start(facts.anchor_on)


def period_years(rule: RetentionRule, facts: RetentionFacts) -> int | None:
    """Years to count: the rule's, or the years after use of a file that left 常用."""
    if rule.period.kind is PeriodKind.IN_CONTINUOUS_USE:
        return facts.years_after_use
    return rule.period.years


def calculate(rule: RetentionRule, facts: RetentionFacts) -> RetentionDates:
    """Start, base expiry, expiry after extension, and expiry after every hold (latest wins).

    Raises `InvalidRetention` for facts the rule does not allow.
    """
    starts = start_on(rule, facts)
    years = period_years(rule, facts)
    base = extended = None
    if starts is not None and years is not None:
        base = last_day_of_period(starts, years)
        extended = last_day_of_period(starts, years + facts.extension_years)
    expires, deciding = _outlast(extended, facts.holds)
    return RetentionDates(
        starts_on=starts,
        base_expires_on=base,
        extended_expires_on=extended,
        expires_on=expires,
        deciding_hold=deciding,
    )


def _outlast(expires: dt.date | None, holds: tuple[HoldFact, ...]) -> tuple[dt.date | None, HoldFact | None]:
    """The latest of expiry and holds, and the hold that decides; an open-ended one outlasts all."""
    deciding: HoldFact | None = None
    for hold in holds:
        if hold.until is None:
            return None, hold
        if expires is not None and hold.until > expires:
            expires, deciding = hold.until, hold
    return expires, deciding


def is_disposable(expires_on: dt.date | None, on: dt.date) -> bool:
    """Whether a file with this expiry may be disposed of on a day: only after it, never without."""
    return expires_on is not None and on > expires_on
