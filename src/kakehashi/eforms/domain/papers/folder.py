"""What was dropped as files, one by one; a zip counts as the forms in it, unpacked within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.eforms.domain.papers.reading import FORMATS
from kakehashi.eforms.domain.papers.safety import MOST_BYTES, open_package, read_part

__all__ = ["unpacked"]

MOST_FORMS = 500


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The forms of one dropped file: itself, or those in a zip (folders and foreign files are passed over).

    Raises UnreadablePaperError for a zip that is broken, encrypted, or grows too large.
    """
    if not name.lower().endswith(".zip"):
        yield name, content
        return
    package = open_package(content)
    found = 0
    for part in package.infolist():
        called = PurePosixPath(_name(part))
        if part.is_dir() or called.suffix.lower() not in FORMATS or called.name.startswith(("~$", "._")):
            continue
        found += 1
        if found > MOST_FORMS:
            raise UnreadablePaperError(f"一度に変換できるのは{MOST_FORMS}ファイルまでです。zipを分けてください。")
        yield called.name, read_part(package, part.filename, MOST_BYTES)


def _name(part: zipfile.ZipInfo) -> str:
    """Windows writes Japanese names in cp932 without saying so; zipfile then reads them as cp437."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return part.filename
