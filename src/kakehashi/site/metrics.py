"""Numbers for Prometheus, off by default: no label names a person, a government, an address or a page.

Each web process counts in a small file of its own that is mapped into memory; whichever process is asked adds up all files.
"""

from __future__ import annotations

import hmac
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from kakehashi.site.health import Answer, Probe, is_ready

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
# Requests by class, requests by bucket (the last takes all), microseconds.
_SIZE = len(_CLASSES) + len(_BUCKETS) + 1 + 1
_LAYOUT = struct.Struct(f"<{_SIZE}Q")


class Counter:
    """The counts of this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        with (folder / f"{os.getpid()}.counts").open("w+b") as file:
            file.truncate(_LAYOUT.size)
            self._map = mmap.mmap(file.fileno(), _LAYOUT.size)
        self._lock = threading.Lock()

    def count(self, status: str, seconds: float) -> None:
        """Note one answered request: its status line and how long it took."""
        with self._lock:
            counts = list(_LAYOUT.unpack_from(self._map))
            counts[min(max(int(status[0]) - 1, 0), 4)] += 1
            bucket = next((at for at, limit in enumerate(_BUCKETS) if seconds <= limit), len(_BUCKETS))
            counts[len(_CLASSES) + bucket] += 1
            counts[-1] += int(seconds * 1e6)
            _LAYOUT.pack_into(self._map, 0, *counts)

    def total(self) -> list[int]:
        """The counts of all processes since the installation was started."""
        total = [0] * _SIZE
        for path in self.folder.glob("*.counts"):
            data = path.read_bytes()
            if len(data) == _LAYOUT.size:
                total = [a + b for a, b in zip(total, _LAYOUT.unpack(data), strict=True)]
        return total


def is_allowed(authorization: str, token: str) -> bool:
    """Whether the header carries the token of the settings."""
    return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


def page(total: list[int], probes: list[Probe]) -> Answer:
    """Everything in Prometheus' text form."""
    text = "\n".join([*_requests(total), *_gauges(probes)]) + "\n"
    return "200 OK", "text/plain; version=0.0.4; charset=utf-8", text


def _requests(total: list[int]) -> Iterator[str]:
    yield "# HELP kakehashi_requests_total Answered requests by class of status."
    yield "# TYPE kakehashi_requests_total counter"
    for name, count in zip(_CLASSES, total, strict=False):
        yield f'kakehashi_requests_total{{status="{name}"}} {count}'
    yield "# HELP kakehashi_request_seconds How long answers took."
    yield "# TYPE kakehashi_request_seconds histogram"
    so_far = 0
    for limit, count in zip([*map(str, _BUCKETS), "+Inf"], total[len(_CLASSES) : -1], strict=True):
        so_far += count
        yield f'kakehashi_request_seconds_bucket{{le="{limit}"}} {so_far}'
    yield f"kakehashi_request_seconds_sum {total[-1] / 1e6:.6f}"
    yield f"kakehashi_request_seconds_count {so_far}"


def _gauges(probes: list[Probe]) -> Iterator[str]:
    yield "# HELP kakehashi_info The version of the program."
    yield "# TYPE kakehashi_info gauge"
    yield f'kakehashi_info{{version="{version("kakehashi")}"}} 1'
    yield "# HELP kakehashi_ready Whether people can be let in."
    yield "# TYPE kakehashi_ready gauge"
    yield f"kakehashi_ready {int(is_ready(probes))}"
    for probe in probes:
        name = f"kakehashi_{probe.name}{f'_{probe.unit}' if probe.unit else ''}"
        if probe.value is not None:
            yield f"# TYPE {name} gauge"
            yield f"{name} {probe.value:g}"
