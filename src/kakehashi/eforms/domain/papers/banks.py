"""The boxes for an account, which name themselves by what is printed behind their room: 「　　銀行・農協」, 「　　支店」, 「普通・当座」."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.words import fold, plain

__all__ = ["HOUSES_AND_BRANCHES", "part_of_account"]

_HOUSES = frozenset(
    [
        "銀行",
        "信用金庫",
        "金庫",
        "組合",
        "農協",
        "信用組合",
        "労働金庫",
        "信金",
        "信組",
        "漁協",
        "労金",
        "農業協同組合",
        "農業協同",
    ]
)
_BRANCHES = frozenset(["本店", "支店", "出張所", "本所", "支所", "本支店"])
# Kinds of bank and of branch, printed behind the room for a name: words to strike out or to circle, no question of their own.
HOUSES_AND_BRANCHES = _HOUSES | _BRANCHES
_KINDS = frozenset(["普通", "当座", "貯蓄", "総合", "その他", "普通預金", "当座預金"])


def part_of_account(text: str) -> str:
    """「金融機関」, 「支店」 or 「口座種別」 for a cell that holds nothing but those words, with room before them; else ""."""
    bare = re.sub(r"\([^()]*\)", "", fold(text))
    words = {re.sub(r"^[0-9.]+", "", plain(word)) for word in re.split(r"[・/、\n]|[ 　]{2,}", bare)} - {""}
    joined = {re.sub(r"^[0-9.]+", "", plain(line)) for line in re.split(r"[・/、\n]", bare)} - {""}
    has_room = re.search(r"(?m)^[ 　]{3,}\S", text) is not None
    if has_room and joined and joined <= _HOUSES:
        return "金融機関"
    if has_room and joined and joined <= _BRANCHES:
        return "支店"
    return (
        "口座種別"
        if len(words) >= 2 and {"普通", "当座"} <= {word.removesuffix("預金") for word in words} and words <= _KINDS
        else ""
    )
