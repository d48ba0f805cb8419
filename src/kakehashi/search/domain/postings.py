"""How the index is packed: fixed records in bytes, read without a copy as columns.

A posting holds, for one term and one segment, the entries that contain it: place in the segment (2 bytes), count in the
title (1), count in the body (1). A segment holds for each of its places: kind (1), flags (1), department (2), length of the
title (2), length of the body (2). All numbers are little-endian.
"""

from __future__ import annotations

import struct

import numpy as np

SEGMENT = 8192
POSTING = np.dtype([("place", "<u2"), ("title", "u1"), ("body", "u1")])
PLACE = np.dtype([("kind", "u1"), ("flags", "u1"), ("group", "<u2"), ("title_length", "<u2"), ("body_length", "<u2")])
PUBLIC, LIVE = 1, 2
_POSTING = struct.Struct("<HBB")
_PLACE = struct.Struct("<BBHHH")


def pack_posting(place: int, title: int, body: int) -> bytes:
    """Return the four bytes of one entry in a posting."""
    return _POSTING.pack(place, title, body)


def pack_place(*, kind: int, is_public: bool, group: int, title_length: int, body_length: int) -> bytes:
    """Return the eight bytes of one living entry in a segment."""
    return _PLACE.pack(kind, LIVE | (PUBLIC if is_public else 0), group, title_length, body_length)


def unpack_posting(data: bytes | memoryview) -> np.ndarray:
    """Return a posting as a table with the columns place, title, body."""
    return np.frombuffer(data, dtype=POSTING)


def unpack_segment(data: bytes | memoryview) -> np.ndarray:
    """Return a segment as a table with the columns kind, flags, group, title_length, body_length."""
    return np.frombuffer(data, dtype=PLACE)
