"""Kinds of cases: what an upper room says about its work, so that inbox and case page can show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kakehashi.cases.models import Case
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
    `requester` tells where a public message of ours is announced (None: nowhere).
    """

    label: str
    staff_url: Callable[[Case], str] | None = None
    resident_url: Callable[[Case], str] | None = None
    summary_template: str = ""
    summary_context: Callable[[Case], Mapping[str, Any]] | None = None
    acts: Callable[[Case, Actor], Sequence[CaseAct]] | None = None
    resident_events: frozenset[str] = frozenset()
    requester: Callable[[Case], Recipient | None] | None = None


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


def kind_label(kind: str) -> str:
    """The Japanese name of a kind; a kind whose room has gone is shown by its code."""
    return _kinds.get(kind).label if kind in _kinds else kind


def case_kinds() -> list[tuple[str, str]]:
    """All kinds with their names, in the order of registration."""
    return [(kind, entry.label) for kind, entry in _kinds.items()]
