"""Where a series is going, and the drawing of it: honest about gaps, no script and no style inside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.indicators.adapters.charts import Plot, draw
from kakehashi.indicators.domain.anomalies import AnomalyKind, Counted, odd_about
from kakehashi.indicators.domain.forecast import forecast

NUMBERS = st.lists(st.none() | st.decimals(0, 100, places=1), max_size=12)


def test_a_straight_line_goes_on():
    found = forecast([Decimal(10), Decimal(20), None, Decimal(40)], 2)
    assert (found.values, found.lows, found.points) == (
        (Decimal("50.0"), Decimal("60.0")),
        (Decimal("50.0"), Decimal("60.0")),
        3,
    )
    assert "3点" in found.method


@given(NUMBERS, st.integers(1, 4))
def test_a_forecast_stays_in_its_range(values, ahead):
    found = forecast(values, ahead, is_percent=True)
    if found is None:
        assert sum(value is not None for value in values) < 3
        return
    for low, value, high in zip(found.lows, found.values, found.highs, strict=True):
        assert 0 <= low <= value <= high <= 100


@given(NUMBERS, NUMBERS)
def test_a_plot_carries_nothing_the_policy_refuses(values, targets):
    labels = [str(place) for place in range(12)]
    svg = draw(Plot(labels, {"actual": values, "target": targets}, title="<b>", unit="%"))
    for refused in ("<style", "<script", "style=", "<!--", "onclick", "<b>"):
        assert refused not in svg
    assert (svg == "") == (not [one for one in (*values, *targets) if one is not None])


def test_no_number_is_a_word_and_breaks_the_line():
    lines = {"actual": [Decimal(1), Decimal(2), None, Decimal(3), Decimal(4)]}
    svg = draw(Plot(list("abcde"), lines, words=["", "", "対象外", "", ""], title="x"))
    assert "対象外" in svg
    path = svg.split('class="series serie-0')[1].split("</g>")[0]
    assert path.count("M") >= 2


def test_a_name_is_no_markup():
    svg = draw(Plot(["<script>"], {"actual": [Decimal(1)]}, title='"><script>'))
    assert "<script" not in svg


@pytest.mark.parametrize(
    ("former", "present", "is_closed", "kind"),
    [
        ((5, 5, 1), (5, 5, 1), True, None),
        ((5, 5, 1), (6, 6, 2), False, None),
        ((5, 5, 1), (6, 6, 2), True, AnomalyKind.CLOSED_MOVED),
        ((5, 5, 1), (6, 5, 1), False, AnomalyKind.MOVED_WITHOUT_ROWS),
        ((0, 0, 0), (3, 0, 0), False, AnomalyKind.NO_ROWS),
        ((5, None, None), (6, 5, 1), False, None),
    ],
)
def test_what_is_odd(former, present, is_closed, kind):
    def counted(value, count, mark):
        return Counted(Decimal(value), count, mark)

    assert odd_about(counted(*former), counted(*present), is_closed=is_closed) is kind
