"""Background work of the files room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.files.services import sweep_content
from kakehashi.kernel.queue import sweep


@sweep(name="files.sweep_content", seconds=6 * 60 * 60)
def sweep_unreferenced_content(government_id: UUID) -> None:
    """Free the space of content that no row has any more."""
    sweep_content(government_id)
