"""What rooms beside this one tell on the head's page, and the cases they lend as evidence. Registered by `site`, which may import both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry


@dataclass(frozen=True)
class Story:
    """Something of the month worth telling: what it is, in a sentence, and its page."""

    told_at: datetime
    title: str
    text: str
    url: str


STORIES: Registry[Callable[[datetime], list[Story]]] = Registry("plans.stories")


def register_stories(room: str, find: Callable[[datetime], list[Story]]) -> None:
    """Add a source of stories: `find(since)` returns those since a moment, in the open scope. Raises DuplicateKey."""
    STORIES.register(room, find)


def stories_since(since: datetime, most: int) -> list[Story]:
    """The newest stories of every source."""
    found = [story for _, find in STORIES.items() for story in find(since)]
    return sorted(found, key=lambda story: story.told_at, reverse=True)[:most]


@dataclass(frozen=True)
class EvidenceCase:
    """A solved case that an arrow of a logic model may rest on."""

    id: UUID
    title: str
    url: str


CASES: Registry[Callable[[Actor], list[EvidenceCase]]] = Registry("plans.evidence_cases")


def register_evidence_cases(room: str, find: Callable[[Actor], list[EvidenceCase]]) -> None:
    """Add a source of solved cases: `find(actor)` returns those the actor may read, in the open scope. Raises DuplicateKey."""
    CASES.register(room, find)


def evidence_cases(actor: Actor) -> list[EvidenceCase]:
    """The solved cases of every source, as the actor may read them."""
    return [case for _, find in CASES.items() for case in find(actor)]


@dataclass(frozen=True)
class NeighbourCase:
    """A solved case that another government shared, or took over: `is_about` says that it is about the matter asked for."""

    origin_id: UUID
    title: str
    url: str
    contact: str
    is_adopted: bool = False
    is_about: bool = False


CASE_FINDERS: Registry[Callable[[str, Collection[UUID]], list[NeighbourCase]]] = Registry("plans.case_finders")


def register_case_finder(room: str, find: Callable[[str, Collection[UUID]], list[NeighbourCase]]) -> None:
    """Add a source of shared cases: `find(matter, government_ids)` returns those the open scope may read. Raises DuplicateKey."""
    CASE_FINDERS.register(room, find)


def cases_of_neighbours(matter: str, government_ids: Collection[UUID]) -> dict[UUID, list[NeighbourCase]]:
    """The shared cases of some governments, those about the matter first, at most three each."""
    found: dict[UUID, list[NeighbourCase]] = {}
    for one in [case for _, find in CASE_FINDERS.items() for case in find(matter, government_ids)]:
        found.setdefault(one.origin_id, []).append(one)
    return {key: sorted(cases, key=lambda one: not one.is_about)[:3] for key, cases in found.items()}


@dataclass(frozen=True)
class SupportMatter:
    """What a prefecture would help a municipality with: a stable key, the subject, and what is known so far."""

    key: str
    subject: str
    text: str


@dataclass(frozen=True)
class SupportDesk:
    """Where help for a municipality is opened: `open_for` gives the page of what was opened, `opened_for` of what is open already."""

    verb: str
    permission: str
    open_for: Callable[[Actor, SupportMatter], str]
    opened_for: Callable[[Actor, str], str]


SUPPORT_DESKS: Registry[SupportDesk] = Registry("plans.support_desks")


def register_support_desk(room: str, desk: SupportDesk) -> None:
    """Add a place where a prefecture opens help for a municipality. Raises DuplicateKey."""
    SUPPORT_DESKS.register(room, desk)


def support_desks(actor: Actor, government_id: UUID) -> list[tuple[str, SupportDesk]]:
    """The places the actor may use: (room, desk)."""
    return [(room, desk) for room, desk in SUPPORT_DESKS.items() if actor.can(desk.permission, government_id)]
