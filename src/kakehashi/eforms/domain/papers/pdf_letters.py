"""Letters of a PDF page put together: lines, broken lines, vertical words, and pieces of rules."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["free_stretches", "is_broken", "is_vertical", "joined", "lines_of", "stretched"]


def lines_of(letters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Letters of one height together, from left to right."""
    lines: list[tuple[float, float, list[dict[str, Any]]]] = []
    for letter in sorted(letters, key=lambda one: ((one["top"] + one["bottom"]) / 2, one["x0"])):
        middle = (letter["top"] + letter["bottom"]) / 2
        if lines and abs(lines[-1][0] - middle) < max(3.0, 0.45 * letter["size"]):
            lines[-1][2].append(letter)
        else:
            lines.append((middle, letter["size"], [letter]))
    return [sorted(line, key=lambda one: one["x0"]) for _, _, line in lines]


def is_broken(line: list[dict[str, Any]], following: list[dict[str, Any]], x0: float, x1: float) -> bool:
    """Whether a line ends at the edge of its cell and the next begins at the other edge in the middle of a word."""
    printed = [one for one in line if one["text"].strip(" 　")]
    if len(line) < 6 or not printed:
        return False
    size = float(line[-1]["size"]) or 10.0
    if (
        x1 - line[-1]["x1"] > 1.9 * size
        or following[0]["x0"] - x0 > 1.2 * size
        or following[0]["x0"] - printed[0]["x0"] > size
    ):
        return False
    if printed[-1]["text"] in ")）" and following[0]["text"] == "　":
        # 「その他（　　）」 over 「　　－　　－」: room at the start of a line was typed.
        return False
    # A new line of the author's begins with a box, a number or a bullet; and a short label is broken for its looks.
    return following[0]["text"] not in _BEGINS and not following[0]["text"].isdigit()


_BEGINS = frozenset("□☐☑■○●・※①②③④⑤⑥⑦⑧⑨⑩（([【〒")


def is_vertical(letters: list[dict[str, Any]]) -> bool:
    """Whether letters stand one under the other: words printed downwards."""
    if len(letters) < 2:
        return False
    lines = lines_of(letters)
    if len(lines) < 3 or any(len(line) > 2 for line in lines):
        return False
    columns = {round(one["x0"] / 6) for one in letters}
    return len(columns) <= max(2, len(letters) // len(lines) + 1)


def stretched(line: list[dict[str, Any]]) -> set[int]:
    """The letters behind which a word is only stretched: three or more that stand apart by the same step, 「家　屋　番　号」.

    「年　月　日」, 「大　昭　平」 and 「月　火　水」 stand apart to be written between or to be circled.
    """
    found: set[int] = set()
    start = 0
    while start < len(line) - 2:
        step = line[start + 1]["x0"] - line[start]["x0"]
        size = float(line[start]["size"]) or 10.0
        end = start + 1
        while end < len(line) and _follows(line[end - 1], line[end], step, size):
            end += 1
        word = "".join(one["text"] for one in line[start:end])
        before = line[start - 1] if start else None
        alone = (
            before is None
            or _LETTER.fullmatch(2 * before["text"]) is None
            or line[start]["x0"] - before["x1"] > 0.8 * (step - size)
        )
        if end - start > 2 and step > 1.25 * size and alone and not _APART.fullmatch(word):
            found |= set(range(start, end - 1))
            start = end
        else:
            start = max(end - 1, start + 1)
    return found


def _follows(one: dict[str, Any], other: dict[str, Any], step: float, size: float) -> bool:
    letters = one["text"] + other["text"]
    return abs(other["x0"] - one["x0"] - step) < 0.12 * size and _LETTER.fullmatch(letters) is not None


_LETTER = re.compile(r"[一-龥々ァ-ヶーぁ-ん]{2}")
_APART = re.compile(r".?[年月日時分]+|(令和|平成|昭和|西暦).*|[明大昭平令]+|[月火水木金土日祝]+")


def joined(pieces: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pieces of a rule that touch, as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(pieces):
        if found and start <= found[-1][1] + 3:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def free_stretches(start: float, end: float, taken: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches from start to end that nothing takes."""
    found, cursor = [], start
    for first, last in sorted(taken):
        if first > cursor:
            found.append((cursor, min(first, end)))
        cursor = max(cursor, last)
    if cursor < end:
        found.append((cursor, end))
    return found
