"""A figure: a number, or one of the ways of having none. "Not surveyed", "not applicable", "out of scope", "unknown", blank and zero are six things."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class FigureState(StrEnum):
    """Whether there is a number, and if not, why."""

    MEASURED = "measured"
    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    NOT_SURVEYED = "not_surveyed"
    OUT_OF_SCOPE = "out_of_scope"
    BLANK = "blank"


STATE_WORDS: dict[FigureState, tuple[str, str]] = {
    FigureState.MEASURED: ("値あり", ""),
    FigureState.ZERO: ("0", "数えた結果が0です。"),
    FigureState.NOT_APPLICABLE: ("該当なし", "数える対象がこの期間にありません。"),
    FigureState.UNKNOWN: ("不明", "対象はありますが、値が分かっていません。"),
    FigureState.NOT_SURVEYED: ("未調査", "この期間はまだ調べていません。"),
    FigureState.OUT_OF_SCOPE: ("対象外", "この団体・課は、この調査の対象ではありません。"),
    FigureState.BLANK: ("空欄", "調査票に何も書かれていません。0でも未実施でもありません。"),
}

WITHOUT_NUMBER = (
    FigureState.NOT_APPLICABLE,
    FigureState.OUT_OF_SCOPE,
    FigureState.NOT_SURVEYED,
    FigureState.UNKNOWN,
    FigureState.BLANK,
)


@dataclass(frozen=True)
class Figure:
    """The value of a measure in a period.

    ``value`` is None unless the state is measured or zero. ``numerator`` and ``denominator`` are what a share was made of;
    ``unknown_count`` is the number of rows that were left out because what they would add is not known.
    """

    state: FigureState
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unknown_count: int = 0

    @property
    def has_value(self) -> bool:
        """Whether there is a number, zero included."""
        return self.value is not None

    @property
    def word(self) -> str:
        """The word that stands in place of a number when there is none."""
        return STATE_WORDS[self.state][0]

    @property
    def explanation(self) -> str:
        """A sentence on why there is no number, empty when there is one."""
        return STATE_WORDS[self.state][1]


def figure_of(
    value: Decimal | None,
    *,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    unknown_count: int = 0,
) -> Figure:
    """Return the figure for a computed value; None becomes 「不明」 when unknown rows exist, else 「該当なし」."""
    if value is None:
        state = FigureState.UNKNOWN if unknown_count else FigureState.NOT_APPLICABLE
    else:
        state = FigureState.MEASURED if value else FigureState.ZERO
    return Figure(state, value, numerator, denominator, unknown_count)


NOT_SURVEYED = Figure(FigureState.NOT_SURVEYED)

PERCENT = frozenset({"%", "％"})


def number_text(number: Decimal, unit: str = "") -> str:
    """A number with thousands separators and without needless zeros; a percentage keeps one decimal."""
    if unit in PERCENT:
        return f"{number:,.1f}"
    whole = number == number.to_integral_value()
    return f"{number:,.0f}" if whole else f"{number.normalize():,f}"
