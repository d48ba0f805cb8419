"""How people feel about a tool, round by round, without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 3
"""Fewer answers than this are not shown: they would tell who said what."""
EASE = {5: "使いやすい", 4: "まあ使いやすい", 3: "どちらでもない", 2: "やや使いにくい", 1: "使いにくい"}
USE = {5: "役に立つ", 4: "まあ役に立つ", 3: "どちらでもない", 2: "あまり役に立たない", 1: "役に立たない"}


@dataclass(frozen=True, slots=True)
class Pulse:
    """One round: how many were asked, how many answered, the means (1 to 5), and the share who found it hard (1 or 2).

    The three figures are None while fewer than three people have answered.
    """

    number: int
    opened_on: date
    asked: int
    answered: int
    ease: Decimal | None
    use: Decimal | None
    hard_share: Decimal | None


def pulse_of(number: int, opened_on: date, asked: int, answers: Sequence[tuple[int, int]]) -> Pulse:
    """Return the figures of a round from its `(ease, use)` answers."""
    count = len(answers)
    if count < FEWEST:
        return Pulse(number, opened_on, asked, count, None, None, None)
    hard = sum(1 for ease, _ in answers if ease <= 2)
    return Pulse(
        number, opened_on, asked, count, _mean([ease for ease, _ in answers]), _mean([use for _, use in answers]),
        _rounded(Decimal(100 * hard) / count),
    )  # fmt: skip


def trend(pulses: Sequence[Pulse]) -> str:
    """Say in one sentence how ease went from the first shown round to the last; empty while there are not two."""
    known = [pulse for pulse in pulses if pulse.ease is not None]
    if len(known) < 2:
        return ""
    first, last = known[0], known[-1]
    assert first.ease is not None
    assert last.ease is not None
    change = last.ease - first.ease
    words = (
        "使いやすくなっています"
        if change >= Decimal("0.3")
        else "使いにくくなっています"
        if change <= Decimal("-0.3")
        else "あまり変わっていません"
    )
    return f"使いやすさは{first.number}回目の{first.ease}から{last.number}回目の{last.ease}へ。{words}。"


def rounds_due(starts_on: date, ends_on: date, every_days: int, today: date) -> int:
    """Return how many rounds should have been opened by today: one every so many days, and one at the end."""
    if today < starts_on + timedelta(days=every_days):
        return 1 if today >= ends_on else 0
    regular = (min(today, ends_on) - starts_on).days // every_days
    last = starts_on + timedelta(days=regular * every_days)
    return regular + (1 if today >= ends_on and last < ends_on else 0)


def _mean(values: Sequence[int]) -> Decimal:
    return _rounded(Decimal(sum(values)) / len(values))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
