"""Merkle trees of RFC 6962 / RFC 9162: root, inclusion and consistency proofs, and an appendable right edge.

All hashes are 32 raw bytes. A leaf hash is `SHA-256(0x00 || commitment)`, a node `SHA-256(0x01 || left || right)`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

# Roots of complete subtrees of 2**8, 2**16, 2**24 leaves are kept: a proof then needs a few hundred hashes in a log of any length.
BLOCK_HEIGHT = 8

# Gives the root of the complete subtree over leaves [start, end).
RangeRoot = Callable[[int, int], bytes]


def leaf_hash(commitment: bytes) -> bytes:
    """Hash one leaf's data (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + commitment).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children into their parent (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The right edge of a tree: enough to append and to give the root without reading the leaves again.

    `nodes` are the roots of the complete subtrees, largest first; there is one for every bit set in `size`.
    `blocks` collects each finished subtree of a height that is kept, as (height, its place, its root), for whoever stores them.
    """

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)
    blocks: list[tuple[int, int, bytes]] = field(default_factory=list, compare=False)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash: merge equal subtrees as a binary counter carries."""
        node = leaf
        carry, height = self.size, 0
        while carry & 1:
            node = node_hash(self.nodes.pop(), node)
            carry >>= 1
            height += 1
            if not height % BLOCK_HEIGHT:
                self.blocks.append((height, self.size >> height, node))
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root at the present size."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the nodes one after the other, to be stored beside the size."""
        return b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "Frontier":
        """Rebuild a stored edge; ValueError when the number of nodes cannot belong to `size`."""
        if len(data) != size.bit_count() * HASH_SIZE:
            raise ValueError("the stored edge does not fit the size of the tree")
        nodes = [data[start : start + HASH_SIZE] for start in range(0, len(data), HASH_SIZE)]
        return cls(size, nodes)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def over(leaves: Sequence[bytes]) -> RangeRoot:
    """Read range roots from a plain list of leaf hashes; a range is hashed once, however many proofs use it."""

    @cache
    def range_root(start: int, end: int) -> bytes:
        return root_of(leaves[start:end])

    return range_root


def from_blocks(leaf: Callable[[int], bytes], block: Callable[[int, int], bytes | None]) -> RangeRoot:
    """Read range roots from kept subtrees: `leaf(index)` is a leaf's hash, `block(height, place)` a kept root or None."""

    @cache
    def range_root(start: int, end: int) -> bytes:
        width = end - start
        if width == 1:
            return leaf(start)
        height = width.bit_length() - 1
        if width == 1 << height and not start % width and not height % BLOCK_HEIGHT:
            found = block(height, start >> height)
            if found is not None:
                return found
        middle = start + _split(width)
        return node_hash(range_root(start, middle), range_root(middle, end))

    return range_root


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (RFC 6962's k)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, range_root: RangeRoot) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves, nearest sibling first (RFC 9162 §2.1.3)."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end))
            end = middle
        else:
            path.append(range_root(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_proof(first: int, second: int, range_root: RangeRoot) -> list[bytes]:
    """Return the proof that the tree of `first` leaves is a prefix of that of `second` (RFC 9162 §2.1.4)."""
    if not 0 < first <= second:
        raise ValueError("a consistency proof goes from a smaller, non-empty tree to a larger one")
    path: list[bytes] = []
    start, end, is_known = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(range_root(middle, end))
            end = middle
        else:
            path.append(range_root(start, middle))
            start, is_known = middle, False
    if not is_known:
        path.append(range_root(start, end))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check an audit path (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            result = node_hash(result, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and result == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Check that the tree with `first_root` is a prefix of the one with `second_root` (RFC 9162 §2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    node, last = first - 1, second - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root
