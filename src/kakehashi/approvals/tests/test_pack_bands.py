"""Bands of money: 以上, を超える, 以下, 未満 in whole yen; gaps and overlaps are exact."""

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.approvals.domain.packs.bands import Band, gaps, overlaps

AMOUNTS = st.integers(0, 40)


@st.composite
def bands(draw: st.DrawFn) -> Band:
    start = draw(AMOUNTS)
    below = draw(st.none() | st.integers(0, 41))
    return Band(start, below)


def test_the_four_words_are_half_open_intervals() -> None:
    assert Band.of(1_000_000, "gt", 5_000_000, "le") == Band(1_000_001, 5_000_001)
    assert Band.of(1_000_000, "ge", 5_000_000, "lt") == Band(1_000_000, 5_000_000)
    assert Band.of(None, "", 500_000, "le").covers(500_000)
    assert not Band.of(None, "", 500_000, "lt").covers(500_000)
    assert not Band.of(500_000, "gt", None, "").covers(500_000)


def test_neighbours_up_to_and_above_neither_meet_nor_leave_a_yen() -> None:
    pair = [Band.of(None, "", 500_000, "le"), Band.of(500_000, "gt", None, "")]
    assert (gaps(pair), overlaps(pair)) == ([], [])


def test_wrong_neighbours_meet_in_one_yen_or_leave_one() -> None:
    assert [both for *_, both in overlaps([Band.of(None, "", 9, "le"), Band.of(9, "ge", None, "")])] == [Band(9, 10)]
    assert gaps([Band.of(None, "", 9, "lt"), Band.of(9, "gt", None, "")]) == [Band(9, 10)]


@given(st.lists(bands(), max_size=6))
def test_gaps_are_exactly_what_nobody_covers(those: list[Band]) -> None:
    holes = gaps(those)
    for amount in range(45):
        assert any(hole.covers(amount) for hole in holes) != any(band.covers(amount) for band in those)


@given(st.lists(bands(), max_size=6))
def test_overlaps_are_exactly_what_two_cover(those: list[Band]) -> None:
    found = {(first, second) for first, second, _ in overlaps(those)}
    for first in range(len(those)):
        for second in range(first + 1, len(those)):
            both = any(those[first].covers(a) and those[second].covers(a) for a in range(45))
            assert ((first, second) in found) == both
