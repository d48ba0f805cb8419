"""Reading a workbook (.xlsx, .xls, .ods) apart from the program, in a process of its own that may fall.

A file of one kilobyte can name a cell a million rows down and ask for half a terabyte, and the reader of workbooks then ends the
process it runs in. So it runs in one that has little memory, little time and nothing else to lose: `python -m` this module takes the
file on its standard input and gives the sheets as JSON.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, datetime
from typing import Any, TypedDict

__all__ = ["Book", "UnreadableBook", "read_apart"]

MOST_CELLS = 4_000_000
_MOST_OUTPUT = 40_000_000
_MEMORY = 1_500_000_000
_SECONDS = 60
_TOO_LARGE, _BROKEN = 3, 4


class Book(TypedDict):
    """One sheet: its name, its cells as text, and which cells are merged ((top, left), (bottom, right))."""

    name: str
    cells: list[list[str]]
    merged: list[list[list[int]]]


class UnreadableBook(ValueError):
    """The file cannot be read as a workbook; `is_too_large`: it would have taken more memory or time than any list needs."""

    def __init__(self, *, is_too_large: bool) -> None:
        super().__init__("too large" if is_too_large else "unreadable")
        self.is_too_large = is_too_large


def read_apart(content: bytes) -> list[Book]:
    """Every sheet of the workbook. Raises UnreadableBook; whatever the file does, it does it to a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __name__], input=content, capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableBook(is_too_large=True) from error
    if done.returncode:
        # Anything but the two known ends is the kernel or the allocator that stopped it.
        raise UnreadableBook(is_too_large=done.returncode != _BROKEN)
    books: list[Book] = json.loads(done.stdout)
    return books


def main() -> int:
    """Read standard input, write standard output."""
    _give_little()
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        found = [_sheet(book.get_sheet_by_name(name), name) for name in book.sheet_names]
    except MemoryError:
        return _TOO_LARGE
    except (CalamineError, ValueError, OSError):
        return _BROKEN
    made = json.dumps(found, ensure_ascii=False).encode(errors="replace")
    if len(made) > _MOST_OUTPUT:
        return _TOO_LARGE
    sys.stdout.buffer.write(made)
    return 0


def _give_little() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheet(sheet: Any, name: str) -> Book:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise MemoryError
    cells = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [[list(start), list(end)] for start, end in getattr(sheet, "merged_cell_ranges", None) or []]
    return {"name": name, "cells": cells, "merged": merged}


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


if __name__ == "__main__":
    sys.exit(main())
