"""Numbers and the order of due dates."""

from datetime import date

import pytest

from kakehashi.cases.domain.numbers import case_number
from kakehashi.cases.domain.phases import FAR_AWAY, LABELS, Phase, sort_date


@pytest.mark.parametrize(
    ("year", "sequence", "number"),
    [
        (2026, 1, "令和8-000001"),
        (2026, 1_000_000, "令和8-1000000"),
        (2019, 7, "令和元-000007"),
        (2018, 3, "平成30-000003"),
    ],
)
def test_number(year, sequence, number):
    assert case_number(year, sequence) == number


def test_numbers_count_from_one():
    with pytest.raises(ValueError, match="from 1"):
        case_number(2026, 0)


def test_work_without_a_due_date_stands_last():
    assert sort_date(None) == FAR_AWAY > sort_date(date(2100, 1, 1))


def test_every_phase_has_a_word():
    assert set(LABELS) == set(Phase)
