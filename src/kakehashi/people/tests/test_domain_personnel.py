"""Personnel change: reading the order, planning the day, seeing what breaks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.departments import DepartmentFact
from kakehashi.people.domain.periods import Period
from kakehashi.people.domain.personnel_change import ChangePlan, Picture, PostFact, Staff, plan_change
from kakehashi.people.domain.personnel_csv import Order, read_orders
from kakehashi.people.domain.posts import HoldingFact

APRIL_FIRST = date(2026, 4, 1)
OLD = Period(date(2020, 4, 1))
HEADER = "職員番号,氏名,カナ,メール,発令,所属コード,職名,順位\r\n"


def order(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode("utf-8-sig")


class Hall:
    """A small town hall: a welfare chief and a tax chief, a clerk with a concurrent post."""

    def __init__(self) -> None:
        self.welfare = DepartmentFact(uuid7(), "0101", "福祉課", OLD)
        self.tax = DepartmentFact(uuid7(), "0102", "税務課", OLD)
        self.chief = PostFact(uuid7(), self.welfare.id, "課長", 30, OLD)
        self.tax_chief = PostFact(uuid7(), self.tax.id, "課長", 30, OLD)
        self.clerk = PostFact(uuid7(), self.tax.id, "主事", 70, OLD, is_single=False)
        self.sato = Staff(uuid7(), "1001", "佐藤 一郎")
        self.mori = Staff(uuid7(), "1002", "森 花子")
        self.holdings = [
            self.hold(self.sato, self.chief),
            self.hold(self.mori, self.clerk),
            self.hold(self.mori, self.tax_chief, is_primary=False),
        ]

    def hold(self, staff: Staff, post: PostFact, *, is_primary: bool = True) -> HoldingFact:
        return HoldingFact(uuid7(), staff.id, post.id, OLD, is_primary)

    def plan(self, *lines: str, on: date = APRIL_FIRST) -> ChangePlan:
        rows, problems = read_orders(order(*lines))
        assert problems == []
        picture = Picture(
            [self.welfare, self.tax], [self.chief, self.tax_chief, self.clerk], self.holdings, [self.sato, self.mori]
        )
        return plan_change(rows, picture, on)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_an_order_is_read_in_every_encoding_a_town_hall_uses(encoding: str) -> None:
    rows, problems = read_orders((HEADER + "1001,髙橋　太郎,,,異動,０１０１,課長,\r\n").encode(encoding))
    assert problems == []
    assert (rows[0].name, rows[0].department_code, rows[0].order, rows[0].line) == (
        "髙橋 太郎",
        "0101",
        Order.TRANSFER,
        2,
    )


def test_every_broken_line_is_named_and_the_good_ones_are_read() -> None:
    rows, problems = read_orders(
        order(
            "1001,,,,異動,0101,課長,",
            ",,,,異動,0101,課長,",
            "1002,,,,栄転,0101,課長,",
            "1003,,,,異動,,,",
            "1004,,,,採用,0101,主事,",
        )
    )
    assert [row.line for row in rows] == [2]
    assert [problem.line for problem in problems] == [3, 4, 5, 6]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x81", "氏名\n佐藤".encode(), b"\x00\x01"])
def test_a_file_that_is_no_order_is_refused_as_a_whole(content: bytes) -> None:
    rows, problems = read_orders(content)
    assert rows == []
    assert len(problems) == 1


def test_a_transfer_closes_the_primary_post_only_and_opens_the_new_one() -> None:
    hall = Hall()
    plan = hall.plan("1002,,,,異動,0101,課長,", "1001,,,,退職,,,")
    assert {closing.holding.id for closing in plan.closings} == {hall.holdings[0].id, hall.holdings[1].id}
    assert [(opening.person_id, opening.post_id) for opening in plan.openings] == [(hall.mori.id, hall.chief.id)]
    assert plan.problems == []
    assert plan.vacated == [hall.clerk.id]


def test_two_holders_of_a_single_post_are_a_warning_that_names_the_one_there() -> None:
    plan = Hall().plan("1002,,,,異動,0101,課長,")
    assert any("二人以上" in warning.message and "佐藤 一郎" in warning.message for warning in plan.warnings)


def test_a_concurrent_post_is_added_and_released() -> None:
    hall = Hall()
    added = hall.plan("1001,,,,兼務,0102,主事,")
    assert [(opening.post_id, opening.is_primary) for opening in added.openings] == [(hall.clerk.id, False)]
    assert added.closings == []
    released = hall.plan("1002,,,,兼務解除,0102,課長,")
    assert [closing.holding.id for closing in released.closings] == [hall.holdings[2].id]
    assert released.vacated == [hall.tax_chief.id]


def test_a_newcomer_may_take_an_existing_post_or_a_new_one_with_its_rank() -> None:
    plan = Hall().plan("2001,新井 望,アライ ノゾミ,,採用,0102,主事,", "2002,岡 光,,,採用,0102,主査,60")
    assert [hire.staff_number for hire in plan.hires] == ["2001", "2002"]
    assert [(opening.post_name, opening.rank, opening.post_id is None) for opening in plan.openings] == [
        ("主事", 70, False),
        ("主査", 60, True),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("9999,,,,異動,0101,課長,",),
        ("1001,佐藤,,,採用,0101,課長,",),
        ("1001,,,,異動,9999,課長,",),
        ("1001,,,,異動,0101,主査,",),
        ("1001,,,,兼務解除,0102,課長,",),
        ("1001,,,,異動,0102,主事,", "1001,,,,退職,,,"),
        ("1001,,,,退職,,,", "1001,,,,兼務,0102,主事,"),
        ("2001,新,,,採用,0102,主事,", "2001,新,,,採用,0102,主事,"),
    ],
)
def test_an_impossible_order_is_a_problem_on_its_line(lines: tuple[str, ...]) -> None:
    assert len(Hall().plan(*lines).problems) == 1


def test_a_department_that_begins_on_the_day_counts_and_one_that_ended_on_the_eve_does_not() -> None:
    hall = Hall()
    hall.welfare = DepartmentFact(hall.welfare.id, "0101", "福祉課", Period(date(2020, 4, 1), date(2026, 3, 31)))
    assert len(hall.plan("1002,,,,異動,0101,課長,").problems) == 1
    hall.welfare = DepartmentFact(hall.welfare.id, "0101", "福祉課", Period(APRIL_FIRST))
    assert hall.plan("1002,,,,異動,0101,課長,").problems == []


def test_a_name_that_differs_is_a_warning() -> None:
    plan = Hall().plan("1001,佐藤 二郎,,,異動,0102,主事,")
    assert any("佐藤 二郎" in warning.message for warning in plan.warnings)
    assert not any("違います" in warning.message for warning in Hall().plan("1001,佐藤　一郎,,,退職,,,").warnings)


@given(st.binary(max_size=400))
def test_no_bytes_raise(content: bytes) -> None:
    rows, problems = read_orders(content)
    assert isinstance(rows, list)
    assert isinstance(problems, list)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1001", "1002", "2001", ""]),
            st.sampled_from(["異動", "兼務", "兼務解除", "採用", "退職", "?"]),
            st.sampled_from(["0101", "0102", "9"]),
            st.sampled_from(["課長", "主事", "主査"]),
        ),
        max_size=8,
    )
)
def test_nothing_is_closed_twice_and_only_live_holdings_are_closed(lines: list[tuple[str, str, str, str]]) -> None:
    hall = Hall()
    rows, _ = read_orders(order(*[f"{number},新,,,{word},{code},{post}," for number, word, code, post in lines]))
    picture = Picture(
        [hall.welfare, hall.tax], [hall.chief, hall.tax_chief, hall.clerk], hall.holdings, [hall.sato, hall.mori]
    )
    plan = plan_change(rows, picture, APRIL_FIRST)
    closed: list[UUID] = [closing.holding.id for closing in plan.closings]
    assert len(closed) == len(set(closed))
    assert set(closed) <= {holding.id for holding in hall.holdings}
