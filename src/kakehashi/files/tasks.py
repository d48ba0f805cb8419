"""Background work of the files room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.files.services import scan_waiting, sweep_content, sweep_uploads
from kakehashi.kernel.queue import sweep


@sweep(name="files.sweep_content", seconds=6 * 60 * 60)
def sweep_unreferenced_content(government_id: UUID) -> None:
    """Free the space of content that no row has any more."""
    sweep_content(government_id)


@sweep(name="files.sweep_uploads", seconds=60 * 60)
def sweep_begun_uploads(government_id: UUID) -> None:
    """Forget uploads that were never finished."""
    sweep_uploads()


@sweep(name="files.scan_waiting", seconds=15)
def sweep_waiting_files(government_id: UUID) -> None:
    """Judge what waits for the virus scanner."""
    scan_waiting()
