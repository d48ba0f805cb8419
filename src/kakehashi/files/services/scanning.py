"""Scanning what waits: large files, and all that came while the scanner did not answer."""

from __future__ import annotations

from kakehashi.files.adapters.scanner import scanner
from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.selectors import open_file
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.data_keys import KeyGone
from kakehashi.kernel.services import service

__all__ = ["scan_waiting"]


@service
def scan_waiting(*, limit: int = 20) -> int:
    """Judge files of the open government that wait; gives how many were judged. Stops at the first the scanner cannot judge.

    What turns out infected is never handed out, and the journal says so (``files.file.quarantined``).
    """
    judge, judged = scanner(), 0
    waiting = StoredFile.objects.select_for_update(skip_locked=True).filter(scan_state=ScanState.WAITING)
    for stored in waiting.order_by("id")[:limit]:
        try:
            with open_file(stored) as content:
                state = judge.scan(content)
        except (KeyGone, FileNotFoundError):
            # Its key was destroyed, or it is lost: nobody opens it any more, so nothing is left to judge.
            continue
        if state == ScanState.WAITING:
            break
        stored.scan_state = state
        stored.save(update_fields=["scan_state"])
        judged += 1
        if state == ScanState.INFECTED:
            record_event(
                actor=system_actor(stored.government_id, "ウイルス検査"),
                code="files.file.quarantined",
                subject_kind="files.stored_file",
                subject_id=stored.id,
                payload={"sha256": stored.sha256, "purpose": stored.purpose},
            )
    return judged
