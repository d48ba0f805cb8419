"""The virus scanner behind a small interface. None is configured by default; the fake knows the EICAR test file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kakehashi.files.models import ScanState

__all__ = ["FakeScanner", "NoScanner", "Scanner", "scanner"]


class Scanner(Protocol):
    """Says whether a file is clean. ``WAITING`` means: ask again later, hand nothing out until then."""

    def scan(self, path: Path) -> ScanState:
        """Judge the content of a file."""


class NoScanner:
    """No scanner is configured."""

    def scan(self, path: Path) -> ScanState:
        """Say so, rather than calling the file clean."""
        return ScanState.UNSCANNED


class FakeScanner:
    """For tests and trials: finds the industry's harmless test string."""

    mark = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

    def scan(self, path: Path) -> ScanState:
        """Infected when the test string stands in the content."""
        return ScanState.INFECTED if self.mark in path.read_bytes() else ScanState.CLEAN


def scanner() -> Scanner:
    """The scanner of this installation (setting ``FILES_SCANNER``, a dotted path)."""
    made: Scanner = import_string(getattr(settings, "FILES_SCANNER", "kakehashi.files.adapters.NoScanner"))()
    return made
