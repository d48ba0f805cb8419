"""The protocol of ClamAV's daemon (clamd(8)), over TCP or a socket file. Needs no settings."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from typing import BinaryIO
from urllib.parse import urlsplit

__all__ = ["instream", "version"]

_PIECE = 128 * 1024
_CONNECT_SECONDS = 3.0
# A large archive is unpacked before anything is said.
_ANSWER_SECONDS = 120.0


def instream(address: str, content: BinaryIO) -> str:
    """Send a content with INSTREAM (four bytes of length, the piece, … and a zero) and return the answer. Raises OSError."""
    with closing(_connect(address)) as wire:
        wire.sendall(b"zINSTREAM\0")
        try:
            while piece := content.read(_PIECE):
                wire.sendall(struct.pack(">I", len(piece)) + piece)
            wire.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # Past its own limit clamd answers and hangs up in the middle: the answer may still be there to read.
            pass
        return _read(wire)


def version(address: str) -> str:
    """Version and age of the signatures, as clamd says it. Raises OSError."""
    with closing(_connect(address)) as wire:
        wire.sendall(b"zVERSION\0")
        return _read(wire)


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        wire = socket.create_connection((parts.hostname, parts.port or 3310), timeout=_CONNECT_SECONDS)
    else:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(_CONNECT_SECONDS)
        try:
            wire.connect(parts.path)
        except OSError:
            wire.close()
            raise
    wire.settimeout(_ANSWER_SECONDS)
    return wire


def _read(wire: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and (piece := wire.recv(4096)):
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
