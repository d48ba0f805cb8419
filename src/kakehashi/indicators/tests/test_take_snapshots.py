"""Snapshots: what a measure was when its period ended, once, and again only for a new definition."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from kakehashi.governments.services import switch_room
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.hooks import Direction, Measure, Statistic
from kakehashi.indicators.models import RecordedValue, SnapshotRun
from kakehashi.indicators.selectors import (
    Question,
    compute,
    count_together,
    describe,
    measure_now,
    recorded_readings,
    series,
)
from kakehashi.indicators.services import snapshots, take_snapshots
from kakehashi.indicators.tasks import first_figures
from kakehashi.kernel import clock
from kakehashi.people.models import Post

TODAY = date(2026, 11, 21)


def last_month():
    return Period.month(2026, 10)


def taken(code, period):
    return RecordedValue.objects.filter(measure_code=code, period_kind=period.kind, period_first=period.first)


def test_closed_months_and_the_closed_year(town, measures):
    assert take_snapshots(months=2, today=TODAY) > 0
    periods = {row.period.code for row in RecordedValue.objects.filter(measure_code="people.posts")}
    assert periods == {"2025", "2026", "2026-09", "2026-10"}


def test_whole_and_departments(town, measures):
    take_snapshots(months=1, today=TODAY)
    rows = taken("people.posts", last_month())
    assert {row.department_id for row in rows} == {None, town.department.id, town.other_department.id}
    assert rows.get(department=None).value == 5


def test_once(town, measures):
    take_snapshots(months=3, today=TODAY)
    with CaptureQueriesContext(connection) as queries:
        assert take_snapshots(months=3, today=TODAY) == 0
    assert len(queries) <= 6


def test_a_day_is_done_once_and_an_interrupted_one_is_not_done(town, measures, monkeypatch):
    class Interrupted(Exception):
        pass

    def interrupt(rows):
        raise Interrupted

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr(snapshots, "insert_many", interrupt)
        take_snapshots(months=2, today=TODAY)
    assert not SnapshotRun.objects.exclude(taken_on=None).exists()
    assert take_snapshots(months=2, today=TODAY) == SnapshotRun.objects.get().written > 0
    assert take_snapshots(months=1, today=TODAY) == 0
    assert take_snapshots(months=3, today=TODAY) > 0


def test_a_stock_only_in_time(town, measures):
    take_snapshots(months=2, today=TODAY)
    assert not taken("people.stock", last_month()).exists()
    take_snapshots(months=2, today=date(2026, 11, 2))
    assert taken("people.stock", last_month()).count() == 1


def test_a_closed_month_keeps_its_number(town, measures):
    take_snapshots(months=1, today=TODAY)
    Post.objects.create(name="増えた職", rank=70, valid_from=date(2020, 4, 1))
    reading = measure_now("people.posts", last_month())
    if clock.today() > last_month().last:
        assert (reading.figure.value, reading.is_live) == (5, False)


def test_a_new_version_is_a_revision(town, measures):
    take_snapshots(months=1, today=TODAY)
    measures._entries["people.posts"] = replace(measures.get("people.posts"), version=2)
    take_snapshots(months=1, today=TODAY)
    rows = taken("people.posts", last_month()).filter(department=None).order_by("revision")
    assert [(row.revision, row.measure_version, row.is_current) for row in rows] == [(1, 1, False), (2, 2, True)]


def test_a_series_is_in_order(town, measures):
    found = series(describe("people.posts"), Period.month(2026, 3), 13)
    assert (found[0].period.code, found[-1].period.code, len(found)) == ("2025-03", "2026-03", 13)


def test_the_running_year_once_a_month(town, measures):
    with clock.frozen(datetime(2026, 11, 2, tzinfo=UTC)):
        take_snapshots(months=1)
        assert take_snapshots(months=1) == 0
    Post.objects.create(name="増えた職", rank=70, valid_from=date(2020, 4, 1))
    with clock.frozen(datetime(2026, 12, 1, tzinfo=UTC)):
        take_snapshots(months=1)
    rows = taken("people.posts", Period.year(2026)).filter(department=None).order_by("revision")
    assert [(row.value, row.is_current) for row in rows] == [(5, False), (6, True)]


def test_the_final_year_after_its_end(town, measures):
    for moment in (datetime(2027, 3, 20, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)):
        with clock.frozen(moment):
            take_snapshots(months=1)
    rows = taken("people.posts", Period.year(2026)).filter(department=None)
    assert sorted(row.revision for row in rows) == [1, 2]


def test_public_readings_are_one_query_and_count_nothing(town, measures, django_assert_num_queries):
    with clock.frozen(datetime(2026, 11, 2, tzinfo=UTC)):
        take_snapshots(months=1)
    with django_assert_num_queries(1):
        found = recorded_readings(["people.posts", "people.nothing"], [Period.year(2026), Period.year(2020)])
    assert [one.figure.value for one in found["people.posts"]] == [5, None]
    assert found["people.nothing"][0].figure.value is None


@pytest.mark.parametrize("statistic", list(Statistic))
@pytest.mark.parametrize("is_share", [False, True])
def test_the_whole_its_departments_and_other_periods_in_one_go_are_what_they_are_apart(town, statistic, is_share):
    measure = Measure(
        code="people.test_posts", label="職", unit="件", direction=Direction.UP, formula_text="職を数える", version=1,
        numerator=lambda period: Post.objects.filter(rank__lte=50), statistic=statistic, value="" if statistic is Statistic.COUNT else "rank",
        denominator=(lambda period: Post.objects.all()) if is_share else None, department_path="department",
    )  # fmt: skip
    this, empty = Period.year(2026), replace(measure, numerator=lambda period: Post.objects.none(), denominator=None)
    both, nothing = count_together(
        [Question(measure, this, by_department=True), Question(empty, this, by_department=True)], with_marks=True
    )
    assert both.figure == compute(measure, this)
    assert all(figure == compute(measure, this, key) for key, figure in both.departments.items() if key)
    assert set(both.departments) == {*Post.objects.values_list("department", flat=True)}
    assert (nothing.figure, nothing.rows_count, nothing.departments) == (compute(empty, this), 0, {})


def test_a_function_of_the_row_counts_as_the_column_does(town):
    measure = Measure(
        code="people.ranks", label="順位", unit="位", direction=Direction.UP, formula_text="順位", version=1,
        numerator=lambda period: Post.objects.all(), statistic=Statistic.MEDIAN, value="rank", department_path="department",
    )  # fmt: skip
    by_column, by_function = count_together(
        [Question(one, Period.year(2026), by_department=True) for one in (measure, replace(measure, value=lambda row: row.rank))],
        with_marks=True,
    )  # fmt: skip
    assert by_column == by_function


def test_many_measures_cost_few_queries(town, measures):
    with clock.frozen(datetime(2026, 10, 2, tzinfo=UTC)):
        take_snapshots(months=1)
    with clock.frozen(datetime(2026, 11, 2, tzinfo=UTC)), CaptureQueriesContext(connection) as queries:
        assert take_snapshots(months=1) > 0
    assert len(queries) <= 13


def test_a_room_that_was_switched_on_is_counted_at_once(town):
    switch_room(actor=town.administrator, room="plans", is_on=False)
    assert not ProcrastinateJob.objects.filter(task_name="indicators.first_figures").exists()
    switch_room(actor=town.administrator, room="desk", is_on=False)
    switch_room(actor=town.administrator, room="desk", is_on=True)
    job = ProcrastinateJob.objects.get(task_name="indicators.first_figures")
    assert job.args == {"government_id": str(town.id)}
    first_figures(government_id=town.id)
    assert RecordedValue.objects.filter(measure_code__startswith="desk.").exists()
