"""Proofs read from the stored tree: a few hundred hashes for a log of any length."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.db import connection

from kakehashi.journal.domain.merkle import BLOCK_HEIGHT, HASH_SIZE, RangeRoot, from_blocks, leaf_hash
from kakehashi.kernel.tenancy import current_government_id

_WIDTH = 1 << BLOCK_HEIGHT
_HEIGHTS = (0, BLOCK_HEIGHT, 2 * BLOCK_HEIGHT)
Group = tuple[int, int]
"""A height (0: the leaves) and the number of a group of 256 places of that height."""

# A group is one row: its places, and the hashes of all of them end to end. Rows of their own cost more than what stands in them.
_LEAVES = """
    SELECT 0, array_agg(index ORDER BY index), string_agg(commitment, ''::bytea ORDER BY index)
    FROM journal_leaf WHERE government_id = %s AND index >= %s AND index < %s
"""
_NODES = """
    SELECT height, array_agg(place ORDER BY place), string_agg(root, ''::bytea ORDER BY place)
    FROM journal_treenode WHERE government_id = %s AND height = %s AND place >= %s AND place < %s GROUP BY height
"""


def stored_tree(*places: int) -> RangeRoot:
    """The open government's tree; what was read once is remembered, so one tree serves many proofs.

    `places` are leaves the proofs will be about, such as one and the last: what they need is then read in one statement.
    Subtrees that are not stored are calculated from their leaves. Raises KeyError for a leaf that is not there.
    """
    government_id = current_government_id()
    wanted = {(height, place >> height + BLOCK_HEIGHT) for place in places for height in _HEIGHTS}
    ready = _read(government_id, wanted) if wanted else {}

    @cache
    def group(height: int, number: int) -> dict[int, bytes]:
        known = (height, number)
        return ready[known] if known in ready else _read(government_id, {known})[known]

    return from_blocks(
        lambda index: group(0, index // _WIDTH)[index],
        lambda height, place: group(height, place // _WIDTH).get(place),
    )


def _read(government_id: UUID, wanted: Iterable[Group]) -> dict[Group, dict[int, bytes]]:
    """The hashes of these groups by place; a group without any is empty."""
    found: dict[Group, dict[int, bytes]] = {one: {} for one in wanted}
    parts: list[str] = []
    values: list[UUID | int] = []
    for height, number in found:
        parts.append(_NODES if height else _LEAVES)
        values += [government_id, *([height] if height else []), number * _WIDTH, (number + 1) * _WIDTH]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    for height, places, together in rows:
        if places:
            hashes = [together[start : start + HASH_SIZE] for start in range(0, len(together), HASH_SIZE)]
            kept = map(leaf_hash, hashes) if not height else hashes
            found[height, places[0] // _WIDTH] = dict(zip(places, kept, strict=True))
    return found
