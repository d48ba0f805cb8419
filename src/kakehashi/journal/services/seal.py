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
from kakehashi.journal.domain.merkle import BLOCK_HEIGHT, Frontier, leaf_hash
from kakehashi.journal.models import Seal, TreeNode
from kakehashi.journal.selectors import BATCH, last_seal, leaves_in_order, unsealed_events
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
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
    start = edge.size
    waiting = unsealed_events(everywhere=everywhere or seal is None).values(*FIELDS, "salt")
    rows = list(waiting[:BATCH])
    while rows:
        _append(government_id, edge, rows)
        if len(rows) < BATCH or edge.size - start >= limit:
            break
        # Within one run only: what becomes visible behind this id meanwhile is found by the next run.
        rows = list(waiting.filter(id__gt=rows[-1]["id"])[:BATCH])
    if edge.size > start:
        _sign(government_id, edge)
    return SealReport(edge.size - start, edge.size)


# Row security allows no COPY into the table; one INSERT from arrays costs a third of the model layer's.
_INSERT = """
    INSERT INTO journal_leaf (id, government_id, index, event_id, commitment)
    SELECT new.id, %s, new.index, new.event_id, new.commitment
    FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::bytea[]) AS new (id, index, event_id, commitment)
"""


def _append(government_id: UUID, edge: Frontier, rows: Sequence[dict[str, Any]]) -> None:
    """Add the leaves of these events to the edge and to the table."""
    leaves: list[tuple[UUID, int, UUID, bytes]] = []
    for row in rows:
        try:
            blinded = commitment(bytes(row["salt"]), event_record(row))
        except NotCanonicalError:
            # It cannot have come through record_event. It stays without a leaf, and verification reports it.
            _log.exception("event %s has no canonical form", row["id"])
            continue
        leaves.append((uuid7(), edge.size, row["id"], blinded))
        edge.append(leaf_hash(blinded))
    if leaves:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [government_id, *(list(column) for column in zip(*leaves, strict=True))])
    keep_blocks(edge)


def keep_blocks(edge: Frontier) -> None:
    """Store the subtrees that were finished since the last call."""
    if edge.blocks:
        nodes = [TreeNode(height=height, place=place, root=root) for height, place, root in edge.blocks]
        TreeNode.objects.bulk_create(nodes, ignore_conflicts=True)
        edge.blocks.clear()


@service
def complete_tree() -> int:
    """Store the subtrees that are missing, as in a log sealed by an older version; gives how many blocks were missing."""
    seal = last_seal()
    wanted = seal.size >> BLOCK_HEIGHT if seal else 0
    missing = wanted - TreeNode.objects.filter(height=BLOCK_HEIGHT).count() if wanted else 0
    if missing > 0:
        edge = Frontier()
        for _, _, blinded in leaves_in_order():
            edge.append(leaf_hash(blinded))
            if len(edge.blocks) >= BATCH:
                keep_blocks(edge)
        keep_blocks(edge)
    return max(missing, 0)


def _sign(government_id: UUID, edge: Frontier) -> None:
    signed_at = clock.now().replace(microsecond=0)
    point = Checkpoint(origin_of(government_id), edge.size, edge.root(), signed_at)
    note = point.sign(load_signing_key(settings.JOURNAL_KEY))
    Seal.objects.create(size=edge.size, root=point.root, edge=edge.to_bytes(), note=note, signed_at=signed_at)
    transaction.on_commit(lambda: write_outside_copy(settings.JOURNAL_OUTSIDE, government_id, note))
