"""証明書の検証: random tokens that can be typed from paper, and what holds of a certificate on a day."""

from __future__ import annotations

import datetime as dt
import enum
import re
import secrets
import unicodedata

from kakehashi.procedures.domain.receipt import ALPHABET

__all__ = ["Validity", "format_token", "make_token", "normalise_token", "validity_of"]

_LENGTH = 26
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-‐-―−－ー_]+")


class Validity(enum.StrEnum):
    """What is said of a certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


def make_token() -> str:
    """A new token: 130 random bits in characters that are not misread on paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def format_token(token: str) -> str:
    """The token in groups, as it is printed beside the code."""
    return "-".join(token[start : start + 5] for start in range(0, len(token), 5))


def normalise_token(text: str) -> str:
    """The stored form of what was typed or scanned; "" for what cannot be one."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:80])).upper().translate(_LOOKALIKES)
    return plain if len(plain) == _LENGTH and set(plain) <= set(ALPHABET) else ""


def validity_of(*, is_revoked: bool, valid_until: dt.date | None, on: dt.date) -> Validity:
    """Revoked outweighs expired; the last day is included."""
    if is_revoked:
        return Validity.REVOKED
    return Validity.EXPIRED if valid_until is not None and on > valid_until else Validity.VALID
