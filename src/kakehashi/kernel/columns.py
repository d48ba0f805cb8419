"""列の見立て: which column of somebody's file is meant by which of ours.

A proposal only: a person confirms it, and what was confirmed once is remembered (`remembered`) and comes first the next time.
Pure functions; any room that reads tables of other systems may use them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakehashi.kernel.folding import fold

__all__ = ["Column", "Match", "header_key", "missing_columns", "propose_columns"]

_NOISE = re.compile(r"[\s　・:：/／_\-‐－―()（）\[\]［］「」【】.．,、。*＊※]+")
_ENDINGS = ("名称", "の名", "年月日", "の日", "日付", "番号", "no", "コード")
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Column:
    """One column that we understand. `aliases` are other words that systems use for it."""

    key: str
    label: str
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal: the place of the file's column, and how sure it is (remembered, same, alias, part, alike)."""

    at: int
    how: str


def header_key(text: str) -> str:
    """A header without what people write differently: width, case, spaces, brackets, punctuation."""
    return _NOISE.sub("", fold(text))


def propose_columns(
    headers: Sequence[str], columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> dict[str, Match]:
    """Propose for each of our columns (by key) a column of the file; what nothing fits is left out.

    `remembered` maps our keys to the header that was confirmed before. A file's column is used once; surer ways choose
    first, so that 「決裁日」 is not taken by something that only resembles it.
    """
    keys = [header_key(header) for header in headers]
    known = remembered or {}
    found: dict[str, Match] = {}
    for how in ("remembered", "same", "alias", "part", "alike"):
        for column in columns:
            if column.key in found:
                continue
            taken = {match.at for match in found.values()}
            free = [at for at, key in enumerate(keys) if key and at not in taken]
            at = _find(how, column, keys, free, known.get(column.key, ""))
            if at is not None:
                found[column.key] = Match(at, how)
    return found


def _find(how: str, column: Column, keys: Sequence[str], free: Sequence[int], before: str) -> int | None:
    if how == "remembered":
        return next((at for at in free if before and keys[at] == header_key(before)), None)
    words = (
        [header_key(column.label)] if how == "same" else [header_key(each) for each in (column.label, *column.aliases)]
    )
    if how in {"same", "alias"}:
        return next((at for word in words for at in free if keys[at] == word), None)
    if how == "part":
        return next(
            (at for word in words for at in free if len(word) > 1 and (word in keys[at] or _in(keys[at], word))), None
        )
    scored = [(difflib.SequenceMatcher(None, word, keys[at]).ratio(), -at) for word in words for at in free]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= _ALIKE else None


def _in(key: str, word: str) -> bool:
    """Whether a header is a meaningful part of our word, such as 結果 of 審査結果; a bare 番号 or 日付 is not."""
    return len(key) > 1 and key not in _ENDINGS and word.endswith(key)


def missing_columns(columns: Sequence[Column], chosen: Mapping[str, object]) -> list[str]:
    """The labels of required columns that nothing was chosen for."""
    return [column.label for column in columns if column.is_required and column.key not in chosen]
