"""The virus scanner behind a small interface. None is configured by default; the fake knows the EICAR test file."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kakehashi.files.models import ScanState

__all__ = ["FakeScanner", "NoScanner", "Scanner", "scanner"]


class Scanner(Protocol):
    """Says whether a file is clean. ``WAITING`` means: ask again later, hand nothing out until then."""

    #: The largest content that is judged while its sender waits; larger ones are judged by the worker.
    at_once: int

    def scan(self, content: BinaryIO) -> ScanState:
        """Judge a content, read from its beginning. Never raises for an outage: that is ``WAITING``."""


class NoScanner:
    """No scanner is configured."""

    at_once = 0

    def scan(self, content: BinaryIO) -> ScanState:
        """Say so, rather than calling the file clean."""
        return ScanState.UNSCANNED


class FakeScanner:
    """For tests and trials: finds the industry's harmless test string."""

    at_once = 5_000_000
    mark = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

    def scan(self, content: BinaryIO) -> ScanState:
        """Infected when the test string stands in the content."""
        content.seek(0)
        return ScanState.INFECTED if self.mark in content.read() else ScanState.CLEAN


def scanner() -> Scanner:
    """The scanner of this installation (setting ``FILES_SCANNER``, a dotted path)."""
    made: Scanner = import_string(settings.FILES_SCANNER)()
    return made
