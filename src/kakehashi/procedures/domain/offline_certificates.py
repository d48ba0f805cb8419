"""証明書の署名: what a certificate says, signed, so that it can be checked where no server is reached.

The text is a C2SP signed note (https://c2sp.org/signed-note, Ed25519): seven lines, a blank line, the signature. It stands in the second
code of the paper. A signature says that the town issued these words; only the page of the first code says whether the
certificate was revoked since. Documented for others in docs/operate/verify-certificates.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note

__all__ = ["FORMAT", "Statement", "key_name", "read_statement", "sign_statement"]

FORMAT = "kakehashi-certificate/1"
_OPEN_END = "-"
_MOST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed; no name of a person. `valid_until` is the last day, None for no end."""

    government: str
    title: str
    document_number: str
    issued_on: dt.date
    valid_until: dt.date | None
    token: str

    def holds_on(self, day: dt.date) -> bool:
        """Whether its last day has not passed."""
        return self.valid_until is None or day <= self.valid_until


def key_name(government_code: str) -> str:
    """The name under which a town's key signs certificates, and nothing else."""
    return f"{FORMAT}/{government_code}"


def sign_statement(statement: Statement, government_code: str, key: Ed25519PrivateKey) -> str:
    """The text of the second code."""
    until = statement.valid_until.isoformat() if statement.valid_until else _OPEN_END
    lines = [
        FORMAT,
        _one_line(statement.government),
        _one_line(statement.title)[:_MOST_TITLE],
        _one_line(statement.document_number) or _OPEN_END,
        statement.issued_on.isoformat(),
        until,
        statement.token,
    ]
    return sign_note("\n".join(lines) + "\n", key_name(government_code), key)


def read_statement(note: str, keys: Iterable[VerifierKey]) -> Statement:
    """What was signed by one of the keys. Raises BadNoteError for anything else."""
    text = note.replace("\r\n", "\n").strip("\n\ufeff ") + "\n"
    for key in keys:
        try:
            lines = open_note(text, key).splitlines()
        except BadNoteError:
            continue
        return _read(lines)
    raise BadNoteError("no signature of a known key")


def _read(lines: list[str]) -> Statement:
    try:
        first, government, title, number, issued_on, until, token = lines
        if first != FORMAT:
            raise ValueError(first)
        return Statement(
            government=government,
            title=title,
            document_number="" if number == _OPEN_END else number,
            issued_on=dt.date.fromisoformat(issued_on),
            valid_until=None if until == _OPEN_END else dt.date.fromisoformat(until),
            token=token,
        )
    except ValueError as error:
        raise BadNoteError("signed, but not a certificate") from error


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
