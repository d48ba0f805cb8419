"""Charts: inside their frame, broken at gaps, honest about zero."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.indicators.domain.chart import draw, spark

NUMBERS = st.lists(st.none() | st.decimals(-1000, 1000, places=1), max_size=30)


@given(NUMBERS, NUMBERS)
def test_everything_stays_inside(values, targets):
    labels = [str(place) for place in range(len(values))]
    chart = draw(labels, values, labels, targets[: len(values)])
    for mark in (*chart.marks, *chart.targets):
        assert 0 <= mark.x <= chart.width
        assert 0 <= mark.y <= chart.height


@given(NUMBERS)
def test_a_sparkline_stays_inside(values):
    lines, last = spark(values)
    points = [point for line in lines for point in line.split()] + ([f"{last[0]},{last[1]}"] if last else [])
    for point in points:
        x, y = map(float, point.split(","))
        assert 0 <= x <= 96
        assert 0 <= y <= 28


def test_a_gap_breaks_the_line():
    chart = draw(list("abcde"), [Decimal(1), Decimal(2), None, Decimal(3), Decimal(4)], list("abcde"))
    assert len(chart.lines) == 2
    assert [label for _, label in chart.axis] == list("abcde")


def test_a_percentage_has_its_full_height():
    chart = draw(["a"], [Decimal(50)], ["50%"], ceiling=Decimal(100))
    assert chart.top_text == "100"
    assert chart.marks[0].y == (chart.floor + 24) / 2


def test_nothing_to_draw():
    assert draw([], [], []).summary == ""
    assert spark([None, None]) == ([], None)
