"""A government beside its peers: a distribution or a share with its range, the own place in words, and never a bare rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.indicators.domain.published import Answer, Cell
from kakehashi.indicators.domain.statistics import Distribution, Interval, distribution, wilson

FEW = 10


@dataclass(frozen=True)
class Comparison:
    """What peers answered, and where we stand.

    For yes-no rows `share` is 実施 ÷ answered with its range; for numbers `spread` is their distribution. `lower`, `same` and
    `higher` count the peers on each side of us, None without a number of our own. `own_range` is the range of our own share.
    """

    answered: int
    silent: int
    carried_out: int
    share: Interval | None
    spread: Distribution | None
    own: Cell | None
    own_range: Interval | None
    lower: int | None
    same: int | None
    higher: int | None

    @property
    def is_few(self) -> bool:
        """Whether so few answered that one more could change the picture."""
        return self.answered < FEW

    @property
    def place(self) -> str:
        """Where we stand, in words that say how sure it is."""
        if self.spread is None or self.own is None or self.own.value is None:
            return ""
        value, spread = float(self.own.value), self.spread
        if self.own_range is not None and self.own_range.low * 100 <= spread.median <= self.own_range.high * 100:
            return "真ん中の値と違うとは言えません。分母が小さく、1件で値が大きく動きます。"
        if spread.median_range is None:
            return "団体の数が少なく、真ん中の値の幅を出せません。"
        if spread.median_range.holds(value):
            return "真ん中の値と同じくらいです。"
        side = "下" if value < spread.median else "上"
        far = value < spread.lower or value > spread.upper
        return f"真ん中の値より{side}です{'（半分の団体が入る範囲の外）' if far else '（半分の団体が入る範囲の中）'}。"


def compare(own: Cell | None, peers: Sequence[Cell]) -> Comparison:
    """Set our cell beside those of our peers. Who was not asked, or left it blank, is counted apart and never as zero or no."""
    yes = sum(one.answer is Answer.CARRIED_OUT for one in peers)
    no = sum(one.answer is Answer.NOT_CARRIED_OUT for one in peers)
    numbers = [float(one.value) for one in peers if one.value is not None]
    mine = float(own.value) if own is not None and own.value is not None else None
    answered = len(numbers) if numbers else yes + no
    return Comparison(
        answered=answered,
        silent=len(peers) - answered,
        carried_out=yes,
        share=wilson(yes, yes + no) if yes + no else None,
        spread=distribution(numbers),
        own=own,
        own_range=own_share(own),
        lower=None if mine is None else sum(one < mine for one in numbers),
        same=None if mine is None else sum(one == mine for one in numbers),
        higher=None if mine is None else sum(one > mine for one in numbers),
    )


def own_share(cell: Cell | None) -> Interval | None:
    """Wilson's range of a published share, where the table gives what it was made of."""
    if cell is None or cell.numerator is None or not cell.denominator:
        return None
    return wilson(float(cell.numerator), float(cell.denominator))


def steps_of(spread: Distribution, most: int = 10) -> list[tuple[float, float]]:
    """Even steps over the values, for a picture of how they are spread."""
    width = (spread.highest - spread.lowest) / most
    if width <= 0:
        return [(spread.lowest, spread.highest)]
    return [(spread.lowest + width * step, spread.lowest + width * (step + 1)) for step in range(most)]
