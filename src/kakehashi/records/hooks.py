"""What upper rooms tell records: where a document came from and how to reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.registry import Registry


@dataclass(frozen=True)
class RecordSource:
    """A kind of thing documents are filed from.

    `url(source_id)` is its page (empty: none); `renditions(source_id)` lists (label, address) of the
    papers made from it, such as 原議 and 通知書.
    """

    label: str
    url: Callable[[UUID], str]
    renditions: Callable[[UUID], Sequence[tuple[str, str]]]


_sources: Registry[RecordSource] = Registry("records.sources")


def register_source(kind: str, source: RecordSource) -> None:
    """Register a source kind `room.kind`. Raises DuplicateKey when it is taken."""
    _sources.register(kind, source)


def source_of(kind: str) -> RecordSource | None:
    """The source of a kind, or None when its room is not installed: the document stands without it."""
    return _sources.get(kind) if kind in _sources else None
