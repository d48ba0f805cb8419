"""The order of deputies: who is passed over, and why."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.deputies import DeputyFact, WhyNot, first_able, line_of_deputies

VICE, SENIOR, NEXT = uuid7(), uuid7(), uuid7()
MANAGER, YAMADA, MORI = uuid7(), uuid7(), uuid7()
RULES = [DeputyFact(NEXT, 3), DeputyFact(VICE, 1), DeputyFact(SENIOR, 2)]


def line(holders: dict[UUID, UUID | None], away: set[UUID]) -> list[tuple[UUID, WhyNot | None]]:
    found = line_of_deputies(RULES, absent_person=MANAGER, holder_of=holders.__getitem__, is_absent=away.__contains__)
    return [(each.post_id, each.why_not) for each in found]


def test_the_first_present_person_in_the_order_acts() -> None:
    found = line_of_deputies(
        RULES,
        absent_person=MANAGER,
        holder_of={VICE: YAMADA, SENIOR: MORI, NEXT: None}.__getitem__,
        is_absent={YAMADA}.__contains__,
    )
    able = first_able(found)
    assert able is not None
    assert able.person_id == MORI


def test_vacant_absent_and_oneself_are_passed_with_their_reason() -> None:
    assert line({VICE: MANAGER, SENIOR: YAMADA, NEXT: None}, {YAMADA}) == [
        (VICE, WhyNot.SAME_PERSON),
        (SENIOR, WhyNot.ABSENT),
        (NEXT, WhyNot.VACANT),
    ]


def test_nobody_can_act_when_everybody_is_away() -> None:
    found = line_of_deputies(RULES, absent_person=None, holder_of=lambda post: None, is_absent=lambda person: True)
    assert first_able(found) is None
