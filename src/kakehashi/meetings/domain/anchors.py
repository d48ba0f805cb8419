"""Where the pages of a replaced material went, so that a note written beside one finds it again.

Pages are compared by their text; a page without text (a scan) keeps its number. What is found nowhere goes to the tray.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.6
"""From this share of common text on, two pages are taken for the same page. Below it a note would stand beside strange words."""
_MOST_TEXT = 2000


def match_pages(before: Sequence[str], after: Sequence[str]) -> list[int | None]:
    """For each old page the number of the new page it became, counted from 1, or None.

    Each new page is given once. Equal texts come first, then the most alike, the nearer page winning a tie; last, an old page
    without text keeps its place when that place is free and empty too.
    """
    old, new = [_plain(text) for text in before], [_plain(text) for text in after]
    found: list[int | None] = [None] * len(old)
    free = set(range(len(new)))
    ranked = sorted(_alike(old, new), key=lambda one: (-one[0], abs(one[1] - one[2]), one[1], one[2]))
    for _, place, target in ranked:
        if found[place] is None and target in free:
            found[place] = target + 1
            free.discard(target)
    for place, text in enumerate(old):
        if found[place] is None and not text and place in free and not new[place]:
            found[place] = place + 1
            free.discard(place)
    return found


def follow(page: int, maps: Sequence[Sequence[int | None]]) -> int | None:
    """The page a note stands on after its material was replaced several times; None once it was lost."""
    here: int | None = page
    for one in maps:
        if here is None or not 0 < here <= len(one):
            return None
        here = one[here - 1]
    return here


def _plain(text: str) -> str:
    return "".join(text.split())[:_MOST_TEXT]


def _alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[float, int, int]]:
    pairs = []
    matcher = SequenceMatcher(autojunk=False)
    for target, text in enumerate(new):
        if not text:
            continue
        matcher.set_seq2(text)
        for place, former in enumerate(old):
            if former == text:
                pairs.append((1.0, place, target))
            elif former:
                matcher.set_seq1(former)
                if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                    share = matcher.ratio()
                    if share >= ALIKE:
                        pairs.append((share, place, target))
    return pairs
