"""Proofs read from the stored tree: a few hundred hashes for a log of any length."""

from __future__ import annotations

from functools import cache

from kakehashi.journal.domain.merkle import BLOCK_HEIGHT, RangeRoot, from_blocks, leaf_hash
from kakehashi.journal.models import Leaf, TreeNode

_WIDTH = 1 << BLOCK_HEIGHT


def stored_tree() -> RangeRoot:
    """The open government's tree; what was read once is remembered, so one tree serves many proofs.

    Subtrees that are not stored are calculated from their leaves. Raises KeyError for a leaf that is not there.
    """

    @cache
    def leaves(group: int) -> dict[int, bytes]:
        rows = Leaf.objects.filter(index__gte=group * _WIDTH, index__lt=(group + 1) * _WIDTH)
        return {index: leaf_hash(bytes(blinded)) for index, blinded in rows.values_list("index", "commitment")}

    @cache
    def nodes(height: int, group: int) -> dict[int, bytes]:
        rows = TreeNode.objects.filter(height=height, place__gte=group * _WIDTH, place__lt=(group + 1) * _WIDTH)
        return {place: bytes(root) for place, root in rows.values_list("place", "root")}

    return from_blocks(
        lambda index: leaves(index // _WIDTH)[index],
        lambda height, place: nodes(height, place // _WIDTH).get(place),
    )
