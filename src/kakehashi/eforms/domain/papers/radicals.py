"""Letters of a PDF that only look like the words they make: a printer names a glyph by the radical it shares.

「⽒名」 and 「⽣年⽉⽇」 (U+2F00 ff.) look like 氏名 and 生年月日 and match nothing. Chromium, and Word with some fonts, write them.
So do the dots between words to circle: 「有‧無」 (U+2027) is 「有・無」.
"""

from __future__ import annotations

import unicodedata

__all__ = ["letter_of"]

# The supplement (U+2E80 ff.) has hardly any compatibility mapping, and that of 「⼾」 is not the Japanese letter.
_LOOK_ALIKE = dict(
    zip(
        "⼾⺟⺠⻁⻄⻆⻉⻋⻑⻓⻘⻝⻞⻟⻤⻨⻩⻫⻭⻯⻲⺝⺼⺩⻚⻣⻅⻌⻎⻏⻖⺌⺍⺡⺮⺾⻀⻊⺣⺥⺳⺲⻂⺹⺘⺖⺅",
        "戸母民虎西角貝車長長青食食食鬼麦黄斉歯竜亀月月王頁骨見辶辶阝阝小小水竹艹艹足火爪网网衣老手心人",
        strict=True,
    )
)
_DOTS = dict.fromkeys(map(ord, "\u2027\u2022\u2219\u22c5\u30fb\uff65"), "・")


def letter_of(text: str) -> str:
    """The letter that a reader sees, one for one; anything else as it is."""
    text = text.translate(_DOTS)
    if not any("\u2e80" <= letter <= "\u2fdf" for letter in text):
        return text
    return "".join(
        _LOOK_ALIKE.get(one) or unicodedata.normalize("NFKC", one) if "\u2e80" <= one <= "\u2fdf" else one
        for one in text
    )
