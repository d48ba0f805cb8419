"""What can be counted: rooms above register their measures here in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kakehashi.indicators.domain.measure import Column, DenominatorPolicy, Direction, Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.registry import Registry

__all__ = [
    "MEASURES",
    "Column",
    "DenominatorPolicy",
    "Direction",
    "Measure",
    "Period",
    "PeriodKind",
    "RowPart",
    "Statistic",
    "TargetValue",
    "register_measure",
    "register_targets",
    "targets_of",
]

MEASURES: Registry[Measure] = Registry("indicators.measures")


def register_measure(measure: Measure) -> None:
    """Add a measure to the registry. Raises DuplicateKey when its code is taken."""
    MEASURES.register(measure.code, measure)


@dataclass(frozen=True)
class TargetValue:
    """A target that somebody set for a measure: for which fiscal year, where it stands, and its page."""

    fiscal_year: int
    value: Decimal
    label: str
    url: str

    @property
    def year_label(self) -> str:
        """「令和8年度」."""
        return fiscal_year_label(self.fiscal_year)


TARGETS: Registry[Callable[[str], list[TargetValue]]] = Registry("indicators.targets")


def register_targets(room: str, find: Callable[[str], list[TargetValue]]) -> None:
    """Add a source of targets: `find(code)` returns those for one measure in the open scope. Raises DuplicateKey."""
    TARGETS.register(room, find)


def targets_of(code: str) -> list[TargetValue]:
    """Every target that rooms above know for a measure, by year."""
    found = [target for _, find in TARGETS.items() for target in find(code)]
    return sorted(found, key=lambda target: (target.fiscal_year, target.label))
