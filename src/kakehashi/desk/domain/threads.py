"""Which messages the thread of a consultation shows after merging and splitting: none is ever lost.

Messages are never moved. A merged consultation's thread is shown by the one it went into; a new consultation that was
split off shows the messages that were chosen for it, which stay in the old one too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Text = TypeVar("Text", bound=Hashable)


def family(first: Key, merged_into: Callable[[Collection[Key]], Iterable[Key]]) -> list[Key]:
    """Return a consultation and all that went into it, directly or through another, each once, nearest first.

    `merged_into(targets)` gives what was merged into any of the targets.
    """
    found, frontier = [first], [first]
    known = {first}
    while frontier:
        frontier = [each for each in merged_into(frontier) if each not in known]
        known.update(frontier)
        found += frontier
    return found


def shown(
    first: Key,
    own: Mapping[Key, Collection[Text]],
    merges: Mapping[Key, Key],
    carried: Mapping[Key, Collection[Text]],
) -> list[Text]:
    """Return the messages of a consultation's thread, each once: its own, its merged ones' and those carried along."""
    members = family(first, lambda targets: [source for source, target in merges.items() if target in targets])
    every = [text for member in members for text in (*carried.get(member, ()), *own.get(member, ()))]
    return list(dict.fromkeys(every))
