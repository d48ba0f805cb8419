"""Writes of the journal: record an event, seal the log, export evidence."""

from kakehashi.journal.services.export import export_bundle
from kakehashi.journal.services.keys import record_key_change
from kakehashi.journal.services.record import build_event, record_event
from kakehashi.journal.services.seal import SealReport, seal_events
from kakehashi.journal.services.verify import verify_journal

__all__ = [
    "SealReport",
    "build_event",
    "export_bundle",
    "record_event",
    "record_key_change",
    "seal_events",
    "verify_journal",
]
