"""Where a thing came from, when that is in a room its own room does not know: `site` joins them, pages show a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Related:
    """One thing that belongs to another: what it is to it (もとの相談), its name, the path of its page."""

    label: str
    title: str
    url: str


_sources: list[Callable[[UUID], Iterable[Related]]] = []


def register_related(source: Callable[[UUID], Iterable[Related]]) -> None:
    """Let a source name what belongs to a thing, by the thing's id. Called in `apps.ready()`; each source once."""
    if source not in _sources:
        _sources.append(source)


def related_to(object_id: UUID) -> list[Related]:
    """Everything that the rooms know to belong to a thing; one query for each source."""
    return [one for source in _sources for one in source(object_id)]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a thing of another room was spoken of: where and when, the point, what came of it, its page."""

    where: str
    point: str
    outcome: str
    url: str


_mentions: list[Callable[[Actor, str, UUID], Iterable[Mention]]] = []


def register_mentions(source: Callable[[Actor, str, UUID], Iterable[Mention]]) -> None:
    """Let a room name where a thing (`room.kind`, id) was spoken of, as far as somebody may know. Called in `apps.ready()`."""
    if source not in _mentions:
        _mentions.append(source)


def mentions_of(actor: Actor, kind: str, object_id: UUID) -> list[Mention]:
    """Everything that the rooms say of a thing to somebody; one or two queries for each source."""
    return [one for source in _mentions for one in source(actor, kind, object_id)]
