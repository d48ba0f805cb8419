"""Figures: counts, shares, medians, weights, and the ways of having no number."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kakehashi.governments.services import switch_room
from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.domain.measure import Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import NoSuchMeasure, by_department, compute, describe, measure_now, rows_behind
from kakehashi.kernel import clock
from kakehashi.people.models import Post

BEFORE = Period.year(2010)
ROOM_OFF = "plans"


def test_a_count(town, measures):
    reading = measure_now("people.posts")
    assert (reading.figure.value, reading.is_live) == (Decimal(5), True)


def test_a_share_says_what_it_was_made_of(town, measures):
    figure = measure_now("people.manager_share").figure
    assert (figure.value, figure.numerator, figure.denominator) == (Decimal("40.0"), 2, 5)


def test_a_median(town, measures):
    assert measure_now("people.rank").figure.value == Decimal(50)


def test_zero_is_a_number(town, measures):
    figure = compute(measures.get("people.posts"), BEFORE)
    assert (figure.state, figure.value) == (FigureState.ZERO, 0)


@pytest.mark.parametrize("code", ["people.manager_share", "people.rank"])
def test_nothing_to_count_is_not_zero(town, measures, code):
    figure = compute(measures.get(code), BEFORE)
    assert (figure.state, figure.value) == (FigureState.NOT_APPLICABLE, None)


def test_unknown_rows_are_counted_apart(town, measures):
    unknown = replace(measures.get("people.manager_share"), unknown=lambda period: Post.objects.all())
    assert compute(unknown, BEFORE).state is FigureState.UNKNOWN
    assert compute(unknown, Period.year(2026)).unknown_count == 5


@pytest.mark.parametrize("value", ["rank", lambda row: row.rank])
@pytest.mark.parametrize(
    ("statistic", "number"), [(Statistic.SUM, "220"), (Statistic.MEAN, "44"), (Statistic.MEDIAN, "50")]
)
def test_statistics_in_sql_and_in_python_agree(town, measures, statistic, number, value):
    measure = replace(measures.get("people.posts"), statistic=statistic, value=value)
    assert compute(measure, Period.year(2026)).value == Decimal(number)


@pytest.mark.parametrize("value", ["rank", lambda row: row.rank])
def test_a_weighted_share(town, measures, value):
    measure = replace(measures.get("people.manager_share"), value=value)
    assert compute(measure, Period.year(2026)).value == Decimal("22.7")


@pytest.mark.parametrize("value", ["rank", lambda row: row.rank])
def test_departments_agree_with_the_rows(town, measures, value):
    for measure in (
        measures.get("people.manager_share"),
        replace(measures.get("people.rank"), value=value),
    ):
        measures_by_department = by_department(describe(measure.code), Period.year(2026))
        for key, figure in measures_by_department.items():
            if key is not None:
                assert figure == compute(measure, Period.year(2026), key)
        assert None in measures_by_department


def test_a_figure_and_its_rows_are_the_same_rows(town, measures):
    period = Period.year(2026)
    for code in ("people.posts", "people.manager_share"):
        figure = compute(measures.get(code), period)
        counted = figure.numerator if figure.numerator is not None else figure.value
        assert rows_behind(measures.get(code), period).count() == counted
    assert rows_behind(measures.get("people.posts"), period, RowPart.DENOMINATOR).count() == 0


def test_a_stock_of_the_past_is_not_invented(town, measures):
    assert measure_now("people.stock", Period.year(2020)).figure.state is FigureState.NOT_SURVEYED
    assert measure_now("people.stock").figure.value == 2


def test_the_future_is_not_counted(town, measures):
    assert measure_now("people.posts", Period.year(2090)).figure.state is FigureState.NOT_SURVEYED


def test_the_month_of_the_clock(town, measures):
    with clock.frozen(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)):
        assert measure_now("people.posts").period == Period.year(2026)


def test_an_unknown_code(town, measures):
    for code in ("people.nothing", "manual.x", "", "manual.00000000000070008000000000000000"):
        with pytest.raises(NoSuchMeasure):
            describe(code)


def test_a_room_that_is_off_has_no_measures(town, measures):
    measure = replace(measures.get("people.posts"), code=f"{ROOM_OFF}.posts")
    measures.register(measure.code, measure)
    assert describe(measure.code).label == "職の数"
    switch_room(actor=town.administrator, room=ROOM_OFF, is_on=False)
    with pytest.raises(NoSuchMeasure):
        describe(measure.code)


@pytest.mark.parametrize("wrong", [{"code": "posts"}, {"statistic": Statistic.SUM}, {"direction": "sideways"}])
def test_a_bad_definition_is_refused(measures, wrong):
    with pytest.raises(ValueError):
        replace(measures.get("people.posts"), **wrong)


def test_a_denominator_has_a_policy(measures):
    measure: Measure = measures.get("people.manager_share")
    assert measure.policy_text == "分母は対象のすべてです。"
    assert replace(measure, denominator_policy="紙だけの手続は除く").policy_text == "紙だけの手続は除く"
