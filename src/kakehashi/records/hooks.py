"""What upper rooms tell records: where a document came from and how to reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry
from kakehashi.people.models import Department


@dataclass(frozen=True)
class RecordSource:
    """A kind of thing documents are filed from.

    `url(source_id)` is its page (empty: none); `renditions(source_id)` lists (label, address) of the
    papers made from it, such as 原議 and 通知書. `papers(source_id)` gives those as (name, PDF/A bytes) for the archives.
    `forget(source_ids)` removes what the room itself keeps of destroyed documents: texts, copies, index entries; it runs in
    the transaction of the execution. Page and renditions are linked only for those who `may_open` them.
    """

    label: str
    url: Callable[[UUID], str]
    renditions: Callable[[UUID], Sequence[tuple[str, str]]]
    papers: Callable[[UUID], Sequence[tuple[str, bytes]]] = lambda _: ()
    forget: Callable[[Sequence[UUID]], None] = lambda _: None
    may_open: Callable[[Actor, UUID], bool] = lambda _actor, _source_id: True


Words = Callable[[str], str]
"""A body's own word for a thing, such as `registry` or `record_file`."""

STATE_WORDS = {
    "registry": "行政文書ファイル管理簿",
    "record_file": "簿冊",
    "disposal_register": "移管・廃棄簿",
    "chief_records_officer": "総括文書管理者",
    "archives": "公文書館",
}
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


@dataclass(frozen=True)
class Stage:
    """One stage of disposal: its name, the post that looks, its clause. Without `post_id` whoever manages records may act."""

    name: str
    post_name: str = ""
    post_id: UUID | None = None
    clause: str = ""


Road = Callable[[str, Department, date], Sequence[Stage]]
"""The stages of a measure (destroy, transfer, extend) for the files of a department on a day, in order."""

_roads: Registry[Road] = Registry("records.disposal_roads")

LEAST_ROAD = (Stage("申出"), Stage("決定"))
"""Where the rules name no stages: two people at least."""


def register_disposal_road(road: Road) -> None:
    """Let the room that holds the body's rules say who looks at what has expired. Raises DuplicateKey when another does already."""
    _roads.register("road", road)


def disposal_road(measure: str, department: Department, on: date) -> Sequence[Stage]:
    """The stages a measure takes; never fewer than two."""
    stages = _roads.get("road")(measure, department, on) if "road" in _roads else ()
    return stages if len(stages) >= len(LEAST_ROAD) else LEAST_ROAD


_sources: Registry[RecordSource] = Registry("records.sources")


def register_source(kind: str, source: RecordSource) -> None:
    """Register a source kind `room.kind`. Raises DuplicateKey when it is taken."""
    _sources.register(kind, source)


def source_of(kind: str) -> RecordSource | None:
    """The source of a kind, or None when its room is not installed: the document stands without it."""
    return _sources.get(kind) if kind in _sources else None
