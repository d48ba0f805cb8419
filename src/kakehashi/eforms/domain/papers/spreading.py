"""Labels that are only stretched: 「住　　所」 is 「住所」."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.model import Strip
from kakehashi.eforms.domain.papers.words import FIELD_WORD, GROUP_WORD, fold

__all__ = ["squeezed", "squeezed_text"]

_SPREAD = re.compile(
    "|".join(
        "[ 　]{0,8}".join(map(re.escape, word))
        for word in sorted((w for w in FIELD_WORD | GROUP_WORD if 1 < len(w) < 9), key=len, reverse=True)
    )
)


def squeezed_text(text: str) -> str:
    """The same of a text whose places do not matter."""
    return _SPREAD.sub(lambda match: match[0].replace(" ", "").replace("　", ""), text)


def _to_colon(strip: Strip) -> Strip:
    """「開催日時　：　」 as 「開催日時：　」."""
    gone = {at for match in _BEFORE_COLON.finditer(strip.text) for at in range(*match.span())}
    if not gone:
        return strip
    kept = [at for at in range(len(strip.text)) if at not in gone]
    return Strip("".join(strip.text[at] for at in kept), tuple(strip.places[at] for at in kept))


_BEFORE_COLON = re.compile(r"(?<=[一-龥ァ-ヶーぁ-ん])[ 　]{1,6}(?=[:：](?:[ 　\ue000_]|$))")


def squeezed(strip: Strip) -> Strip:
    """「住　　所」 as 「住所」: known labels lose the spaces that only stretch them."""
    strip = _to_colon(strip)
    text, keep, cursor = fold(strip.text), [], 0
    for match in _SPREAD.finditer(text):
        if " " not in match[0] and "　" not in match[0]:
            continue
        before = text[match.start() - 1] if match.start() else ""
        if before and "一" <= before <= "龥":
            continue
        keep += list(range(cursor, match.start()))
        keep += [index for index in range(match.start(), match.end()) if text[index] not in " 　"]
        cursor = match.end()
    if not keep:
        return strip
    keep += list(range(cursor, len(text)))
    return Strip("".join(strip.text[i] for i in keep), tuple(strip.places[i] for i in keep))
