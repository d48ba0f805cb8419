"""Keeping 個人番号 (My Number) out of forms.

A form may hold it only under 番号法 (19条, 20条: nobody may collect it but for the tasks of the law); this engine never asks for it
and stops a resident who types one by mistake. Check digit: 総務省令第85号 (2014) 第5条.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kakehashi.kernel.folding import to_katakana

__all__ = ["asks_for_my_number", "invites_my_number", "is_my_number", "mentions_across", "mentions_my_number"]

# Compared after folding: one width, katakana, small letters, nothing between the letters.
_LABEL = re.compile(
    r"個人番[号號]|個人(?:ナンバー?|NO)|コジンバンゴウ|マイナンバー?|マイ番[号號]|MYNUMBER|MYNO(?![A-Z])|INDIVIDUALNUMBER"
    r"|(?:12|十二|一二)(?:桁|ケタ)ノ(?:個人ノ?)?番[号號]|MAINANBA"
)
_CARD = re.compile(r"(?:マイナンバー?|個人番[号號])(?:カード|通知書)(?!.{0,8}番[号號])")
_REFUSED = re.compile(r"ナイデ|セン|不要|シナイ|書カズ|除[イキク]|消シテ|黒ク|塗リツブ|DONOT|DONT|NEVER|NOTREQUIRED")
_NOTHING = re.compile(r"[^\w]|_", re.UNICODE)
_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _folded(text: str) -> str:
    return _NOTHING.sub("", to_katakana(unicodedata.normalize("NFKC", text)).upper())


def asks_for_my_number(label: str) -> bool:
    """Whether a label names 個人番号, however it is written: any width, kana, spaces, dots or marks between the letters."""
    return _LABEL.search(_folded(label)) is not None


def invites_my_number(text: str) -> bool:
    """Whether a help text or a note asks somebody to write it; a sentence that forbids it, or speaks of the card, does not."""
    for sentence in re.split(r"[。\n]|\.(?:\s|$)", text):
        folded = _CARD.sub("", _folded(sentence))
        if _LABEL.search(folded) and not _REFUSED.search(folded):
            return True
    return False


def is_my_number(digits: str) -> bool:
    """Whether twelve ASCII digits carry a valid check digit of 個人番号."""
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        return False
    body = [int(digit) for digit in reversed(digits[:11])]
    total = sum(digit * (place + 2 if place < 6 else place - 4) for place, digit in enumerate(body))
    remainder = total % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def _digits(text: str) -> str:
    return _NOTHING.sub("", unicodedata.normalize("NFKC", text).translate(_KANJI_DIGITS))


def mentions_my_number(text: str) -> bool:
    """Whether a typed text holds a twelve-digit number that could be 個人番号 (one number in eleven by chance)."""
    if sum(letter.isnumeric() for letter in text) < 12:
        return False
    return any(is_my_number(run) for run in _TWELVE.findall(_digits(text)))


def mentions_across(texts: Iterable[str]) -> bool:
    """Whether answers that stand beside each other are one number in pieces, such as three boxes of four digits."""
    run: list[str] = []
    for text in [*texts, "-"]:
        digits = _digits(text)
        if digits.isascii() and digits.isdigit() and len(digits) < 12:
            run.append(digits)
            continue
        if any(
            is_my_number("".join(run[start:end])) for start in range(len(run)) for end in range(start + 2, len(run) + 1)
        ):
            return True
        run = []
    return False
