"""HEIC photographs of phones: where the picture tells more than the picture, found box by box and blanked in place.

Nothing here decodes the picture. The boxes are ISO/IEC 14496-12 (meta, iinf, iloc) and 23008-12: an item of type `Exif`, or of
type `mime` (XMP), holds position, time and camera; its bytes become zeros, everything else stays byte for byte.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["BadHeif", "without_metadata"]

_TOP = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"wide"}
_TELLING = {b"Exif", b"mime", b"uri "}
_MOST_ITEMS = 20_000


class BadHeif(ValueError):
    """The boxes are not those of a still picture."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


class _Reader:
    """Big-endian numbers from one place on; raises BadHeif beyond the end."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self.at, self._end = data, at, end

    def number(self, size: int) -> int:
        found = self.take(size)
        return int.from_bytes(found, "big")

    def take(self, size: int) -> bytes:
        if self.at + size > self._end:
            raise BadHeif("cut off")
        self.at += size
        return self._data[self.at - size : self.at]


def without_metadata(content: bytes) -> tuple[bytes, bool]:
    """The picture with its metadata blanked, and whether there was any. Raises BadHeif for anything but a still picture."""
    top = list(_boxes(content, 0, len(content)))
    if not top or top[0].kind != b"ftyp" or any(box.kind not in _TOP for box in top):
        raise BadHeif("not a still picture")
    metas = [box for box in top if box.kind == b"meta"]
    if len(metas) != 1:
        raise BadHeif("no or several descriptions")
    inside = {box.kind: box for box in _boxes(content, metas[0].start + 4, metas[0].end)}
    if b"iinf" not in inside or b"iloc" not in inside:
        raise BadHeif("no list of items")
    telling = {item for item, kind in _items(content, inside[b"iinf"]) if kind in _TELLING}
    kept = bytearray(content)
    for item, start, length in _places(content, inside[b"iloc"], inside.get(b"idat")):
        if item in telling:
            if start < 0 or start + length > len(kept):
                raise BadHeif("an item outside the file")
            kept[start : start + length] = bytes(length)
    return bytes(kept), bool(telling)


def _boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    while at < end:
        if end - at < 8:
            raise BadHeif("cut off")
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            if end - start < 8:
                raise BadHeif("cut off")
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        stop = end if size == 0 else at + size
        if stop < start or stop > end:
            raise BadHeif("a box outside its box")
        yield _Box(kind, start, stop)
        at = stop


def _items(data: bytes, box: _Box) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(data, box.start, box.end)
    version = reader.number(4) >> 24
    reader.number(2 if version == 0 else 4)
    for each in _boxes(data, reader.at, box.end):
        if each.kind != b"infe":
            continue
        entry = _Reader(data, each.start, each.end)
        form = entry.number(4) >> 24
        if form < 2:
            raise BadHeif("an old list of items")
        item = entry.number(2 if form == 2 else 4)
        entry.number(2)
        yield item, entry.take(4)


def _places(data: bytes, box: _Box, idat: _Box | None) -> Iterator[tuple[int, int, int]]:
    reader = _Reader(data, box.start, box.end)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in {1, 2} else 0
    count = reader.number(4 if version == 2 else 2)
    if count > _MOST_ITEMS:
        raise BadHeif("too many items")
    for _ in range(count):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version in {1, 2} else 0
        reader.number(2)
        base = reader.number(base_size)
        if method == 1 and idat is not None:
            base += idat.start
        for _ in range(reader.number(2)):
            reader.number(index_size)
            start, length = base + reader.number(offset_size), reader.number(length_size)
            yield item, start if method in {0, 1} else -1, length
