"""Writes of the journal: record an event, seal the log, export evidence; the log of accesses; retention."""

from kakehashi.journal.services.accesses import forget_accesses, record_access, set_access_rule
from kakehashi.journal.services.dossiers import export_dossier
from kakehashi.journal.services.export import export_bundle
from kakehashi.journal.services.keys import history_of, journal_keys, record_key_change, trust_earlier_keys
from kakehashi.journal.services.printing import print_root, root_pdf
from kakehashi.journal.services.reasons import keep_reason, reason_for
from kakehashi.journal.services.record import build_event, record_event
from kakehashi.journal.services.retention import purge_expired, set_retention
from kakehashi.journal.services.seal import SealReport, complete_tree, seal_events
from kakehashi.journal.services.timestamps import stamp_newest
from kakehashi.journal.services.verify import verify_journal
from kakehashi.journal.services.witnessing import (
    Signing,
    own_witness_key,
    receive_cosignature,
    request_witness,
    sign_as_witness,
)

__all__ = [
    "SealReport",
    "Signing",
    "build_event",
    "complete_tree",
    "export_bundle",
    "export_dossier",
    "forget_accesses",
    "history_of",
    "journal_keys",
    "keep_reason",
    "own_witness_key",
    "print_root",
    "purge_expired",
    "reason_for",
    "receive_cosignature",
    "record_access",
    "record_event",
    "record_key_change",
    "request_witness",
    "root_pdf",
    "seal_events",
    "set_access_rule",
    "set_retention",
    "sign_as_witness",
    "stamp_newest",
    "trust_earlier_keys",
    "verify_journal",
]
