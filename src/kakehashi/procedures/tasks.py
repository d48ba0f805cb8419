"""Sweeps of the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import sweep
from kakehashi.procedures.services import sweep_drafts
from kakehashi.procedures.services.uploads import sweep_uploads


@sweep(name="procedures.drafts", seconds=3600)
def forget_old_drafts(government_id: UUID) -> int:
    """Forget drafts that nobody has touched for thirty days."""
    return sweep_drafts()


@sweep(name="procedures.uploads", seconds=24 * 3600)
def forget_old_uploads(government_id: UUID) -> int:
    """Let go of attachments that were uploaded and never handed in."""
    return sweep_uploads(actor=system_actor(government_id))
