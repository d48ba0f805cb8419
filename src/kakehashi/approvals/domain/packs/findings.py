"""What the linter says: where, what is wrong, how to mend it; and what it knows about the organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """An error forbids putting the version in force; a warning is shown."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> str:
        """誤り or 注意."""
        return {"error": "誤り", "warning": "注意"}[self.value]


@dataclass(frozen=True)
class Finding:
    """One finding. `part` and `row` (from 0, None: the whole table) say where; `code` names the kind for tests and filters."""

    level: Level
    code: str
    part: str
    row: int | None
    sentence: str
    mend: str


@dataclass(frozen=True)
class PostFact:
    """A post of the organisation on the day that is looked at."""

    name: str
    department: str
    rank: int
    is_held: bool


@dataclass(frozen=True)
class Organisation:
    """Posts and departments (names and codes) on a day. Without posts, nothing is said about posts."""

    posts: tuple[PostFact, ...] = ()
    departments: frozenset[str] = field(default_factory=frozenset)


def error(code: str, part: str, row: int | None, sentence: str, mend: str) -> Finding:
    """A finding that forbids putting in force."""
    return Finding(Level.ERROR, code, part, row, sentence, mend)


def warning(code: str, part: str, row: int | None, sentence: str, mend: str) -> Finding:
    """A finding that is only shown."""
    return Finding(Level.WARNING, code, part, row, sentence, mend)
