"""Sealing: every event gets a leaf, and every batch of leaves a signed checkpoint."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from kakehashi.journal.adapters.outside_copy import write_outside_copy
from kakehashi.journal.adapters.signing_key import load_signing_key
from kakehashi.journal.domain.canonical import NotCanonicalError
from kakehashi.journal.domain.checkpoints import Checkpoint, origin_of
from kakehashi.journal.domain.commitments import commitment
from kakehashi.journal.domain.event_records import FIELDS, event_record
from kakehashi.journal.domain.merkle import Frontier, leaf_hash
from kakehashi.journal.models import Leaf, Seal
from kakehashi.journal.selectors import BATCH, last_seal, unsealed_events
from kakehashi.kernel import clock
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealReport:
    """What one run did: leaves added, and the size of the log after it."""

    added: int
    size: int


@service
def seal_events(*, everywhere: bool = True, limit: int = 20_000) -> SealReport:
    """Give a leaf to each event of the open government that has none, and sign the new root.

    At most `limit` events a run, so that a transaction stays short. `everywhere=False` searches only near the newest
    seal. Two runs at once take turns. Run by the worker; not an official act, so it writes no event.
    """
    government_id = current_government_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [origin_of(government_id)])
    seal = last_seal()
    edge = Frontier.from_bytes(seal.size, bytes(seal.edge)) if seal else Frontier()
    start, skipped = edge.size, 0
    while edge.size - start < limit:
        waiting = unsealed_events(everywhere=everywhere or seal is None)
        rows = list(waiting.values(*FIELDS, "salt")[skipped : skipped + BATCH])
        skipped += len(rows) - _append(edge, rows)
        if len(rows) < BATCH:
            break
    if edge.size > start:
        _sign(government_id, edge)
    return SealReport(edge.size - start, edge.size)


def _append(edge: Frontier, rows: Sequence[dict[str, Any]]) -> int:
    """Add the leaves of these events; return how many."""
    leaves = []
    for row in rows:
        try:
            blinded = commitment(bytes(row["salt"]), event_record(row))
        except NotCanonicalError:
            # It cannot have come through record_event. It stays without a leaf, and verification reports it.
            _log.exception("event %s has no canonical form", row["id"])
            continue
        leaves.append(Leaf(index=edge.size, event_id=row["id"], commitment=blinded))
        edge.append(leaf_hash(blinded))
    Leaf.objects.bulk_create(leaves, batch_size=BATCH)
    return len(leaves)


def _sign(government_id: UUID, edge: Frontier) -> None:
    signed_at = clock.now().replace(microsecond=0)
    point = Checkpoint(origin_of(government_id), edge.size, edge.root(), signed_at)
    note = point.sign(load_signing_key(settings.JOURNAL_KEY))
    Seal.objects.create(size=edge.size, root=point.root, edge=edge.to_bytes(), note=note, signed_at=signed_at)
    transaction.on_commit(lambda: write_outside_copy(settings.JOURNAL_OUTSIDE, government_id, note))
