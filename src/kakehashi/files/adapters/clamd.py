"""ClamAV's daemon as this installation's scanner."""

from __future__ import annotations

import logging
from typing import BinaryIO

from django.conf import settings

from kakehashi.files.domain.clamd import instream
from kakehashi.files.models import ScanState

__all__ = ["ClamdScanner"]

_log = logging.getLogger(__name__)


class ClamdScanner:
    """A scanner at ``clamd://host:3310`` or ``clamd:///run/clamav/clamd.ctl`` (setting ``FILES_SCANNER_ADDRESS``)."""

    at_once = 5_000_000

    def __init__(self, address: str | None = None) -> None:
        self.address = address or settings.FILES_SCANNER_ADDRESS

    def scan(self, content: BinaryIO) -> ScanState:
        """Judge a content. Anything but a clear word means ``WAITING``: an outage, a limit of clamd's, an unknown answer."""
        content.seek(0)
        try:
            answer = instream(self.address, content)
        except OSError as error:
            _log.warning("clamd does not answer: %s", error)
            return ScanState.WAITING
        if answer == "stream: OK":
            return ScanState.CLEAN
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return ScanState.INFECTED
        _log.warning("clamd could not judge a file: %s", answer[:200])
        return ScanState.WAITING
