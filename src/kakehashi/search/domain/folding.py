"""One spelling for every way of writing the same sound or letter, for matching only, never for showing."""

from __future__ import annotations

import unicodedata

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_HIRAGANA_TO_KATAKANA[0x309D] = 0x30FD
_HIRAGANA_TO_KATAKANA[0x309E] = 0x30FE
# A long-vowel mark is the part of a loan word that people most often leave out (サーバ / サーバー), so terms go without it.
_LONG_VOWELS = {ord("ー"): None, ord("〜"): None, ord("~"): None}
# Characters that registers and people use side by side for the same word in everyday writing.
_VARIANTS = str.maketrans({"髙": "高", "﨑": "崎", "邊": "辺", "邉": "辺", "齋": "斎", "濵": "浜", "濱": "浜", "廣": "広"})


def fold_text(text: str) -> str:
    """Return the matching form of a text: NFKC, lower case, kana as katakana, common variant characters merged.

    The length may differ from the input, so positions in the result must not be used in the original.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.translate(_VARIANTS).translate(_HIRAGANA_TO_KATAKANA)


def fold_term(text: str) -> str:
    """Return the form under which one word is stored and looked up: `fold_text` without long-vowel marks.

    A word that consists of marks alone keeps them: an empty term would match nothing.
    """
    folded = fold_text(text)
    return folded.translate(_LONG_VOWELS) or folded
