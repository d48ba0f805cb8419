"""The signing key changes hands: each hand-over is a note signed by the old key and by the new one.

So whoever knows one key of the chain, such as the one printed in an old 広報, finds the others by calculation alone. A key that
was retired is believed only for what was signed before.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.checkpoints import Checkpoint, open_checkpoint
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, add_signature, open_note, sign_note, verifier_key

NAME = "kakehashi/journal-key"
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# A run of the worker may have begun with the old key and ended after the change.
SLACK = timedelta(minutes=10)


@dataclass(frozen=True)
class HandOver:
    """One change of the key: the raw public keys before and after, and when."""

    old: bytes
    new: bytes
    time: datetime
    note: str


def sign_hand_over(old: Ed25519PrivateKey, new: Ed25519PrivateKey, time: datetime) -> str:
    """The note by which `old` names `new` its successor and `new` accepts."""
    lines = [NAME, f"old {_text(verifier_key(NAME, old).public)}", f"new {_text(verifier_key(NAME, new).public)}"]
    lines.append(f"time {time.astimezone(UTC).strftime(_TIME_FORMAT)}")
    note = sign_note("\n".join(lines) + "\n", NAME, old)
    return add_signature(note, NAME, new)


def read_hand_over(note: str) -> HandOver:
    """Read a hand-over; BadNoteError unless both keys signed it."""
    lines = note.splitlines()
    try:
        old, new = (_raw(lines[at], word) for at, word in ((1, "old "), (2, "new ")))
        time = datetime.strptime(lines[3], f"time {_TIME_FORMAT}").replace(tzinfo=UTC)
    except (IndexError, ValueError) as error:
        raise BadNoteError("the hand-over of the key cannot be read") from error
    for public in (old, new):
        if open_note(note, VerifierKey(NAME, public)).splitlines()[0] != NAME:
            raise BadNoteError("this note is no hand-over of a key")
    return HandOver(old, new, time, note)


@dataclass(frozen=True)
class KeyHistory:
    """The key that signs now (32 raw bytes), and the hand-overs that led to it, in any order.

    `moved` are keys of another installation from which this one log was moved here, each with the moment of its end.
    """

    present: bytes
    hand_overs: Sequence[HandOver] = ()
    moved: Sequence[tuple[bytes, datetime]] = ()

    def keys(self) -> list[tuple[bytes, datetime | None]]:
        """Every key that leads to the present one, newest first, each with the moment it was retired."""
        found: list[tuple[bytes, datetime | None]] = [(self.present, None)]
        before = {one.new: one for one in self.hand_overs}
        while (step := before.pop(found[-1][0], None)) is not None:
            found.append((step.old, step.time))
        return [*found, *self.moved]

    def open(self, origin: str, note: str) -> Checkpoint:
        """Read a checkpoint signed by a key that was in office then; BadNoteError when there is none."""
        for public, retired_at in self.keys():
            try:
                point = open_checkpoint(note, VerifierKey(origin, public))
            except BadNoteError:
                continue
            if retired_at is None or point.time <= retired_at + SLACK:
                return point
        raise BadNoteError("the checkpoint is not signed by a key that was in office then")


def _text(public: bytes) -> str:
    return base64.b64encode(public).decode()


def _raw(line: str, word: str) -> bytes:
    raw = base64.b64decode(line.removeprefix(word), validate=True)
    if not line.startswith(word) or len(raw) != 32:
        raise ValueError(line)
    return raw
