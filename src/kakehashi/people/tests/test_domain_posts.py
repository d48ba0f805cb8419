"""Who holds a post on a day; which post a person acts as."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.periods import Period
from kakehashi.people.domain.posts import HoldingFact, acting_post, holder_on, posts_on

CHIEF, DESK = uuid7(), uuid7()
TANAKA, SATO = uuid7(), uuid7()
APRIL_FIRST = date(2026, 4, 1)


def holding(person: UUID, post: UUID, first: date, last: date | None = None, *, is_primary: bool = True) -> HoldingFact:
    return HoldingFact(uuid7(), person, post, Period(first, last), is_primary)


@pytest.mark.parametrize(("on", "who"), [(date(2026, 3, 31), TANAKA), (APRIL_FIRST, SATO)])
def test_the_holder_changes_between_the_last_of_march_and_the_first_of_april(on: date, who: UUID) -> None:
    holdings = [
        holding(TANAKA, CHIEF, date(2023, 4, 1), date(2026, 3, 31)),
        holding(SATO, CHIEF, APRIL_FIRST),
    ]
    assert holder_on(holdings, CHIEF, on) == who


def test_the_newcomer_holds_the_post_when_the_predecessor_was_never_closed() -> None:
    holdings = [holding(TANAKA, CHIEF, date(2023, 4, 1)), holding(SATO, CHIEF, APRIL_FIRST)]
    assert holder_on(holdings, CHIEF, APRIL_FIRST) == SATO


def test_a_primary_holder_comes_before_a_concurrent_one() -> None:
    holdings = [
        holding(TANAKA, CHIEF, date(2023, 4, 1)),
        holding(SATO, CHIEF, APRIL_FIRST, is_primary=False),
    ]
    assert holder_on(holdings, CHIEF, APRIL_FIRST) == TANAKA


def test_nobody_holds_a_vacant_post() -> None:
    assert holder_on([], CHIEF, APRIL_FIRST) is None


def test_the_wanted_post_is_acted_as_only_while_it_is_held() -> None:
    holdings = [
        holding(TANAKA, DESK, date(2023, 4, 1)),
        holding(TANAKA, CHIEF, date(2023, 4, 1), date(2026, 3, 31), is_primary=False),
    ]
    assert acting_post(holdings, TANAKA, date(2026, 3, 31), CHIEF) == CHIEF
    assert acting_post(holdings, TANAKA, APRIL_FIRST, CHIEF) == DESK
    assert acting_post(holdings, SATO, APRIL_FIRST, None) is None
    assert [each.post_id for each in posts_on(holdings, TANAKA, date(2026, 3, 31))] == [DESK, CHIEF]


def test_a_period_closed_before_its_first_day_leaves_nothing() -> None:
    assert Period(APRIL_FIRST).closed_before(APRIL_FIRST) is None
    assert Period(date(2025, 4, 1)).closed_before(APRIL_FIRST) == Period(date(2025, 4, 1), date(2026, 3, 31))


def test_a_grant_lasts_no_longer_than_its_contract() -> None:
    contract = Period(date(2025, 4, 1), date(2026, 3, 31))
    assert Period(date(2025, 6, 1)).within(contract) == Period(date(2025, 6, 1), date(2026, 3, 31))
    assert Period(APRIL_FIRST).within(contract) is None
    assert Period(APRIL_FIRST).within(None) == Period(APRIL_FIRST)
