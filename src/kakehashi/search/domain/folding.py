"""One spelling for one word: the kernel's folding, and a stronger form for terms."""

from __future__ import annotations

from functools import lru_cache

from kakehashi.kernel.folding import fold as fold_text

__all__ = ["fold_term", "fold_text"]


@lru_cache(maxsize=100_000)
def fold_term(text: str) -> str:
    """Return the form under which a word is stored and looked up: folded, without long-vowel marks and spaces.

    The long-vowel mark is the part of a loan word that people most often leave out (サーバ / サーバー). A word that
    consists of marks alone keeps them: an empty term would match nothing.
    """
    folded = fold_text(text).replace(" ", "")
    return folded.replace("ー", "") or folded
