"""Who decides: the line of the 専決 table for a matter, an amount and a department."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.approvals.domain.packs.document import (
    EVERY_MATTER,
    ConsultLine,
    DeputyLine,
    PackDocument,
    RuleLine,
    SeriesLine,
)


def rules_for(document: PackDocument, matter: str, departments: Sequence[str] = ()) -> tuple[RuleLine, ...]:
    """The lines of a matter for a department.

    `departments` are names and codes of the department and those above it, nearest first. The nearest one that has lines of
    its own is judged by those alone; without any, by the lines for all.
    """
    lines = [line for line in document.rules if line.matter == matter]
    for name in departments:
        own = tuple(line for line in lines if name in line.departments)
        if own:
            return own
    return tuple(line for line in lines if not line.departments)


def deciding_lines(
    document: PackDocument, matter: str, amount: int | None, departments: Sequence[str] = ()
) -> tuple[RuleLine, ...]:
    """Every line that names a decider here: exactly one in a sound pack. Without an amount: lines for every amount."""
    lines = rules_for(document, matter, departments)
    if amount is None:
        return tuple(line for line in lines if line.band.is_whole)
    return tuple(line for line in lines if line.band.covers(amount))


def needs_amount(document: PackDocument, matter: str, departments: Sequence[str] = ()) -> bool:
    """Whether the decider depends on the amount."""
    return any(not line.band.is_whole for line in rules_for(document, matter, departments))


def consults_for(document: PackDocument, matter: str, amount: int | None) -> tuple[ConsultLine, ...]:
    """The posts that are asked. Without an amount only those who are asked whatever it is."""
    return tuple(
        line
        for line in document.consults
        if line.matter in {matter, EVERY_MATTER}
        and (line.band.covers(amount) if amount is not None else line.band.is_whole)
    )


def consult_places(lines: Sequence[ConsultLine]) -> dict[str, int]:
    """The place of each post in the order of 合議: 0 for those asked first, one more than the last they wait for.

    Posts that wait for each other in a circle are asked together; the linter reports the circle.
    """
    waits = {line.post: [name for name in line.after if any(o.post == name for o in lines)] for line in lines}

    def place(post: str, seen: frozenset[str]) -> int:
        before = [name for name in waits[post] if name not in seen]
        return max((place(name, seen | {name}) + 1 for name in before), default=0)

    return {post: place(post, frozenset({post})) for post in waits}


def deputies_of(
    document: PackDocument, post_name: str, matter: str = "", *, is_head: bool = False
) -> tuple[DeputyLine, ...]:
    """Who acts for a post, in order. A line for the very post outranks the lines of its title."""
    lines = [line for line in document.deputies if matter not in line.except_matters]
    own = tuple(line for line in lines if line.post == post_name)
    if own:
        return own
    titles = sorted(document.titles.values(), key=lambda title: -max(map(len, title.names)))
    for title in titles:
        if title.is_head if is_head else (not title.is_head and title.fits(post_name)):
            found = tuple(line for line in lines if line.post == title.name)
            if found:
                return found
    return ()


def series_of(document: PackDocument, kind: str, departments: Sequence[str] = ()) -> SeriesLine | None:
    """The series a department numbers in; its own or the one above it before the common one."""
    lines = [line for line in document.series if line.kind == kind]
    for name in departments:
        own = next((line for line in lines if name in line.departments), None)
        if own is not None:
            return own
    return next((line for line in lines if not line.departments), None)
