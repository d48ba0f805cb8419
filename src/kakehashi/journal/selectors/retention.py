"""How long each kind of personal data is kept in the open government."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kakehashi.journal.domain.registrations import Clock, clocks
from kakehashi.journal.domain.retention_clocks import Period, purged_before
from kakehashi.journal.models import RetentionRule
from kakehashi.kernel import clock as time


@dataclass(frozen=True)
class ClockRule:
    """A clock with the period that holds here and what it rests on."""

    clock: Clock
    period: Period
    basis: str
    is_own: bool

    @property
    def before(self) -> date:
        """The day before which clocks must have started for their data to go today."""
        return purged_before(time.today(), self.period)


def clock_rules() -> list[ClockRule]:
    """Every retention clock with this government's rule, else the default."""
    own = {rule.code: rule for rule in RetentionRule.objects.all()}
    found = []
    for clock in clocks():
        rule = own.get(clock.code)
        period = Period(rule.amount, clock.default.unit) if rule else clock.default
        found.append(ClockRule(clock, period, rule.basis if rule else clock.basis, rule is not None))
    return found
