"""The definition of a measure: what is counted, against what, in which words. Two readers must count alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kakehashi.indicators.domain.period import Period

Rows = Callable[[Period], Any]
"""From a period to a QuerySet of the rows that count in it."""


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Statistic(StrEnum):
    """How rows become a number; with a denominator the two numbers become a percentage."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    P90 = "p90"


class DenominatorPolicy(StrEnum):
    """What happens to rows that cannot be judged; said in words on every page that shows the figure."""

    NONE = "none"
    ALL = "all"
    KNOWN_ONLY = "known_only"
    APPLICABLE_ONLY = "applicable_only"


POLICY_WORDS = {
    DenominatorPolicy.NONE: "分母はありません。",
    DenominatorPolicy.ALL: "分母は対象のすべてです。",
    DenominatorPolicy.KNOWN_ONLY: "値が不明のものは、分子にも分母にも入れず、件数を別に示します。",
    DenominatorPolicy.APPLICABLE_ONLY: "対象外のものは、分母から除きます。",
}


class RowPart(StrEnum):
    """Which rows behind a figure."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Column:
    """A column of the page of rows: its heading and how to read it from a row."""

    heading: str
    value: Callable[[Any], object]


@dataclass(frozen=True)
class Measure:
    """A measure, registered once by the room that owns the rows.

    - ``code`` is ``room.name``; ``unit`` is 「%」「件」「日」; ``formula_text`` is the formula in words; raise ``version``
      whenever the same data would give another number.
    - ``numerator``, ``denominator`` and ``unknown`` return the rows of a period. A denominator makes it a share in per cent.
    - ``statistic`` and ``value``: with ``value`` (a field or annotation of the rows, or a function of a row) numbers are summed,
      averaged or their median is taken instead of counting rows. In a share, ``value`` is a weight, such as a yearly volume.
    - ``denominator_policy`` may also be a sentence of the room's own.
    - ``department_path`` leads from a row to its department (「case__department」), for figures per department.
    - ``is_stock``: the rows are as of the end of the period, so months before the first snapshot cannot be recovered.
    - ``row_columns`` and ``row_url`` draw the page of rows, each row with its link.
    """

    code: str
    label: str
    unit: str
    direction: Direction
    formula_text: str
    version: int
    numerator: Rows
    denominator: Rows | None = None
    denominator_policy: DenominatorPolicy | str = DenominatorPolicy.NONE
    row_columns: Sequence[Column | tuple[str, Callable[[Any], object]]] = ()
    row_url: Callable[[Any], str] | None = None
    unknown: Rows | None = None
    statistic: Statistic = Statistic.COUNT
    value: str | Callable[[Any], Any] = ""
    places: int = 1
    department_path: str = ""
    is_stock: bool = False
    numerator_label: str = "分子"
    denominator_label: str = "分母"

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", Direction(self.direction))
        room, _, name = self.code.partition(".")
        if not room or not name:
            raise ValueError(f"{self.code!r}: a measure's code is room.name")
        if self.value and self.statistic is Statistic.COUNT:
            # A value without a statistic is a weight: what is counted is its sum.
            object.__setattr__(self, "statistic", Statistic.SUM)
        if self.statistic is not Statistic.COUNT and not self.value:
            raise ValueError(f"{self.code}: {self.statistic} needs the name of a value")
        if self.denominator is not None and self.denominator_policy is DenominatorPolicy.NONE:
            object.__setattr__(self, "denominator_policy", DenominatorPolicy.ALL)

    @property
    def columns(self) -> list[Column]:
        """The columns of the page of rows."""
        return [one if isinstance(one, Column) else Column(*one) for one in self.row_columns]

    @property
    def is_share(self) -> bool:
        """Whether the figure is numerator over denominator in per cent."""
        return self.denominator is not None

    @property
    def policy_text(self) -> str:
        """The denominator policy in words."""
        policy = self.denominator_policy
        return POLICY_WORDS[DenominatorPolicy(policy)] if policy in set(DenominatorPolicy) else str(policy)

    @property
    def room(self) -> str:
        """The room that owns the rows."""
        return self.code.partition(".")[0]
