"""Gathering memory into large pages: the right places, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys

from kakehashi.site.huge_pages import places

_MB = 1024 * 1024

_MAPS = """\
00400000-00a00000 rw-p 00000000 00:00 0                          [heap]
01100000-01700000 rw-p 00000000 00:00 0
02000000-02400000 r--p 00000000 00:00 0
03000000-03400000 rw-s 00000000 00:00 0
04000000-04400000 rw-p 00000000 fe:00 77                         /usr/lib/a library.so
05000000-05400000 rw-p 00000000 00:00 0                          [stack]
06000000-061ff000 rw-p 00000000 00:00 0
"""
_GATHERS = """
import re
from kakehashi.site import huge_pages

def large():
    found = re.search(r"AnonHugePages:\\s+(\\d+) kB", open("/proc/self/smaps_rollup").read())
    return int(found[1]) // 2048

kept = [bytes([number % 251]) * 100_000 for number in range(500)]
before = large()
made = huge_pages.gather()
assert all(one == bytes([number % 251]) * 100_000 for number, one in enumerate(kept))
print(made, large() - before)
"""


def test_only_whole_pages_of_ones_own_memory_are_gathered() -> None:
    assert list(places(_MAPS)) == [4 * _MB, 6 * _MB, 8 * _MB, 0x1200000, 0x1400000]


def test_gathering_changes_no_byte_and_says_how_many_pages_it_made() -> None:
    done = subprocess.run([sys.executable, "-c", _GATHERS], capture_output=True, text=True, check=True)
    made, seen = (int(each) for each in done.stdout.split())
    # Some of them may have been large before; a kernel that cannot makes none, and then none is there.
    assert 0 <= seen <= made
    assert (made > 0) == (seen > 0)
