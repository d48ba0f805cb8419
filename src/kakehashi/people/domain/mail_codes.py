"""One-time codes sent by mail.

The code is never stored: it is derived from a secret, the challenge and its nonce, so the worker that sends it and the page
that checks it compute the same digits, and a copy of the database alone opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

DIGITS = 6
LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5


class CodeOutcome(StrEnum):
    """What became of one attempt."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One code that was asked for. `is_decoy`: no such account, so nothing was mailed and no digits are right."""

    id: UUID
    nonce: bytes
    created_at: datetime
    attempts: int = 0
    used_at: datetime | None = None
    is_decoy: bool = False


def derive_code(secret: bytes, challenge_id: UUID, nonce: bytes, digits: int = DIGITS) -> str:
    """The digits of a challenge. 64 bits modulo 10^digits: the bias is below one in 10^13."""
    mac = hmac.new(secret, b"kakehashi.mail-code|" + challenge_id.bytes + nonce, hashlib.sha256).digest()
    return str(int.from_bytes(mac[:8], "big") % 10**digits).zfill(digits)


def tidy_code(typed: str) -> str:
    """What the person meant: full-width digits, spaces and hyphens are forgiven."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(char for char in folded if char.isascii() and char.isdigit())


def check_code(secret: bytes, challenge: Challenge, typed: str, now: datetime) -> CodeOutcome:
    """Judge one attempt. The digits are always derived and compared in constant time, whatever the outcome.

    `challenge.attempts` counts the attempts made before this one; the caller must have counted this one durably.
    """
    expected = derive_code(secret, challenge.id, challenge.nonce)
    matches = hmac.compare_digest(expected.encode(), tidy_code(typed).encode()) and not challenge.is_decoy
    if challenge.attempts >= MAX_ATTEMPTS:
        return CodeOutcome.TOO_MANY
    if challenge.used_at is not None:
        return CodeOutcome.USED
    if now >= challenge.created_at + LIFETIME:
        return CodeOutcome.EXPIRED
    return CodeOutcome.RIGHT if matches else CodeOutcome.WRONG
