"""Salted commitments: what a leaf says about an event without telling it.

A lawful destruction (廃棄) removes payload and salt; the commitment stays, so the log still proves that something
existed, and nobody can guess the content from it.
"""

import hashlib
import secrets

SALT_SIZE = 16


def new_salt() -> bytes:
    """Return 16 random bytes, one salt per event."""
    return secrets.token_bytes(SALT_SIZE)


def commitment(salt: bytes, canonical: bytes) -> bytes:
    """Return SHA-256(salt || canonical JSON), 32 bytes."""
    return hashlib.sha256(salt + canonical).digest()
