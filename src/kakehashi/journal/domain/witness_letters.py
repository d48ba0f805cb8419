"""The two files that go between a government and its witness: what is asked, and what was signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

REQUEST = "kakehashi-witness-request/1"
ANSWER = "kakehashi-witness-answer/1"
_MOST = 200_000


class BadLetterError(ValueError):
    """The file is no such letter."""


@dataclass(frozen=True)
class WitnessRequest:
    """A checkpoint to be signed, with the proof that it contains the one of `since` leaves (0: none was signed yet).

    `hand_overs` are the notes by which one key of the log named the next.
    """

    name: str
    key: str
    checkpoint: str
    since: int
    proof: Sequence[bytes]
    hand_overs: Sequence[str] = ()

    def to_bytes(self) -> bytes:
        """The file."""
        parts = {
            "format": REQUEST, "name": self.name, "key": self.key, "checkpoint": self.checkpoint, "since": self.since,
            "proof": [item.hex() for item in self.proof], "hand_overs": list(self.hand_overs),
        }  # fmt: skip
        return json.dumps(parts, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> WitnessRequest:
        """Read the file; BadLetterError when it is something else."""
        parts = _parts(data, REQUEST)
        try:
            return cls(
                _line(parts["name"]), _line(parts["key"]), str(parts["checkpoint"]), int(parts["since"]),
                [bytes.fromhex(item) for item in parts["proof"]], [str(note) for note in parts["hand_overs"]],
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise BadLetterError("a part of the request is missing") from error


@dataclass(frozen=True)
class WitnessAnswer:
    """The checkpoint with the witness's signature added, and the witness's name and key."""

    name: str
    key: str
    note: str

    def to_bytes(self) -> bytes:
        """The file."""
        parts = {"format": ANSWER, "name": self.name, "key": self.key, "note": self.note}
        return json.dumps(parts, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> WitnessAnswer:
        """Read the file; BadLetterError when it is something else."""
        parts = _parts(data, ANSWER)
        try:
            return cls(_line(parts["name"]), _line(parts["key"]), str(parts["note"]))
        except (KeyError, TypeError) as error:
            raise BadLetterError("a part of the answer is missing") from error


def _parts(data: bytes, wanted: str) -> dict[str, Any]:
    try:
        parts = json.loads(data[:_MOST])
    except (ValueError, RecursionError) as error:
        raise BadLetterError("not a letter") from error
    if not isinstance(parts, dict) or parts.get("format") != wanted:
        raise BadLetterError("another kind of file")
    return parts


def _line(value: object) -> str:
    text = " ".join(str(value).split())
    if not text or len(text) > 300:
        raise BadLetterError("a line is empty or too long")
    return text
