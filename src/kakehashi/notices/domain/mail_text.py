"""Safe pieces of a mail."""

from __future__ import annotations

import re
from hashlib import sha256
from uuid import UUID

MAX_SUBJECT_CHARACTERS = 120
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@([^@\s<>,;:\"()\[\]\\]{1,190})")


def clean_subject(subject: str) -> str:
    """Return a subject on one line: a line break would let whoever typed it add mail headers."""
    return " ".join("".join(c if c.isprintable() else " " for c in subject).split())[:MAX_SUBJECT_CHARACTERS]


def is_mail_address(text: str) -> bool:
    """Say whether a text can stand after `To:`; whether anybody reads it only delivery can tell.

    The whole text: a line break at its end would end the header. The host must be one that DNS can name.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or not text.isprintable():
        return False
    try:
        found.group(1).encode("idna")
    except UnicodeError:
        return False
    return True


def message_id(notice_id: UUID, host: str) -> str:
    """Return the Message-ID, without angle brackets. It is the same at every attempt, so that a receiving server can drop a repeat.

    The notice's own id is not shown to the outside.
    """
    return f"{sha256(notice_id.bytes).hexdigest()[:32]}@{host or 'kakehashi.invalid'}"
