"""受付番号: receipt numbers made without a counter.

A number is `government code (6) + arrival date yymmdd (6) + random (8) + check character`,
for example `131016-261121-7K3M-9Q2X-T`. Nothing is counted on the hot path, so two
applications arriving at once never wait for each other; a number says where and when the
application arrived and cannot be guessed from another one (40 random bits).

The check character is a weighted sum over the finite field of 32 elements. Because every
position has a different non-zero weight, each single mistyped character and each swap of any two
characters is noticed.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import unicodedata

__all__ = ["ALPHABET", "check_character", "format_receipt", "make_receipt", "normalise_receipt"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 characters: no I, L, O or U, which are misread on paper and on the telephone."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-‐-―−－ー_]+")
_RANDOM_LENGTH = 8
_LENGTH = 6 + 6 + _RANDOM_LENGTH + 1


def _doubled(value: int) -> int:
    """Multiply by the generator in GF(32), reduced by x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def check_character(payload: str) -> str:
    """Return the check character of `payload` (at most 30 characters of `ALPHABET`)."""
    total = 0
    for character in payload:
        total = _doubled(total ^ _VALUES[character])
    return ALPHABET[total]


def make_receipt(government_code: str, arrived_on: dt.date) -> str:
    """Make a new receipt number, 21 characters without separators.

    `government_code` is the six-digit code of the local government; `arrived_on` the date in
    Japan on which the application was recorded (デジタル手続法6条3項: that is its arrival).
    """
    number = secrets.randbits(5 * _RANDOM_LENGTH)
    random_part = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * _RANDOM_LENGTH, 5))
    payload = f"{government_code}{arrived_on:%y%m%d}{random_part}"
    return payload + check_character(payload)


def format_receipt(number: str) -> str:
    """Write a stored number in groups that can be read aloud: `131016-261121-7K3M-9Q2X-T`."""
    return "-".join((number[:6], number[6:12], number[12:16], number[16:20], number[20:]))


def normalise_receipt(text: str) -> str:
    """Return the stored form of what a person typed, or raise ValueError.

    Full-width characters, small letters, spaces, any dash and the look-alikes O, I and L are
    accepted; a wrong length, a strange character or a wrong check character is not.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOKALIKES)
    if len(plain) != _LENGTH or any(character not in _VALUES for character in plain):
        raise ValueError("受付番号は21文字です。")
    if check_character(plain[:-1]) != plain[-1]:
        raise ValueError("受付番号に打ち間違いがあります。")
    return plain
