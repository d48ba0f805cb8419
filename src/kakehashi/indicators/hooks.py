"""What can be counted: rooms above register their measures, and the targets they set, in `apps.ready()`."""

from collections.abc import Callable
from uuid import UUID

from kakehashi.indicators.domain.measure import Column, DenominatorPolicy, Direction, Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.domain.registry import MEASURES, MESSENGERS, TARGETS, Messenger, TargetValue
from kakehashi.kernel.actor import Actor

__all__ = [
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
    "register_messenger",
    "register_targets",
    "targets_of",
    "tell",
]


def register_measure(measure: Measure) -> None:
    """Add a measure to the registry. Raises DuplicateKey when its code is taken."""
    MEASURES.register(measure.code, measure)


def register_targets(room: str, find: Callable[[str], list[TargetValue]]) -> None:
    """Add a source of targets: `find(code)` returns those for one measure in the open scope. Raises DuplicateKey."""
    TARGETS.register(room, find)


def targets_of(code: str) -> list[TargetValue]:
    """Every target that rooms above know for a measure, by year."""
    found = [target for _, find in TARGETS.items() for target in find(code)]
    return sorted(found, key=lambda target: (target.fiscal_year, target.label))


def register_messenger(room: str, send: Messenger) -> None:
    """Add a way to tell people: the notices are a neighbour, so a room above joins them. Raises DuplicateKey."""
    MESSENGERS.register(room, send)


def tell(actor: Actor, person_id: UUID, name: str, subject: str, text: str, url: str, key: UUID) -> None:
    """Tell a person by every way that was registered."""
    senders = [send for _, send in MESSENGERS.items()]
    for send in senders:
        send(actor, person_id, name, subject, text, url, key)
