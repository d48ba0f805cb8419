"""Which characters our font can show; the rest are printed as 〓 (下駄), as printers always did.

PDF/A refuses a character without a glyph. A person's name in a character nobody can print must
be seen as such, never silently dropped and never a reason for a notice not to be made.
"""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

GETA = "〓"
FONT_FILE = Path(__file__).resolve().parent / "fonts" / "NotoSerifJP-Regular.ttf"

_FORMAT_12_HEADER = 16
_IGNORABLE = {0xAD, 0x61C, 0x180E, 0x2028, 0x2029, 0xFEFF}


@lru_cache(maxsize=1)
def covered_code_points() -> frozenset[int]:
    """Code points with a glyph, read from the font's `cmap` table (subtable format 12)."""
    data = FONT_FILE.read_bytes()
    offset = _table_offset(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, offset + 2)
    for index in range(count):
        (subtable,) = struct.unpack_from(">L", data, offset + 4 + index * 8 + 4)
        (kind,) = struct.unpack_from(">H", data, offset + subtable)
        if kind == 12:
            return frozenset(_groups(data, offset + subtable))
    raise LookupError("the font has no cmap subtable of format 12")


def _table_offset(data: bytes, tag: bytes) -> int:
    (tables,) = struct.unpack_from(">H", data, 4)
    for index in range(tables):
        name, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + index * 16)
        if name == tag:
            return int(offset)
    raise LookupError(f"the font has no table {tag!r}")


def _groups(data: bytes, start: int) -> set[int]:
    (groups,) = struct.unpack_from(">L", data, start + 12)
    points: set[int] = set()
    for index in range(groups):
        first, last, _ = struct.unpack_from(">LLL", data, start + _FORMAT_12_HEADER + index * 12)
        points.update(range(first, last + 1))
    return points


def _is_variation_selector(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def showable(text: str) -> str:
    """The text as our font can show it.

    Line feeds stay, other controls and invisible marks go, tabs become spaces, a character
    without a glyph becomes 〓, a variation selector stays behind a character that is shown.
    """
    covered = covered_code_points()
    shown: list[str] = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "):
        point = ord(character)
        if character == "\n":
            shown.append(character)
        elif _is_variation_selector(point):
            if shown and shown[-1] not in {"\n", GETA} and not _is_variation_selector(ord(shown[-1])):
                shown.append(character)
        elif unicodedata.category(character) in {"Cc", "Cf", "Cs"} or point in _IGNORABLE:
            continue
        elif point in covered:
            shown.append(character)
        else:
            shown.append(GETA)
    return "".join(shown)
