"""Making typed text safe to keep: which characters are dropped, folded or refused.

Full-width and half-width forms are folded only where the meaning is a number, a code or kana. Names and sentences keep
their characters as typed (NFC/NFKC would change compatibility ideographs such as 神 U+FA19, which is somebody's name).
"""

from __future__ import annotations

import re
import unicodedata

from kakehashi.eforms.domain.problems import Problem, gettext_noop

__all__ = ["LONGEST_RAW", "clean_line", "clean_lines", "fold_ascii"]

# No answer of a form is longer; checked before any folding because NFKC can multiply a text's length by 18.
LONGEST_RAW = 20_000

# Direction marks and zero-width characters can disguise what is written; they are dropped. U+200C/D are kept out too:
# Japanese needs neither, and variation selectors (U+FE00-, U+E0100-) stay, because 葛󠄀 depends on them.
_DROPPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c\u180e]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\uffff\ufffe]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MARK_PILE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u0e31-\u0e3a\u0e47-\u0e4e]{5,}"
)
# One look at a text that has none of the four, as nearly every text.
_SUSPECT = re.compile("|".join(each.pattern for each in (_DROPPED, _REFUSED, _PRIVATE, _MARK_PILE)))

NOT_TEXT = gettext_noop("文字で入力してください。")
TOO_LONG = gettext_noop("%(limit)d文字以内で入力してください。")
BAD_CHARACTER = gettext_noop("使えない文字が入っています。その文字を消して、もう一度入力してください。")
PRIVATE_CHARACTER = gettext_noop("ほかの機器で表示できない文字（外字）が入っています。別の字で入力してください。")


def _checked(raw: object, part: str) -> str | Problem:
    if raw is None or (isinstance(raw, str) and len(raw) <= LONGEST_RAW and not _SUSPECT.search(raw)):
        return raw or ""
    if not isinstance(raw, str):
        return Problem(NOT_TEXT, part=part)
    if len(raw) > LONGEST_RAW:
        return Problem(TOO_LONG, {"limit": LONGEST_RAW}, part)
    if _REFUSED.search(raw) or _MARK_PILE.search(raw):
        return Problem(BAD_CHARACTER, part=part)
    if _PRIVATE.search(raw):
        return Problem(PRIVATE_CHARACTER, part=part)
    return _DROPPED.sub("", raw)


def clean_line(raw: object, limit: int = LONGEST_RAW, part: str = "") -> str | Problem:
    """One line of text: runs of spaces and line ends become one space, ends trimmed, at most ``limit`` characters."""
    checked = _checked(raw, part)
    if isinstance(checked, Problem):
        return checked
    line = " ".join(checked.split())
    return Problem(TOO_LONG, {"limit": limit}, part) if len(line) > limit else line


def clean_lines(raw: object, limit: int = LONGEST_RAW, part: str = "") -> str | Problem:
    """Several lines of text: every kind of line end becomes one, trailing spaces go, at most ``limit`` characters."""
    checked = _checked(raw, part)
    if isinstance(checked, Problem):
        return checked
    lines = [line.rstrip() for line in checked.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    text = "\n".join(lines).strip("\n")
    text = text if text.strip() else ""
    return Problem(TOO_LONG, {"limit": limit}, part) if len(text) > limit else text


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－ｰ─━", "-"))


def fold_ascii(text: str) -> str:
    """Full-width digits, letters and every kind of dash as ASCII: for numbers, codes, mail addresses."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)
