"""The registries of this room. Rooms above fill them through `indicators.hooks`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kakehashi.indicators.domain.measure import Measure
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.registry import Registry


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


Messenger = Callable[[Actor, UUID, str, str, str, str, UUID], None]
"""Tells a person something: actor, person id, name, subject, text, path, idempotency key."""

MESSENGERS: Registry[Messenger] = Registry("indicators.messengers")
MEASURES: Registry[Measure] = Registry("indicators.measures")
TARGETS: Registry[Callable[[str], list[TargetValue]]] = Registry("indicators.targets")
