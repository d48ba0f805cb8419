"""Sparklines and small charts: drawn by the library, inside their frame, broken at gaps, without styles of their own."""

import re
from decimal import Decimal

import pytest

from kakehashi.indicators.adapters.charts import draw_bars, draw_series, draw_spark


@pytest.mark.parametrize(
    "values", [[1, 3, None, 4, 2], [-5, -9, -1], [7], [0, 0, 0], [None, 1000, 1000.5, None]], ids=str
)
def test_a_sparkline_stays_inside_and_marks_its_end(values):
    drawn = draw_spark(tuple(None if one is None else Decimal(str(one)) for one in values), "数")
    for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", " ".join(re.findall(r' d="([^"]+)"', drawn))):
        assert 0 <= float(x) <= 96
        assert 0 <= float(y) <= 28
    assert drawn.count("<circle") == 1
    assert 'aria-label="数"' in drawn
    assert "style=" not in drawn


def test_a_gap_breaks_the_line():
    values = tuple(map(Decimal, (1, 2))), tuple(map(Decimal, (3, 4)))
    assert draw_spark((*values[0], None, *values[1]), "").count("<path") == 2


def test_nothing_to_draw():
    assert draw_spark((None, None), "") == ""
    assert draw_series([], [], []).svg == ""


def test_a_small_chart_says_what_it_shows():
    svg = draw_series(["4月", "5月", "6月"], [3, None, 4], ["3件", "なし", "4件"]).svg
    assert "3件 から 4件 まで" in svg
    assert "なし" in svg
    assert "ind-plot" in svg


def test_bars_leave_room_for_a_long_japanese_label():
    label = "オンライン化率（手続の数）"
    drawn = draw_bars([label, "件数"], [Decimal(74), Decimal(50)], "達成率")
    (left,) = re.findall(r'translate\(([\d.]+), [\d.]+\)" class="plot"', drawn)
    assert float(left) >= len(label) * 15


def test_a_bar_far_over_the_target_ends_early_but_keeps_its_number():
    drawn = draw_bars(["電子決裁率", "処理日数"], [Decimal("117.6"), Decimal(280)], "達成率", longest=150.0)
    assert "280%" in drawn
    assert "117.6%" in drawn
    assert "240%" not in drawn
