"""How old a dataset may become before it says so itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

__all__ = ["FREQUENCIES", "Frequency", "Freshness", "freshness_of"]


class Frequency(StrEnum):
    """How often a dataset is brought up to date."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True)
class FrequencyFacts:
    """A frequency in words, the days after which a dataset is late (its period and some days of grace), and its name in the EU's list."""

    label: str
    days: int | None
    eu_code: str


FREQUENCIES: dict[Frequency, FrequencyFacts] = {
    Frequency.DAILY: FrequencyFacts("毎日", 3, "DAILY"),
    Frequency.WEEKLY: FrequencyFacts("毎週", 10, "WEEKLY"),
    Frequency.MONTHLY: FrequencyFacts("毎月", 38, "MONTHLY"),
    Frequency.QUARTERLY: FrequencyFacts("3か月ごと", 107, "QUARTERLY"),
    Frequency.ANNUAL: FrequencyFacts("毎年", 396, "ANNUAL"),
    Frequency.IRREGULAR: FrequencyFacts("変わったとき", None, "IRREG"),
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a dataset was last known to be right, until when that lasts, and whether that day has passed."""

    confirmed_on: date | None
    due_on: date | None
    days_late: int

    @property
    def is_late(self) -> bool:
        """Whether it is older than it promises."""
        return self.days_late > 0


def freshness_of(confirmed_on: date | None, frequency: Frequency, today: date) -> Freshness:
    """How fresh a dataset is that was confirmed on a day; one that changes irregularly is never late."""
    days = FREQUENCIES[frequency].days
    if confirmed_on is None or days is None:
        return Freshness(confirmed_on, None, 0)
    due_on = confirmed_on + timedelta(days=days)
    return Freshness(confirmed_on, due_on, max(0, (today - due_on).days))
