"""Keeping 個人番号 (My Number) out of forms.

A form may hold it only under 番号法; this engine never asks for it and stops a resident who types one by mistake.
Check digit: 総務省令第85号 (2014) 第5条.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["asks_for_my_number", "is_my_number", "mentions_my_number"]

_LABEL = re.compile(r"個人番号|まいなんばー|マイナンバー|ﾏｲﾅﾝﾊﾞｰ|my-?number|individualnumber", re.IGNORECASE)
_NOT_A_DIGIT = re.compile(r"[\s\-‐‑‒–—―−ー・.,]")
_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")


def asks_for_my_number(label: str) -> bool:
    """Whether a label names 個人番号, written in any width or with spaces."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label))
    return _LABEL.search(folded) is not None


def is_my_number(digits: str) -> bool:
    """Whether twelve ASCII digits carry a valid check digit of 個人番号."""
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        return False
    body = [int(digit) for digit in reversed(digits[:11])]
    total = sum(digit * (place + 2 if place < 6 else place - 4) for place, digit in enumerate(body))
    remainder = total % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def mentions_my_number(text: str) -> bool:
    """Whether a typed text holds a twelve-digit number that could be 個人番号 (one number in eleven by chance)."""
    if sum(letter.isdigit() for letter in text) < 12:
        return False
    packed = _NOT_A_DIGIT.sub("", unicodedata.normalize("NFKC", text))
    return any(is_my_number(run) for run in _TWELVE.findall(packed))
