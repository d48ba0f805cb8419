"""時間の使われ方: what the traces of closed work say of whom it waited for, by kind of work and section, never by person.

Counted in office hours. Groups of fewer than `FEWEST` are not shown, so that no figure is one person's. What somebody typed as
the one waited for is read as a class (申請者, ほかの課 …) only: it may be a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from kakehashi.cases.domain.groups import FEWEST, TOUCH_HOURS, TraceGroup
from kakehashi.cases.domain.phases import Phase
from kakehashi.kernel.office_hours import office_time

__all__ = ["FEWEST", "TOUCH_HOURS", "Group", "Move", "Spell", "Trace", "grouped", "spells_of"]


class Spell(StrEnum):
    """What the time of a piece of work went into, in the order of the chart."""

    UNTOUCHED = "untouched"
    APPLICANT = "applicant"
    CONSULTEE = "consultee"
    DECIDER = "decider"
    LYING = "lying"
    TOUCHED = "touched"

    @property
    def label(self) -> str:
        """In words for chart and table."""
        return _LABELS[self]


_LABELS = {
    Spell.UNTOUCHED: "手が付くまで",
    Spell.APPLICANT: "申請者・相談者、外を待つ",
    Spell.CONSULTEE: "照会先・ほかの課を待つ",
    Spell.DECIDER: "決裁・判断を待つ",
    Spell.LYING: "担当課で置かれた",
    Spell.TOUCHED: "担当課で手を動かした",
}
_DECIDERS = frozenset({"所属長", "決裁"})
_SECTIONS = frozenset({"規程の所管課"})


@dataclass(frozen=True, slots=True)
class Move:
    """From this moment on the work stood in a phase, waiting for somebody where it waited."""

    at: dt.datetime
    phase: Phase
    waiting_on: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One closed piece of work. `acts` are the moments at which somebody of the government did something about it."""

    case_id: UUID
    matter: str
    section: str
    opened_at: dt.datetime
    closed_at: dt.datetime
    moves: tuple[Move, ...] = ()
    acts: tuple[dt.datetime, ...] = ()
    kind: str = ""
    department_id: UUID | None = None


def spells_of(trace: Trace, sections: Collection[str]) -> dict[Spell, dt.timedelta]:
    """The office hours of a trace by what they went into. `sections` are the names of departments."""
    moves = [Move(trace.opened_at, Phase.NEW), *sorted(trace.moves, key=lambda move: move.at)]
    ends = [*(move.at for move in moves[1:]), trace.closed_at]
    found = dict.fromkeys(Spell, dt.timedelta())
    for move, next_move in zip(moves, ends, strict=True):
        end = min(next_move, trace.closed_at)
        if move.phase is Phase.WORKING:
            for start, stop in _between(move.at, end, trace.acts):
                time = office_time(start, stop)
                found[Spell.TOUCHED if time <= dt.timedelta(hours=TOUCH_HOURS) else Spell.LYING] += time
        elif move.phase is not Phase.DONE:
            found[_waits(move, sections)] += office_time(move.at, end)
    return found


def _between(
    start: dt.datetime, end: dt.datetime, acts: Iterable[dt.datetime]
) -> Sequence[tuple[dt.datetime, dt.datetime]]:
    inside = [start, *sorted(act for act in acts if start < act < end), end]
    return list(pairwise(inside))


def _waits(move: Move, sections: Collection[str]) -> Spell:
    if move.phase is Phase.NEW:
        return Spell.UNTOUCHED
    if move.phase is Phase.DECIDING or move.waiting_on in _DECIDERS:
        return Spell.DECIDER
    return Spell.CONSULTEE if move.waiting_on in sections or move.waiting_on in _SECTIONS else Spell.APPLICANT


@dataclass(slots=True)
class Group(TraceGroup[Trace]):
    """A kind of work in a section, or everything."""

    kind: str = ""
    spent: dict[Spell, dt.timedelta] = field(default_factory=lambda: dict.fromkeys(Spell, dt.timedelta()))

    def add(self, trace: Trace, sections: Collection[str]) -> None:
        """Count a piece of work."""
        self.traces.append(trace)
        for spell, time in spells_of(trace, sections).items():
            self.spent[spell] += time

    @staticmethod
    def span(trace: Trace) -> tuple[dt.datetime, dt.datetime]:
        """From opening to closing."""
        return trace.opened_at, trace.closed_at

    def hours(self, spell: Spell) -> float:
        """Office hours of a spell for each piece of work."""
        return round(self.spent[spell] / dt.timedelta(hours=1) / self.count, 2) if self.count else 0.0

    @property
    def all_hours(self) -> list[float]:
        """Office hours by spell, in their order."""
        return [self.hours(spell) for spell in Spell]

    @property
    def waiting_share(self) -> float | None:
        """How much of the time nobody worked on it, in percent; None where no time was measured."""
        total = sum(self.spent.values(), dt.timedelta())
        return round(100 * (total - self.spent[Spell.TOUCHED]) / total, 1) if total else None


def grouped(traces: Iterable[Trace], sections: Collection[str]) -> list[Group]:
    """Groups in the order in which the traces come (the organisation's), never by speed."""
    groups: dict[tuple[str, str], Group] = {}
    for trace in traces:
        fresh = Group(trace.matter, trace.section, trace.department_id, kind=trace.kind)
        groups.setdefault((trace.matter, trace.section), fresh).add(trace, sections)
    return list(groups.values())
