"""Kinds of cases: what an upper room says about its work, so that inbox and case page can show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.cases.models import Case
from kakehashi.cases.selectors.timeline import Joined
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry
from kakehashi.notices.services import Recipient


@dataclass(frozen=True)
class CaseAct:
    """A link among the acts of a case page, such as 「補正を依頼する」."""

    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class CaseKind:
    """What a room says about its kind of work.

    `staff_url` is where a row of the inbox leads (empty string: the case page itself); `resident_url` is what the resident
    sees. `summary_template` shows the thing itself on the case page, with `case` and what `summary_context` returns.
    `acts` are the buttons an actor is offered. `resident_events` are the event codes a resident's timeline shows.
    `requester` tells where a public message of ours is announced (None: nowhere). `language` is the one the requester reads,
    `placeholders` what 文例 are filled in with (see `domain.placeholders`). `due` gives the due date anew after a 照会 has begun
    or ended (None: it stands as it is). Without `has_public_thread` there is nobody outside to write to.
    Where a room merges or splits its work, `joined` names what else the thread shows (None: nothing) and `also_told` who else is
    told of a public message of ours. `matters` says in words what sources are about (the procedure of an application), by source
    id, for the figures of 時間の使われ方.
    """

    label: str
    staff_url: Callable[[Case], str] | None = None
    resident_url: Callable[[Case], str] | None = None
    summary_template: str = ""
    summary_context: Callable[[Case], Mapping[str, Any]] | None = None
    acts: Callable[[Case, Actor], Sequence[CaseAct]] | None = None
    resident_events: frozenset[str] = frozenset()
    requester: Callable[[Case], Recipient | None] | None = None
    language: Callable[[Case], str] | None = None
    placeholders: Callable[[Case], Mapping[str, str]] | None = None
    due: Callable[[Case], date | None] | None = None
    has_public_thread: bool = True
    joined: Callable[[Case], Joined] | None = None
    also_told: Callable[[Case], Sequence[Recipient]] | None = None
    matters: Callable[[Sequence[UUID]], Mapping[UUID, str]] | None = None


_kinds: Registry[CaseKind] = Registry("case kinds")


def register_case_kind(kind: str, case_kind: CaseKind) -> None:
    """Register `<room>.<kind>` in `apps.ready()`. Raises DuplicateKey the second time."""
    _kinds.register(kind, case_kind)


def case_kind(kind: str) -> CaseKind:
    """The registered kind. Raises UnknownKey for a kind nobody registered."""
    return _kinds.get(kind)


def staff_url(case: Case) -> str:
    """Where staff open a case: the owning room's page, else the case page."""
    entry = _kinds.get(case.kind) if case.kind in _kinds else None
    own = entry.staff_url(case) if entry is not None and entry.staff_url is not None else ""
    return own or reverse("cases-staff:case", args=[case.id])


def joined(case: Case) -> Joined:
    """What a case's thread shows besides its own; nothing for most kinds."""
    entry = _kinds.get(case.kind) if case.kind in _kinds else None
    return entry.joined(case) if entry is not None and entry.joined is not None else Joined()


def matter_names(things: Sequence[tuple[str, UUID]]) -> dict[UUID, str]:
    """What things (kind, id) are about: in the words of their room, else the name of the kind. A query for each kind."""
    found = {source_id: kind_label(kind) for kind, source_id in things}
    for kind in {kind for kind, _ in things}:
        entry = _kinds.get(kind) if kind in _kinds else None
        if entry is not None and entry.matters is not None:
            found |= entry.matters([source_id for each, source_id in things if each == kind])
    return found


def kind_label(kind: str) -> str:
    """The Japanese name of a kind; a kind whose room has gone is shown by its code."""
    return _kinds.get(kind).label if kind in _kinds else kind


def case_kinds() -> list[tuple[str, str]]:
    """All kinds with their names, in the order of registration."""
    return [(kind, entry.label) for kind, entry in _kinds.items()]


Values = dict[str, str]


@dataclass(frozen=True)
class BatchField:
    """One thing that a batch act asks before it runs: a choice of `choices`, a `text` or a `date`; kept as text.

    `fault` says what is wrong with an answer, empty when nothing is.
    """

    name: str
    label: str
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    is_required: bool = True
    initial: str = ""
    help_text: str = ""
    fault: Callable[[str], str] | None = None


@dataclass(frozen=True)
class BatchAct:
    """An act that may be done to many cases at once.

    `fields(actor)` is what it asks first; `describe` reads the answers back as (label, text). `why_not(actor, cases, values)`
    names, before anything happens, each case that will be passed over and why; `values` is empty while they are not known.
    `run(actor, case, values, act_id)` does one case and returns what `undo(actor, case, before)` needs; both raise DomainError
    or Stale for a case that has moved on meanwhile. Without `undo` it cannot be taken back.
    """

    label: str
    permission: str
    run: Callable[[Actor, Case, Values, UUID], dict[str, Any]]
    why_not: Callable[[Actor, Sequence[Case], Values], Mapping[UUID, str]]
    undo: Callable[[Actor, Case, dict[str, Any]], None] | None = None
    fields: Callable[[Actor], Sequence[BatchField]] | None = None
    describe: Callable[[Values], Sequence[tuple[str, str]]] | None = None
    help_text: str = ""


_batch_acts: Registry[BatchAct] = Registry("batch acts")


def register_batch_act(code: str, act: BatchAct) -> None:
    """Register `<room>.<verb>` in `apps.ready()`. Raises DuplicateKey the second time."""
    _batch_acts.register(code, act)


def batch_act(code: str) -> BatchAct:
    """The registered act. Raises UnknownKey."""
    return _batch_acts.get(code)


def batch_acts(actor: Actor, government_id: UUID) -> list[tuple[str, str]]:
    """The acts this actor may do, with their labels, in the order of registration."""
    return [(code, act.label) for code, act in _batch_acts.items() if actor.can(act.permission, government_id)]


def knows_batch_act(code: str) -> bool:
    """Whether somebody registered it."""
    return code in _batch_acts


@dataclass(frozen=True)
class WaitingWork:
    """Work that is no case and waits for somebody: what it is (「あなたの承認・決裁を待つ起案」), how many, and the page it stands on."""

    label: str
    count: int
    url: str


_waiting: Registry[Callable[[Actor], WaitingWork]] = Registry("waiting work")


def register_waiting_work(room: str, find: Callable[[Actor], WaitingWork]) -> None:
    """Add what waits for an actor in a room, for the first screen in the morning. One query each. Raises DuplicateKey."""
    _waiting.register(room, find)


def waiting_work(actor: Actor) -> list[WaitingWork]:
    """What waits for the actor outside the inbox; rooms where nothing waits are left out."""
    found = [find(actor) for _, find in _waiting.items()]
    return [one for one in found if one.count]
