"""The text of a key of the API."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"kkh_[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A key of 256 random bits, recognisable by its first letters where it should not be (in a log, in a repository)."""
    return f"kkh_{secrets.token_urlsafe(32)}"


def is_token(text: str) -> bool:
    """Whether a text can be a key at all; anything else costs no query."""
    return _SHAPE.fullmatch(text) is not None


def digest_of(token: str) -> str:
    """What is kept of a key. SHA-256 suffices for 256 random bits: nobody can guess through it."""
    return hashlib.sha256(token.encode()).hexdigest()
