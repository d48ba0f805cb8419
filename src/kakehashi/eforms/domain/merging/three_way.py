"""Three ways, for any tree of values: the base as it was, the base as it is now, and one's own.

Where the base did not move, one's own stands and nothing is said. Where it moved, a ``Point`` is noted: with one's own untouched
the new value is taken unless somebody chooses otherwise, with both changed one's own stands until somebody chooses.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["BASE", "BOTH", "MISSING", "ORDER", "OWN", "Missing", "Path", "Point", "ThreeWay", "same"]

OWN, BASE, BOTH = "own", "base", "both"
ORDER = "#order"
Path = tuple[str, ...]


class Missing(enum.Enum):
    """Stands where there is nothing: an empty attribute, a thing that is not there."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING


@dataclass(frozen=True)
class Point:
    """One place where the base moved on: what stood there, what stands there now, one's own, and what was chosen.

    ``is_conflict``: one's own differs from what stood there too, so a person has to choose. ``both`` is what taking both comes to.
    """

    path: Path
    old: Any
    new: Any
    own: Any
    is_conflict: bool
    chosen: str
    is_open: bool
    both: Any = MISSING

    @property
    def id(self) -> str:
        """A short name for a page's form; the same as long as the place is."""
        return hashlib.sha256("\x1f".join(self.path).encode()).hexdigest()[:16]


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if one is MISSING or other is MISSING:
        return one is other
    return bool(one == other) and _spelled(one) == _spelled(other)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


Item = Callable[[Path, Any, Any, Any], Any]


class ThreeWay:
    """One comparison: gives the merged values and gathers the points.

    ``choices`` maps a point's id to ``own``, ``base`` or ``both``. ``contested`` are paths a person must decide although one's
    own was not changed there, because something of one's own hangs on them.
    """

    def __init__(self, choices: Mapping[str, str], contested: Collection[Path] = ()) -> None:
        self.points: list[Point] = []
        self._choices = choices
        self._contested = frozenset(contested)

    def value(self, path: Path, old: Any, new: Any, own: Any, both: Any = MISSING) -> Any:
        """A value that is taken as a whole."""
        if same(new, own) or same(new, old):
            return own
        return self._decide(path, old, new, own, both, not same(own, old))

    def _decide(self, path: Path, old: Any, new: Any, own: Any, both: Any, is_conflict: bool) -> Any:
        is_conflict = is_conflict or path in self._contested
        values = {OWN: own, BASE: new} | ({BOTH: both} if both is not MISSING and is_conflict else {})
        drafted = Point(
            path, old, new, own, is_conflict, OWN if is_conflict else BASE, is_conflict, values.get(BOTH, MISSING)
        )
        picked = self._choices.get(drafted.id, "")
        if picked in values:
            drafted = Point(path, old, new, own, is_conflict, picked, False, drafted.both)
        self.points.append(drafted)
        return values[drafted.chosen]

    def record(
        self,
        path: Path,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        own: Mapping[str, Any],
        item: Item | None = None,
    ) -> dict[str, Any]:
        """A mapping whose names mean something by themselves; a name that is missing is an empty attribute."""
        merged: dict[str, Any] = {}
        for name in dict.fromkeys((*own, *new)):
            three = old.get(name, MISSING), new.get(name, MISSING), own.get(name, MISSING)
            value = (item or self.value)((*path, name), *three)
            if value is not MISSING:
                merged[name] = value
        return merged

    def things(
        self, path: Path, old: Mapping[str, Any], new: Mapping[str, Any], own: Mapping[str, Any], item: Item
    ) -> dict[str, Any]:
        """Things with an identity: those all three have are merged inside by ``item``, the others come, go or stay as a whole."""

        def one(at: Path, was: Any, now: Any, mine: Any) -> Any:
            if was is MISSING or now is MISSING or mine is MISSING:
                return self.value(at, was, now, mine)
            return item(at, was, now, mine)

        return self.record(path, old, new, own, one)

    def order(
        self, path: Path, old: Sequence[str], new: Sequence[str], own: Sequence[str], present: Collection[str]
    ) -> list[str]:
        """The order of the things that are ``present`` after the merge.

        What only the base has stands after what it follows there; what only one's own has, likewise.
        """
        first, second = own, new
        # Only what all three have and what stays tells whether somebody put things into another order.
        known = set(old) & set(new) & set(own) & set(present)
        was, now, mine = (_among(keys, known) for keys in (old, new, own))
        if now not in (was, mine):
            is_conflict = mine != was
            first = self._decide((*path, ORDER), list(old), list(new), list(own), MISSING, is_conflict)
            second = own if first == list(new) else new
        merged = [key for key in first if key in present]
        _weave(merged, [key for key in second if key in present])
        return merged


def _among(keys: Sequence[str], others: Collection[str]) -> list[str]:
    return [key for key in keys if key in others]


def _weave(merged: list[str], other: Sequence[str]) -> None:
    """Put what is missing after the one it follows in the other order."""
    seen, before = set(merged), -1
    for key in other:
        if key in seen:
            before = merged.index(key)
            continue
        before += 1
        merged.insert(before, key)
        seen.add(key)
