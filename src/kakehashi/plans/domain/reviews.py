"""Words of a review: the result of an initiative, why a target was missed, and the next move of the OODA loop."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kakehashi.kernel.fiscal_year import fiscal_year_bounds


class Result(StrEnum):
    """How an initiative did in the reviewed time."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    MISSED = "missed"
    RUNNING = "running"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Values with their words."""
        return [(one.value, RESULT_WORDS[one]) for one in cls]


RESULT_WORDS = {
    Result.ACHIEVED: "達成",
    Result.PARTLY: "一部達成",
    Result.MISSED: "未達",
    Result.RUNNING: "進行中（この期間に目標なし）",
}


class MissCause(StrEnum):
    """Why a target was missed (未達要因): what to change differs by it."""

    TARGET = "target"
    PEOPLE = "people"
    BUDGET = "budget"
    RULES = "rules"
    SYSTEM = "system"
    USE = "use"
    OUTSIDE = "outside"
    OTHER = "other"


MISS_CAUSE_WORDS = {
    MissCause.TARGET: "目標の立て方",
    MissCause.PEOPLE: "人手・体制",
    MissCause.BUDGET: "予算",
    MissCause.RULES: "規程・慣習",
    MissCause.SYSTEM: "システム・業者",
    MissCause.USE: "使われない・知られていない",
    MissCause.OUTSIDE: "外の事情",
    MissCause.OTHER: "そのほか",
}


class Move(StrEnum):
    """The next move: back to looking, judging anew, deciding, or doing."""

    OBSERVE = "observe"
    ORIENT = "orient"
    DECIDE = "decide"
    ACT = "act"
    PIVOT = "pivot"
    STOP = "stop"


MOVE_WORDS = {
    Move.OBSERVE: "みる（現場の事実を集めなおす）",
    Move.ORIENT: "わかる（原因の見立てを改める）",
    Move.DECIDE: "きめる（やり方を選びなおす）",
    Move.ACT: "うごく（同じ方針で続ける）",
    Move.PIVOT: "切りかえる（別のやり方にする）",
    Move.STOP: "やめる（取組を終える）",
}

NEEDS_MOVE = {Result.MISSED, Result.PARTLY}


def review_bounds(fiscal_year: int, quarter: int) -> tuple[date, date]:
    """The first and last day of what is reviewed; quarter 0 is the whole fiscal year. Raises ValueError for another quarter."""
    first, last = fiscal_year_bounds(fiscal_year)
    if quarter == 0:
        return first, last
    starts = [first, date(fiscal_year, 7, 1), date(fiscal_year, 10, 1), date(fiscal_year + 1, 1, 1)]
    ends = [date(fiscal_year, 6, 30), date(fiscal_year, 9, 30), date(fiscal_year, 12, 31), last]
    if quarter not in (1, 2, 3, 4):
        raise ValueError(f"there is no quarter {quarter}")
    return starts[quarter - 1], ends[quarter - 1]
