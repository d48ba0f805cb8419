"""The dated tree: what stood on a day, orphans, loops, successors."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.departments import (
    DepartmentFact,
    ancestors,
    current_department,
    tree_on,
    would_loop,
)
from kakehashi.people.domain.periods import Period

LONG_AGO = date(2005, 4, 1)


def department(
    code: str,
    parent: DepartmentFact | None = None,
    *,
    first: date = LONG_AGO,
    last: date | None = None,
    successor: UUID | None = None,
) -> DepartmentFact:
    return DepartmentFact(uuid7(), code, f"課{code}", Period(first, last), parent.id if parent else None, successor)


def test_children_follow_their_parent_in_code_order() -> None:
    hall = department("01")
    tax, welfare = department("0102", hall), department("0101", hall)
    rows = tree_on([tax, welfare, hall], date(2026, 4, 1))
    assert [(row.department.code, row.depth) for row in rows] == [("01", 0), ("0101", 1), ("0102", 1)]


def test_a_reorganisation_takes_effect_on_the_first_of_april_and_not_the_day_before() -> None:
    old = department("10", last=date(2026, 3, 31))
    new = department("11", first=date(2026, 4, 1))
    assert [row.department.code for row in tree_on([old, new], date(2026, 3, 31))] == ["10"]
    assert [row.department.code for row in tree_on([old, new], date(2026, 4, 1))] == ["11"]


def test_a_child_of_an_abolished_parent_is_shown_as_an_orphan() -> None:
    old = department("10", last=date(2026, 3, 31))
    child = department("1001", old)
    rows = tree_on([old, child], date(2026, 4, 1))
    assert [(row.department.code, row.depth, row.is_orphan) for row in rows] == [("1001", 0, True)]


def test_a_loop_in_the_data_hangs_nothing_and_hides_nobody() -> None:
    a, b = uuid7(), uuid7()
    first = DepartmentFact(a, "1", "甲", Period(LONG_AGO), b)
    second = DepartmentFact(b, "2", "乙", Period(LONG_AGO), a)
    assert [row.department.code for row in tree_on([first, second], date(2026, 4, 1))] == ["1", "2"]
    assert ancestors({a: first, b: second}, a) == [second]


def test_an_abolished_department_is_followed_through_its_successors() -> None:
    newest = department("30", first=date(2026, 4, 1))
    middle = department("20", first=date(2024, 4, 1), last=date(2026, 3, 31), successor=newest.id)
    oldest = department("10", last=date(2024, 3, 31), successor=middle.id)
    everything = {fact.id: fact for fact in (oldest, middle, newest)}
    assert current_department(everything, oldest.id, date(2026, 4, 1)) == newest
    assert current_department(everything, oldest.id, date(2025, 4, 1)) == middle
    assert current_department(everything, newest.id, date(2020, 1, 1)) is None


def test_hanging_a_department_under_its_own_child_is_seen() -> None:
    parent = department("1")
    child = department("2", parent)
    everything = {parent.id: parent, child.id: child}
    assert would_loop(everything, parent.id, child.id)
    assert would_loop(everything, parent.id, parent.id)
    assert not would_loop(everything, child.id, parent.id)


@given(st.lists(st.integers(min_value=-1, max_value=14), min_size=1, max_size=15))
def test_whatever_the_parents_every_department_in_force_is_shown_exactly_once(parents: list[int]) -> None:
    ids = [uuid7() for _ in parents]
    facts = [
        DepartmentFact(ids[n], f"{n:02}", "課", Period(LONG_AGO), ids[parent] if 0 <= parent < len(ids) else None)
        for n, parent in enumerate(parents)
    ]
    assert sorted(row.department.code for row in tree_on(facts, date(2026, 4, 1))) == [fact.code for fact in facts]
