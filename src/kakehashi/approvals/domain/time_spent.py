"""時間の使われ方: what the traces of a proposal's road say of waiting and working, by matter and section, never by person.

Everything is counted in office hours (8:30 to 17:15 of open days): a night is nobody's delay. Groups of fewer than
`FEWEST` proposals are not shown, so that no figure is one person's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kakehashi.approvals.domain.states import StepKind
from kakehashi.cases.domain.groups import FEWEST, TOUCH_HOURS, TraceGroup
from kakehashi.kernel.office_hours import office_time

__all__ = [
    "FEWEST",
    "TOUCH_HOURS",
    "Consulted",
    "Group",
    "Spent",
    "StepTrace",
    "Trace",
    "by_kind",
    "by_matter_and_section",
    "consulted",
    "hours_text",
    "paper_reasons",
]


@dataclass(frozen=True, slots=True)
class StepTrace:
    """One box that was done: reached, opened (None: acted upon from a list), acted. `commented`: something was said there."""

    kind: StepKind
    reached_at: dt.datetime
    seen_at: dt.datetime | None
    acted_at: dt.datetime
    post_name: str = ""
    commented: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """The road of one decided proposal. `returns` counts 差戻し, `paper` is the reason of the paper road ("" electronic)."""

    proposal_id: UUID
    matter: str
    section: str
    submitted_at: dt.datetime
    decided_at: dt.datetime
    returns: int
    paper: str
    steps: tuple[StepTrace, ...]
    matter_code: str = ""
    department_id: UUID | None = None


@dataclass(slots=True)
class Spent:
    """Office hours of one or more boxes: until opened, opened and lying, and worked on."""

    unopened: dt.timedelta = field(default_factory=dt.timedelta)
    lying: dt.timedelta = field(default_factory=dt.timedelta)
    touched: dt.timedelta = field(default_factory=dt.timedelta)
    boxes: int = 0

    def add(self, step: StepTrace) -> None:
        """Count a box."""
        self.boxes += 1
        seen = step.seen_at or step.acted_at
        self.unopened += office_time(step.reached_at, seen)
        held = office_time(seen, step.acted_at)
        if held <= dt.timedelta(hours=TOUCH_HOURS):
            self.touched += held
        else:
            self.lying += held

    @property
    def waited(self) -> dt.timedelta:
        """Everything but work."""
        return self.unopened + self.lying

    @property
    def total(self) -> dt.timedelta:
        """All of it."""
        return self.waited + self.touched

    @property
    def waiting_share(self) -> float | None:
        """How much of the time was waiting, in percent; None where no time was measured."""
        return round(100 * self.waited / self.total, 1) if self.total else None

    def hours(self, part: dt.timedelta) -> float:
        """Office hours of a part for each box, with two decimals."""
        return round(part / dt.timedelta(hours=1) / self.boxes, 2) if self.boxes else 0.0

    @property
    def unopened_hours(self) -> float:
        """Office hours until a box was opened, on average."""
        return self.hours(self.unopened)

    @property
    def lying_hours(self) -> float:
        """Office hours a box lay opened, on average."""
        return self.hours(self.lying)

    @property
    def touched_hours(self) -> float:
        """Office hours of work on a box, on average."""
        return self.hours(self.touched)


@dataclass(slots=True)
class Group(TraceGroup[Trace]):
    """A matter in a section, or everything."""

    matter_code: str = ""
    spent: Spent = field(default_factory=Spent)

    def add(self, trace: Trace) -> None:
        """Count a proposal."""
        self.traces.append(trace)
        for step in trace.steps:
            self.spent.add(step)

    @staticmethod
    def span(trace: Trace) -> tuple[dt.datetime, dt.datetime]:
        """From 回議 to 決裁."""
        return trace.submitted_at, trace.decided_at

    @property
    def returned(self) -> int:
        """How many came back at least once."""
        return sum(each.returns > 0 for each in self.traces)

    @property
    def on_paper(self) -> int:
        """How many took the paper road."""
        return sum(bool(each.paper) for each in self.traces)


def by_matter_and_section(traces: Iterable[Trace]) -> list[Group]:
    """Groups in the order in which the traces come (the organisation's), never by speed."""
    groups: dict[tuple[str, str], Group] = {}
    for trace in traces:
        group = Group(trace.matter, trace.section, trace.department_id, matter_code=trace.matter_code)
        groups.setdefault((trace.matter, trace.section), group).add(trace)
    return list(groups.values())


def by_kind(traces: Sequence[Trace]) -> list[tuple[StepKind, Spent]]:
    """Where on the road the time goes: 回議, 合議, 仮決裁, 決裁."""
    found = {kind: Spent() for kind in (StepKind.ENDORSE, StepKind.CONSULT, StepKind.PROVISIONAL, StepKind.DECIDE)}
    for trace in traces:
        for step in trace.steps:
            if step.kind in found:
                found[step.kind].add(step)
    return [(kind, spent) for kind, spent in found.items() if spent.boxes]


@dataclass(slots=True)
class Consulted:
    """A post that is asked in 合議 about a matter: how often, and how often something was said."""

    matter: str
    post: str
    matter_code: str = ""
    asked: int = 0
    commented: int = 0
    waited: dt.timedelta = field(default_factory=dt.timedelta)
    proposals: list[UUID] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        """Whether nothing was ever said: 供覧 might do. A question about the rule, not about the post."""
        return self.asked >= FEWEST and self.commented == 0

    @property
    def waited_hours(self) -> float:
        """Office hours for each time it was asked."""
        return round(self.waited / dt.timedelta(hours=1) / self.asked, 2) if self.asked else 0.0


def consulted(traces: Iterable[Trace]) -> list[Consulted]:
    """Every post asked often enough to be shown, by matter."""
    found: dict[tuple[str, str], Consulted] = {}
    for trace in traces:
        for step in trace.steps:
            if step.kind is not StepKind.CONSULT:
                continue
            one = found.setdefault(
                (trace.matter, step.post_name), Consulted(trace.matter, step.post_name, trace.matter_code)
            )
            one.asked += 1
            one.commented += step.commented
            one.waited += office_time(step.reached_at, step.acted_at)
            one.proposals.append(trace.proposal_id)
    return [each for each in found.values() if each.asked >= FEWEST]


def paper_reasons(traces: Iterable[Trace]) -> list[tuple[str, list[UUID]]]:
    """The reasons of the paper road with the proposals behind each, most frequent first."""
    found: dict[str, list[UUID]] = {}
    for trace in traces:
        if trace.paper:
            found.setdefault(trace.paper, []).append(trace.proposal_id)
    return sorted(found.items(), key=lambda pair: -len(pair[1]))


def hours_text(hours: float) -> str:
    """Office hours in words: 12分, 3.2時間."""
    return f"{round(hours * 60)}分" if hours < 1 else f"{hours:.1f}時間"
