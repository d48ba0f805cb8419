"""Sealing: every event gets a leaf, and every batch of leaves a signed checkpoint."""

from __future__ import annotations

import logging
from base64 import b64encode
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
from kakehashi.journal.domain.event_records import SORTED_FIELDS, record_of_texts
from kakehashi.journal.domain.merkle import BLOCK_HEIGHT, Frontier, leaf_hash
from kakehashi.journal.models import Seal, TreeNode
from kakehashi.journal.selectors import BATCH, first_id_near_the_seal, last_seal, leaves_in_order
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
    after = _before(everywhere=everywhere or seal is None)
    rows = _waiting(government_id, after)
    while rows:
        _append(government_id, edge, rows)
        if len(rows) < BATCH or edge.size - start >= limit:
            break
        # Within one run only: what becomes visible behind this id meanwhile is found by the next run.
        rows = _waiting(government_id, rows[-1][0])
    if edge.size > start:
        _sign(government_id, edge)
    return SealReport(edge.size - start, edge.size)


# Ids and times leave the database as the texts of the record: reading a uuid into an object and writing it out again, five
# times an event, took longer than hashing.
_AS_TEXT = {
    "payload": "payload::text",
    "occurred_at": """to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    **dict.fromkeys(("code", "actor_kind", "actor_label", "subject_kind")),
}
_COLUMNS = ", ".join(_AS_TEXT.get(name, f"{name}::text") or name for name in SORTED_FIELDS)
_WAITING = f"""
    SELECT id::text, salt, {_COLUMNS} FROM journal_event AS event
    WHERE government_id = %s AND id > %s AND NOT EXISTS (
        SELECT FROM journal_leaf AS leaf
        WHERE leaf.government_id = event.government_id AND leaf.event_id = event.id AND leaf.event_id > %s)
    ORDER BY event.id LIMIT %s
"""  # noqa: S608 - the columns are those above
# Row security allows no COPY into the table. One statement takes all: the ids in two arrays, the commitments end to end.
_INSERT = """
    INSERT INTO journal_leaf (id, government_id, index, event_id, commitment)
    SELECT new.id, %s, %s + new.place - 1, new.event_id, substring(given.all_of_them FROM (new.place::int - 1) * 32 + 1 FOR 32)
    FROM (SELECT decode(%s, 'base64') AS all_of_them OFFSET 0) AS given,
        unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS new (id, event_id, place)
"""
_FIRST = "00000000-0000-0000-0000-000000000000"


def _before(*, everywhere: bool) -> str:
    """The id behind which to search."""
    first = None if everywhere else first_id_near_the_seal()
    return str(first or _FIRST)


def _waiting(government_id: UUID, after: str) -> list[tuple[Any, ...]]:
    """The next events without a leaf: the id, the salt, and the fields of the record as texts."""
    with connection.cursor() as cursor:
        # Told twice: the leaves of all that was sealed before would otherwise be walked through for every batch.
        cursor.execute(_WAITING, [government_id, after, after, BATCH])
        return list(cursor.fetchall())


def _append(government_id: UUID, edge: Frontier, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add the leaves of these events to the edge and to the table."""
    event_ids: list[str] = []
    blinded: list[bytes] = []
    for event_id, salt, *texts in rows:
        try:
            blinded.append(commitment(salt, record_of_texts(texts)))
        except NotCanonicalError:
            # It cannot have come through record_event. It stays without a leaf, and verification reports it.
            _log.exception("event %s has no canonical form", event_id)
            continue
        event_ids.append(event_id)
    if event_ids:
        first, base = edge.size, uuid7().int
        for each in blinded:
            edge.append(leaf_hash(each))
        ids = [f"{number:032x}" for number in range(base, base + len(event_ids))]
        together = b64encode(b"".join(blinded)).decode()
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [government_id, first, together, _array(ids), _array(event_ids)])
    keep_blocks(edge)


def _array(ids: Sequence[str]) -> str:
    return "{" + ",".join(ids) + "}"


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
