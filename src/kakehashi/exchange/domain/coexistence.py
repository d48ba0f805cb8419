"""今のシステムとの共存: what rooms hand over to systems a town already has, and what they take back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kakehashi.exchange.domain.columns import Column
from kakehashi.kernel.registry import Registry

__all__ = [
    "Handover",
    "HandoverRow",
    "Intake",
    "Paper",
    "Taken",
    "handover",
    "handovers",
    "intake",
    "intakes",
    "register_handover",
    "register_intake",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF that goes along with a row; `make` is called when it is packed."""

    name: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One thing to hand over: its id, its fields by key, its papers."""

    subject_id: UUID
    values: Mapping[str, str]
    papers: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """What a room hands over when the next one is off: a list (CSV, layout by the town) and papers (PDF).

    `fields()` gives every (key, label) that may stand in the layout, `usual` the keys of the layout a town begins with.
    `rows(exclude)` gives what waits, without the ids handed over already. `url(id)` leads to the thing, `title(id)` names it
    (empty: there is no such thing). `numbers` are the outside numbers staff may write down for it by hand.
    """

    label: str
    purpose: str
    room: str
    permission: str
    subject_kind: str
    usual: tuple[str, ...]
    fields: Callable[[], Sequence[tuple[str, str]]]
    rows: Callable[[Any], Iterable[HandoverRow]]
    url: Callable[[UUID], str]
    title: Callable[[UUID], str]
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one row: words for the report; `is_new` is False for one that was taken before."""

    text: str
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Intake:
    """What a room takes from another system, row by row. `apply` must be idempotent and raises DomainError for a bad row."""

    label: str
    purpose: str
    room: str
    permission: str
    columns: tuple[Column, ...]
    apply: Callable[[Any, Mapping[str, str]], Taken]
    sample: Mapping[str, str] = field(default_factory=dict)


_handovers: Registry[Handover] = Registry("exchange handovers")
_intakes: Registry[Intake] = Registry("exchange intakes")


def register_handover(code: str, how: Handover) -> None:
    """Register `<room>.<thing>` in `apps.ready()`. Raises DuplicateKey the second time."""
    _handovers.register(code, how)


def register_intake(code: str, how: Intake) -> None:
    """Register `<room>.<thing>` in `apps.ready()`. Raises DuplicateKey the second time."""
    _intakes.register(code, how)


def handover(code: str) -> Handover | None:
    """A registered handover, None for an unknown code."""
    return _handovers.get(code) if code in _handovers else None


def intake(code: str) -> Intake | None:
    """A registered intake, None for an unknown code."""
    return _intakes.get(code) if code in _intakes else None


def handovers() -> list[tuple[str, Handover]]:
    """All handovers in the order of registration."""
    return list(_handovers.items())


def intakes() -> list[tuple[str, Intake]]:
    """All intakes in the order of registration."""
    return list(_intakes.items())
