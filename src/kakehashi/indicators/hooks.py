"""What can be counted: rooms above register their measures here in `apps.ready()`."""

from kakehashi.indicators.domain.measure import Column, DenominatorPolicy, Direction, Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period, PeriodKind
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
    "register_measure",
]

MEASURES: Registry[Measure] = Registry("indicators.measures")


def register_measure(measure: Measure) -> None:
    """Add a measure to the registry. Raises DuplicateKey when its code is taken."""
    MEASURES.register(measure.code, measure)
