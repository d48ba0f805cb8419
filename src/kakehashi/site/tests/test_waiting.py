"""Sweeps ask once who has work: the walls between governments stand, and quiet ones cost nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from kakehashi.cases.testing import sample_case
from kakehashi.indicators.models import SnapshotRun
from kakehashi.indicators.services import take_snapshots
from kakehashi.kernel import clock
from kakehashi.kernel.queue import Sweep, governments_with_work, sweeps
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.site.cli import worker

WITH_A_QUERY = [each for each in sweeps() if each.waiting]


@pytest.mark.parametrize("sweep", WITH_A_QUERY, ids=lambda each: each.name)
def test_every_query_names_governments_from_outside_any_scope(cast: Cast, sweep: object) -> None:
    # Only the daily figures, and those that were never shared, wait in a government that has nothing yet.
    is_daily = sweep.name in {"indicators.snapshots", "plans.shared_figures"}  # type: ignore[attr-defined]
    waiting = {cast.hibari.id, cast.misaki.id} if is_daily else set()
    assert governments_with_work(sweep) == waiting  # type: ignore[arg-type]


def test_only_who_has_work_is_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(cast.hibari.id):
        sample_case(cast.hibari)
    number = next(each for each in sweeps() if each.name == "cases.number")
    assert governments_with_work(number) == {cast.hibari.id}
    ran: list[tuple[str, object]] = []
    monkeypatch.setattr(worker, "_run_one", lambda sweep, government_id: ran.append((sweep.name, government_id)))
    worker.Sweeper().run_due()
    assert [government for name, government in ran if name == "cases.number"] == [cast.hibari.id]
    assert {government for name, government in ran if name == "journal.seal"} == {cast.hibari.id, cast.misaki.id}


def test_a_government_whose_figures_are_recorded_does_not_wait(cast: Cast) -> None:
    figures = next(each for each in sweeps() if each.name == "indicators.snapshots")
    with tenant_scope(cast.hibari.id):
        take_snapshots(months=1)
    assert governments_with_work(figures) == {cast.misaki.id}
    with tenant_scope(cast.hibari.id):
        SnapshotRun.objects.update(taken_on=clock.today() - timedelta(days=1))
    assert governments_with_work(figures) == {cast.hibari.id, cast.misaki.id}


def test_long_sweeps_run_apart_from_those_people_wait_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(worker, "_run_one", lambda sweep, government_id: ran.append(sweep.name))
    worker.Sweeper(since=600).run_due()
    slow = set(ran)
    ran.clear()
    worker.Sweeper(until=600).run_due()
    assert "indicators.snapshots" in slow
    assert "journal.seal" in ran
    assert not slow & set(ran)


def test_the_worker_may_ask_and_not_change_the_question(cast: Cast) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION kakehashi_waiting_cases_number() RETURNS SETOF uuid LANGUAGE sql AS 'SELECT NULL::uuid'"
        )


def test_a_patient_sweep_waits_while_the_processors_are_busy(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stat, moment, ran = tmp_path / "stat", [0.0], []
    stat.write_text("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1\n")
    busy = worker.BusyProcessors(stat)
    monkeypatch.setattr("kakehashi.site.cli.worker.time.monotonic", lambda: moment[0])
    monkeypatch.setattr("kakehashi.kernel.queue.sweeps", lambda: [Sweep("a.b", 2, print, "", 10)])
    monkeypatch.setattr(worker, "_run_one", lambda *_: ran.append(moment[0]))
    monkeypatch.setattr(worker, "_tenant_ids", lambda: [None])
    sweeper = worker.Sweeper(busy)
    for moment[0], ticks in (
        (1.0, "150 0 150 800"),
        (4.0, "200 0 200 801"),
        (12.0, "250 0 250 802"),
        (15.0, "260 0 260 990"),
    ):
        stat.write_text(f"cpu  {ticks} 0 0 0 0 0 0\n")
        sweeper.run_due()
    assert ran == [1.0, 12.0, 15.0]


def test_what_was_promised_is_kept_on_a_busy_machine() -> None:
    longest = {each.name: each.patience for each in sweeps() if each.patience > each.seconds}
    assert longest == {
        "cases.number": 10,
        "journal.seal": 7,
        "notices.claim_due_notices": 15,
        "search.index_pending": 30,
    }


def test_what_sweeps_and_tasks_enqueue_is_in_their_own_transaction_beside_a_worker_too() -> None:
    from procrastinate.contrib.django import app

    before = app.connector
    working = worker.working_app()
    assert (app.connector is before, app.job_manager.connector is before) == (True, True)
    assert working.connector is not before
    assert working.tasks["notices.deliver_notice"].blueprint.job_manager.connector is before
