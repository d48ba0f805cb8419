"""Checkpoints of C2SP (https://c2sp.org/tlog-checkpoint): origin, size, root, and the time as an extension line."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_LEAST_LINES = 4


def origin_of(government_id: UUID) -> str:
    """Return the log's name; there is one log per government."""
    return f"kakehashi/journal/{government_id}"


@dataclass(frozen=True)
class Checkpoint:
    """A promise about the first `size` leaves of one government's log, as of `time` (UTC, whole seconds)."""

    origin: str
    size: int
    root: bytes
    time: datetime

    def text(self) -> str:
        """Return the note's text, without signature."""
        time = self.time.astimezone(UTC).strftime(_TIME_FORMAT)
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\ntime {time}\n"

    def sign(self, key: Ed25519PrivateKey) -> str:
        """Return the signed note; the key's name is the origin."""
        return sign_note(self.text(), self.origin, key)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint signed by `key`; BadNoteError when signature, origin or form is wrong."""
    lines = open_note(note, key).splitlines()
    if len(lines) < _LEAST_LINES or lines[0] != key.name:
        raise BadNoteError("the checkpoint belongs to another log or is cut short")
    try:
        root = base64.b64decode(lines[2], validate=True)
        time = datetime.strptime(lines[3], f"time {_TIME_FORMAT}").replace(tzinfo=UTC)
        return Checkpoint(lines[0], int(lines[1]), root, time)
    except ValueError as error:
        raise BadNoteError("the checkpoint cannot be read") from error
