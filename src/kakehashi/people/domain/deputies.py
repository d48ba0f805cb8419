"""Who may act for an absent holder (代決の順序): the first person in the order who is present."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeputyFact:
    """The post that stands `order`-th in line to act for another post."""

    deputy_post_id: UUID
    order: int


class WhyNot(StrEnum):
    """Why somebody in the order was passed over; shown beside the order so that nobody has to guess."""

    VACANT = "vacant"
    ABSENT = "absent"
    SAME_PERSON = "same_person"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place in the order: the post, its holder (None while vacant) and why the place was passed over."""

    post_id: UUID
    person_id: UUID | None
    why_not: WhyNot | None


def line_of_deputies(
    rules: Iterable[DeputyFact],
    *,
    absent_person: UUID | None,
    holder_of: Callable[[UUID], UUID | None],
    is_absent: Callable[[UUID], bool],
) -> list[Candidate]:
    """The whole order with the reason beside each place that cannot act.

    The absent person may hold a deputy post as 兼務: acting for oneself is no deputy at all, so that place is passed.
    """
    line: list[Candidate] = []
    for rule in sorted(rules, key=lambda each: each.order):
        person = holder_of(rule.deputy_post_id)
        why: WhyNot | None = None
        if person is None:
            why = WhyNot.VACANT
        elif person == absent_person:
            why = WhyNot.SAME_PERSON
        elif is_absent(person):
            why = WhyNot.ABSENT
        line.append(Candidate(rule.deputy_post_id, person, why))
    return line


def first_able(line: Iterable[Candidate]) -> Candidate | None:
    """The first place in the order that can act now; None when everybody is away."""
    return next((each for each in line if each.why_not is None), None)
