"""Retention clocks of personal data: the body's rules, and the purge that follows them."""

from __future__ import annotations

from collections.abc import Callable

from kakehashi.journal.hooks import Clock, clocks
from kakehashi.journal.models import RetentionRule
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors.retention import clock_rules
from kakehashi.journal.services.record import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["purge_expired", "set_retention"]

_AT_ONCE = 500


@service
def set_retention(*, actor: Actor, code: str, amount: int, basis: str) -> RetentionRule:
    """Decide how long one kind of personal data is kept, within the clock's bounds. Writes `journal.retention.changed`.

    Raises NotFound for an unknown clock and DomainError for a period out of bounds or without a basis.
    """
    require(actor, JournalPermission.SET_RULES)
    clock = _clock(code)
    if not clock.least <= amount <= clock.most:
        raise DomainError(f"{clock.least}から{clock.most}までの数にしてください。", field="amount")
    if not basis.strip():
        raise DomainError("根拠（規程の名前と条項など）を入力してください。", field="basis")
    rule, _ = RetentionRule.objects.update_or_create(
        code=code, defaults={"amount": amount, "basis": basis.strip()[:200]}
    )
    record_event(
        actor=actor,
        code="journal.retention.changed",
        subject_kind="journal.retention_rule",
        subject_id=rule.id,
        payload={"clock": code, "amount": amount, "unit": clock.default.unit.value, "basis": rule.basis},
    )
    return rule


def _clock(code: str) -> Clock:
    for clock in clocks():
        if clock.code == code:
            return clock
    raise NotFound(code)


@service
def purge_expired(*, limit: int = _AT_ONCE, wanted: Callable[[str], bool] = lambda _: True) -> dict[str, int]:
    """Purge what is past its period in the open government, at most `limit` of each kind; gives the number by clock.

    Run by the worker. What a purge leaves behind (a tombstone, an event without personal data) is the room's own.
    """
    purged = {}
    for rule in clock_rules():
        if wanted(rule.clock.code):
            purged[rule.clock.code] = rule.clock.purge(rule.before, limit)
    return purged
