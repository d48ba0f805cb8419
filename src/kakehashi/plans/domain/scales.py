"""Evaluation scales (評価の段階) as data: from which rate on, which word and how many points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path


@dataclass(frozen=True)
class Grade:
    """A step of an evaluation scale: from which rate on, its word, and its points."""

    at_least: Decimal
    word: str
    points: int = 0


@dataclass(frozen=True)
class Scale:
    """An evaluation scale; the best grade first. `source` says where it was found."""

    code: str
    label: str
    grades: tuple[Grade, ...]
    source: str = ""

    def grade_of(self, rate: Decimal | None) -> Grade | None:
        """Return the grade for a rate in per cent, None for none; below every step it is the last one."""
        if rate is None:
            return None
        return next((one for one in self.grades if rate >= one.at_least), self.grades[-1])

    def grade(self, rate: Decimal | None) -> str:
        """Return the word for a rate, empty for none."""
        found = self.grade_of(rate)
        return found.word if found else ""

    @property
    def most_points(self) -> int:
        """The points of the best grade."""
        return max(one.points for one in self.grades)


class BadScale(ValueError):
    """A line of a scale that cannot be read; says which."""


def read_grades(text: str) -> tuple[Grade, ...]:
    """Read grades from lines such as 「100 着実 3」: rate from which on, word, points (may be left out).

    Steps must fall and the words differ. Raises BadScale.
    """
    grades: list[Grade] = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        parts = line.replace("　", " ").split()
        try:
            at_least = Decimal(parts[0].rstrip("%％"))
            points = int(parts[2]) if len(parts) > 2 else 0
            word = parts[1][:40]
        except (InvalidOperation, IndexError, ValueError):
            raise BadScale(f"{number}行目を「100 着実 3」の形で書いてください。") from None
        if not at_least.is_finite() or abs(at_least) > 10_000 or abs(points) > 1_000:
            raise BadScale(f"{number}行目の数が大きすぎます。")
        if grades and at_least >= grades[-1].at_least:
            raise BadScale(f"{number}行目は、上の行より小さい率にしてください。")
        if word in {one.word for one in grades}:
            raise BadScale(f"{number}行目の言葉は、上の行と同じです。")
        grades.append(Grade(at_least, word, points))
    if len(grades) < 2:
        raise BadScale("2段階以上を書いてください。")
    return tuple(grades)


def written_grades(grades: Iterable[Grade]) -> str:
    """Grades as the lines that `read_grades` reads."""
    return "\n".join(f"{one.at_least.normalize():f} {one.word} {one.points}" for one in grades)


def grades_of(rows: Sequence[Sequence[object]]) -> tuple[Grade, ...]:
    """Grades from rows of (rate, word, points), as they are kept."""
    return tuple(Grade(Decimal(str(rate)), str(word), int(str(points))) for rate, word, points in rows)


def _read() -> dict[str, Scale]:
    rows = json.loads(Path(__file__).with_name("scales.json").read_text(encoding="utf-8"))
    return {row["code"]: Scale(row["code"], row["label"], grades_of(row["grades"]), row["source"]) for row in rows}


SCALES = _read()
DEFAULT_SCALE = "three"
