"""What a process has loaded, gathered into pages of two megabytes.

A request touches a few of many megabytes of code and tables of Python's, here and there. With pages of four kilobytes the
processor looks up again and again where they are; that was a tenth of an application's time (`docs/develop/speed.md`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_SIZE = 2 * 1024 * 1024
# Linux 6.1: gather what is there now, whatever the machine's setting for pages to come.
_MADV_COLLAPSE = 25
_MAPS = Path("/proc/self/maps")


def gather() -> int:
    """Gather this process's own memory; gives how many large pages were made. Where the system cannot, nothing changes."""
    try:
        maps = _MAPS.read_text()
        advise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return 0
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    # A place that cannot be gathered, because nothing was written there yet, stays as it is.
    return sum(advise(place, _SIZE, _MADV_COLLAPSE) == 0 for place in places(maps))


def places(maps: str) -> Iterator[int]:
    """The addresses of whole large pages in what belongs to the process alone: no file, no stack, nothing shared."""
    for line in maps.splitlines():
        addresses, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights != "rw-p" or name not in ([], ["[heap]"]):
            continue
        begin, end = (int(each, 16) for each in addresses.split("-"))
        first = -(-begin // _SIZE) * _SIZE
        yield from range(first, end - _SIZE + 1, _SIZE)
