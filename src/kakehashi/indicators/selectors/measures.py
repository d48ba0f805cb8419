"""Which measures there are: those that rooms registered, and those a town keeps by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kakehashi.governments.selectors import rooms_of_id
from kakehashi.indicators.domain.measure import Direction, Measure
from kakehashi.indicators.domain.registry import MEASURES
from kakehashi.indicators.models import MANUAL, ManualMeasure
from kakehashi.kernel.tenancy import current_government_id


class NoSuchMeasure(LookupError):
    """No measure has this code, or its room is switched off in this government."""


@dataclass(frozen=True)
class Described:
    """A measure as pages show it; `measure` is None for one that is kept by hand."""

    code: str
    label: str
    unit: str
    direction: Direction
    formula_text: str
    policy_text: str
    version: int
    room: str
    source: str = ""
    definition: str = ""
    measure: Measure | None = None

    @property
    def is_manual(self) -> bool:
        """Whether people enter the values."""
        return self.measure is None

    @property
    def places(self) -> int:
        """How many decimals are shown."""
        return self.measure.places if self.measure else 4


def all_measures(rooms: Collection[str] | None = None) -> list[Described]:
    """Every measure of the open scope's government: rooms that are on (`rooms` where they are known), then those kept by hand."""
    rooms = rooms_of_id(current_government_id()) if rooms is None else rooms
    registered = [_registered(measure) for _, measure in MEASURES.items() if measure.room in rooms]
    return registered + [_manual(row) for row in ManualMeasure.objects.order_by("label", "id")]


def describe(code: str) -> Described:
    """The measure with this code. Raises `NoSuchMeasure`."""
    if code in MEASURES:
        measure = MEASURES.get(code)
        if measure.room in rooms_of_id(current_government_id()):
            return _registered(measure)
        raise NoSuchMeasure(code)
    row = manual_measure(code)
    if row is None:
        raise NoSuchMeasure(code)
    return _manual(row)


def manual_measure(code: str) -> ManualMeasure | None:
    """The measure kept by hand behind a code, or None."""
    room, _, key = code.partition(".")
    try:
        return ManualMeasure.objects.filter(id=UUID(key)).first() if room == MANUAL else None
    except ValueError:
        return None


def _registered(measure: Measure) -> Described:
    return Described(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        formula_text=measure.formula_text,
        policy_text=measure.policy_text,
        version=measure.version,
        room=measure.room,
        measure=measure,
    )


def _manual(row: ManualMeasure) -> Described:
    return Described(
        code=row.code,
        label=row.label,
        unit=row.unit,
        direction=Direction(row.direction),
        formula_text=row.formula_text,
        policy_text=row.denominator_policy,
        version=row.version,
        room=MANUAL,
        source=row.source,
        definition=row.definition,
    )
