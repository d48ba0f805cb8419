"""`kakehashi snapshot`: every government once, shared among processes, and going on where it stopped."""

from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from kakehashi.indicators.models import RecordedValue
from kakehashi.indicators.services import snapshots
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.cli import snapshot


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(snapshot, "django_and_database", nullcontext)
    return lambda *words: CliRunner().invoke(snapshot.command, [*words, "--months", "1"])


def recorded(town):
    with tenant_scope(town.id):
        return RecordedValue.objects.count()


def test_an_interrupted_run_goes_on_where_it_stopped(cast, run):
    assert "1団体" in run("--part", "1/2").output
    assert sorted(recorded(town) > 0 for town in (cast.hibari, cast.misaki)) == [False, True]
    assert "1団体は記録済み" in run().output
    assert all(recorded(town) for town in (cast.hibari, cast.misaki))
    assert "2団体は記録済み" in run().output


def test_one_that_fails_stops_no_other_and_is_taken_up_again(cast, run, monkeypatch):
    wait = snapshots.insert_many

    def broken(rows):
        if rows[0].government_id == cast.hibari.id:
            raise RuntimeError("no space left")
        wait(rows)

    monkeypatch.setattr(snapshots, "insert_many", broken)
    told = run()
    assert told.exit_code != 0
    assert "ひばり町: RuntimeError: no space left" in told.output
    assert (recorded(cast.hibari), recorded(cast.misaki) > 0) == (0, True)
    monkeypatch.setattr(snapshots, "insert_many", wait)
    assert "1団体は記録済み" in run().output
    assert recorded(cast.hibari)


@pytest.mark.parametrize("words", [("--part", "3/2"), ("--part", "x"), ("--government", "nowhere")])
def test_what_is_refused(cast, run, words):
    assert run(*words).exit_code != 0
