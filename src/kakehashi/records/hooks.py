"""What upper rooms tell records: where a document came from and how to reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kakehashi.kernel.registry import Registry
from kakehashi.people.models import Department


@dataclass(frozen=True)
class RecordSource:
    """A kind of thing documents are filed from.

    `url(source_id)` is its page (empty: none); `renditions(source_id)` lists (label, address) of the
    papers made from it, such as 原議 and 通知書.
    """

    label: str
    url: Callable[[UUID], str]
    renditions: Callable[[UUID], Sequence[tuple[str, str]]]


Words = Callable[[str], str]
"""A body's own word for a thing, such as `registry` or `record_file`."""

STATE_WORDS = {"registry": "行政文書ファイル管理簿", "record_file": "簿冊"}
"""The state's words, where no room above brings the body's own."""

_words: Registry[Words] = Registry("records.words")


def register_words(words: Words) -> None:
    """Let the room that holds the body's rules name its things. Raises DuplicateKey when another does already."""
    _words.register("words", words)


def word(key: str) -> str:
    """The body's own word for a thing; the state's where nobody knows better."""
    return _words.get("words")(key) if "words" in _words else STATE_WORDS.get(key, key)


TakeNumber = Callable[[Department, date], str]
"""Takes the next 収受番号 of a department on a day, in the transaction of the caller."""

_numbers: Registry[TakeNumber] = Registry("records.receipt_numbers")


def register_receipt_numbers(take: TakeNumber) -> None:
    """Let the room that holds the number series number what comes in. Raises DuplicateKey when another does already."""
    _numbers.register("numbers", take)


def take_receipt_number(department: Department, day: date) -> str:
    """The next 収受番号. Raises UnknownKey where no room above keeps number series."""
    return _numbers.get("numbers")(department, day)


_sources: Registry[RecordSource] = Registry("records.sources")


def register_source(kind: str, source: RecordSource) -> None:
    """Register a source kind `room.kind`. Raises DuplicateKey when it is taken."""
    _sources.register(kind, source)


def source_of(kind: str) -> RecordSource | None:
    """The source of a kind, or None when its room is not installed: the document stands without it."""
    return _sources.get(kind) if kind in _sources else None
