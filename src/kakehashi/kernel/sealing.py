"""Sealing with a key that is not kept in the database: small secrets, protected answers and files (AES-256-GCM)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class SealBroken(Exception):
    """The sealed text was changed, or the key is another one."""


def derived_key(secret: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose, from the installation's secret."""
    return hmac.new(secret.encode(), b"kakehashi." + purpose.encode(), hashlib.sha256).digest()


def seal(key: bytes, text: str) -> str:
    """The text, encrypted and authenticated (AES-256-GCM); empty stays empty."""
    if not text:
        return ""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode()


def unseal(key: bytes, sealed: str) -> str:
    """The text again. Raises SealBroken."""
    if not sealed:
        return ""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the secret cannot be read with this installation's key") from error


def seal_bytes(key: bytes, content: bytes, bound_to: str) -> bytes:
    """Content, encrypted and authenticated together with the place it belongs to: elsewhere it cannot be opened."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to.encode())


def unseal_bytes(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The content again. Raises SealBroken for another key, another place or a changed byte."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the content cannot be read with this key") from error
