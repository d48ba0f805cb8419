"""Sweeps of the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.queue import sweep
from kakehashi.procedures.services import sweep_drafts


@sweep(name="procedures.drafts", seconds=3600)
def forget_old_drafts(government_id: UUID) -> int:
    """Forget drafts that nobody has touched for thirty days."""
    return sweep_drafts()
