"""Identifiers: UUIDv7, ordered in time and made anywhere, offline too."""

import os
import threading
import time
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT_RFC = 0b10 << 62
_RANDOM_MASK = (1 << 62) - 1

_lock = threading.Lock()
_last_tick = 0


def _next_tick() -> int:
    """Return a 60-bit tick (48 bits of milliseconds, 12 bits of a fraction), greater than any before it."""
    global _last_tick
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    tick = (milliseconds << 12) | (nanoseconds * 4096 // 1_000_000)
    with _lock:
        _last_tick = max(tick, _last_tick + 1)
        return _last_tick


def uuid7() -> UUID:
    """Return a new UUIDv7 (RFC 9562, section 5.7), greater than every one this process made before.

    The twelve bits after the version carry a sub-millisecond fraction (method 3 of section 6.2), so that ids made
    in the same millisecond keep their order, even when the clock of the machine is set back.
    The remaining 62 bits are random: two processes, or two phones without a network, do not collide.
    """
    tick = _next_tick()
    random_part = int.from_bytes(os.urandom(8), "big") & _RANDOM_MASK
    value = (tick >> 12) << 80 | _VERSION_7 | (tick & 0xFFF) << 64 | _VARIANT_RFC | random_part
    return UUID(int=value)
