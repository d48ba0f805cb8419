"""Sweeps of the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.desk.services import ask_effects
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import sweep


@sweep(name="desk.effects", seconds=6 * 3600)
def ask_about_effects(government_id: UUID) -> int:
    """Ask about what was solved 30 and 90 days ago."""
    return ask_effects(actor=system_actor(government_id, "効果の確認"))
