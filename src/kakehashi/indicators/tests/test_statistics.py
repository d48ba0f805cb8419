"""Small statistics against worked values."""

import pytest

from kakehashi.indicators.domain.interrupted import before_after, movement
from kakehashi.indicators.domain.statistics import (
    distribution,
    least_squares,
    mean_range,
    median_range,
    quantile,
    t95,
    wilson,
)


def test_wilson_gives_the_published_ranges():
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3.
    for hits, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):  # fmt: skip
        found = wilson(hits, of)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert wilson(0, 0) is None


def test_quartiles_lie_between_neighbours_as_in_a_spreadsheet():
    assert [quantile([1, 2, 4, 7, 8, 9, 10, 12], share) for share in (0.25, 0.5, 0.75)] == [3.5, 7.5, 9.25]
    assert distribution([5.0]).median == 5
    assert distribution([]) is None


def test_the_range_of_a_median_comes_from_the_order():
    # Conover, Practical Nonparametric Statistics: of 10 values the 2nd and the 9th, of 16 the 4th and the 13th.
    assert (median_range(range(1, 11)).low, median_range(range(1, 11)).high) == (2, 9)
    assert (median_range(range(1, 17)).low, median_range(range(1, 17)).high) == (4, 13)
    assert median_range([1, 2, 3, 4, 5]) is None
    assert (median_range(range(1, 7)).low, median_range(range(1, 7)).high) == (1, 6)


@pytest.mark.parametrize(("degrees", "value"), [(1, 12.706), (10, 2.228), (30, 2.042), (40, 2.021), (120, 1.980)])
def test_students_t(degrees, value):
    assert t95(degrees) == pytest.approx(value, abs=0.001)


def test_least_squares_gives_the_certified_values():
    # Worked by hand: y = 1 + 2x with errors +1, -1, -1, +1 at x = 0 … 3, so that s² = 4 / 2, Σx² = 14 and Σ(x - x̄)² = 5.
    fit = least_squares([(1.0, float(x)) for x in range(4)], [2.0, 2.0, 4.0, 8.0])
    assert fit.coefficients == pytest.approx((1.0, 2.0))
    assert fit.errors == pytest.approx(((0.7 * 2) ** 0.5, (2 / 5) ** 0.5))
    with pytest.raises(ValueError, match="freedom"):
        least_squares([(1.0, 0.0), (1.0, 1.0)], [1.0, 2.0])
    with pytest.raises(ValueError, match="too little"):
        least_squares([(1.0, 1.0)] * 4, [1.0, 2.0, 3.0, 4.0])


def test_a_mean_has_its_range():
    found = mean_range([4.0, 6.0, 8.0])
    assert (found.low, found.high) == pytest.approx((6 - 4.303 * (4 / 3) ** 0.5, 6 + 4.303 * (4 / 3) ** 0.5))
    assert mean_range([1.0, 2.0]) is None


WIGGLE = (0.4, -0.3, 0.1, -0.2, 0.3, -0.3, 0.2, -0.1)


def series(jump, bend, length=16, day=8):
    return [10 + 0.5 * (t - day) + (jump + bend * (t - day) if t >= day else 0) + WIGGLE[t % 8] for t in range(length)]


def test_a_jump_and_a_bend_come_out_with_their_ranges():
    found = before_after(series(5, 1), 8).segments
    assert found.jump.value == pytest.approx(5, abs=0.6)
    assert found.bend.value == pytest.approx(1, abs=0.2)
    assert found.jump.is_sure
    assert found.bend.is_sure
    assert found.trend_before.range.holds(0.5)
    assert found.trend_after.range.holds(1.5)
    assert found.trend_after.value == pytest.approx(found.trend_before.value + found.bend.value)


def test_a_trend_that_only_goes_on_is_no_effect():
    found = before_after(series(0, 0), 8)
    assert found.median_after > found.median_before
    assert not found.segments.jump.is_sure
    assert not found.segments.bend.is_sure


def test_months_that_resemble_their_neighbours_widen_the_range():
    slow = [0, 1, 2, 2, 1, 0, -1, -2, -2, -1, 0, 1, 2, 2, 1, 0, -1, -2, -2, -1]
    assert before_after([float(one) for one in slow], 10).segments.widening > 1.2


def test_too_few_months_say_so_and_judge_nothing():
    found = before_after([1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0], 3)
    assert found.segments is None
    assert "前が2か月、後が4か月" in found.why_not
    assert (found.median_before, found.median_after) == (1.5, 5.5)


def test_the_month_of_the_day_is_left_out():
    assert before_after([1.0] * 7 + [99.0] + [1.0] * 6, 8, skipped=7).count_before == 7


def test_the_same_months_of_last_year_are_compared():
    values = [float(one) for one in range(12)] + [one + 3.0 for one in range(6)]
    found = before_after(values, 12).seasonal
    assert [at for at, _, _ in found.pairs] == [12, 13, 14, 15, 16, 17]
    assert found.mean == 3
    assert (found.range.low, found.range.high) == (3, 3)


def test_what_does_not_move_is_told_from_what_moves():
    assert movement([10.0, 10.2, 9.9, 10.1, 9.8, 10.0, 10.1, 9.9], "up").words == "動いたと言えません"
    assert movement([1.0, 2.1, 2.9, 4.2, 5.0, 6.1], "up").is_wanted
    assert movement([6.0, 5.1, 3.9, 3.2, 2.0, 0.9], "up").words == "望む向きと逆に動いています"
    assert movement([6.0, 5.1, 3.9, 3.2, 2.0, 0.9], "down").is_wanted
    assert movement([5.0] * 8, "up").words == "動いたと言えません"
    assert movement([1.0, None, 2.0, 3.0, None, 4.0], "up") is None
