"""What upper rooms say of the data they keep: kinds of subjects, where an actor belongs, retention clocks.

They are read by the selectors, so they stand below them; rooms register through `journal.hooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kakehashi.journal.domain.retention_clocks import Period
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry


@dataclass(frozen=True)
class SubjectKind:
    """A kind of thing whose data is read. `describe` names things without saying more than a number or a title.

    `find` turns what somebody looks for (a receipt number, a mail address) into ids. `is_own` says whether reading this one
    belongs to the actor's own work although it is another section's, such as a decider on its route. `asks_reason` is off for what no section is in charge of, such as the directory of staff.
    """

    label: str
    describe: Callable[[Collection[UUID]], Mapping[UUID, str]]
    find: Callable[[str], Collection[UUID]] = lambda _: ()
    is_own: Callable[[Actor, UUID], bool] = lambda _actor, _id: False
    asks_reason: bool = True


@dataclass(frozen=True)
class Sections:
    """Where an actor belongs: the departments of the posts held, and how the log names them.

    `is_head`: the head of the government, to whom every section belongs. `covers` says whether a department stands below one of
    the actor's own.
    """

    ids: frozenset[UUID]
    label: str
    is_head: bool = False
    covers: Callable[[UUID], bool] = lambda _: False


@dataclass(frozen=True)
class Clock:
    """A retention clock of a room. `purge(before, limit)` removes what started before that day and gives the number.

    `least` and `most` bound what a body may choose. `starts` says in Japanese what starts the clock.
    """

    code: str
    what: str
    starts: str
    default: Period
    basis: str
    purge: Callable[[date, int], int]
    leaves: str
    least: int = 1
    most: int = 100


_subject_kinds: Registry[SubjectKind] = Registry("kinds of data subjects")
_clocks: Registry[Clock] = Registry("retention clocks")
_sections: list[Callable[[Actor], Sections]] = []


def register_subject(kind: str, subject_kind: SubjectKind) -> None:
    """Register `<room>.<noun>` as something whose data is read. Raises DuplicateKey."""
    _subject_kinds.register(kind, subject_kind)


def subject_kinds() -> dict[str, SubjectKind]:
    """All registered kinds."""
    return dict(_subject_kinds.items())


def register_sections(find: Callable[[Actor], Sections]) -> None:
    """Say how an actor's sections are known; `people` does, once."""
    _sections[:] = [find]


def sections_of(actor: Actor) -> Sections:
    """Where the actor belongs; nowhere for the program itself."""
    return _sections[0](actor) if _sections else Sections(frozenset(), "")


def register_clock(clock: Clock) -> None:
    """Register a retention clock. Raises DuplicateKey."""
    _clocks.register(clock.code, clock)


def clocks() -> list[Clock]:
    """All retention clocks in the order of registration, from the ground up."""
    return [clock for _, clock in _clocks.items()]
