"""動作の状態: every line says what it is, how it is, and what to do."""

from datetime import timedelta

import pytest

from kakehashi.indicators.models import SnapshotRun
from kakehashi.indicators.services import take_snapshots
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site import status_page
from kakehashi.site.health import Probe
from kakehashi.site.models import BackupRun
from kakehashi.site.permissions import SitePermission
from kakehashi.site.status_page import BAD, CARE, GOOD, status_lines, summary


def test_the_page_is_reached_from_the_settings_and_says_what_to_do(cast, client_for):
    client = client_for(cast.hibari.administrator)
    assert "/staff/status/" in client.get("/staff/people/").content.decode()
    text = client.get("/staff/status/").content.decode()
    for words in ("裏方の仕事", "動いていません。", "まだ一度も取っていません。", "操作の記録の封印", "要対応"):
        assert words in text


def test_only_those_who_may(cast, client_for):
    from kakehashi.people.models import Role

    with tenant_scope(cast.hibari.id):
        for role in Role.objects.all():
            role.permissions = [p for p in role.permissions if p != SitePermission.SEE_STATUS]
            role.save()
    client = client_for(cast.hibari.clerk)
    assert client.get("/staff/status/").status_code == 403
    assert client_for(cast.hibari.administrator).post("/staff/status/").status_code in (403, 405)


@pytest.mark.parametrize("name", sorted(status_page._WORDS))
def test_every_trouble_comes_with_advice(name):
    line = status_page._WORDS[name](Probe(name, is_ok=False, value=7200, unit="seconds"))
    assert line.level != GOOD
    assert line.purpose
    assert line.state
    assert line.advice
    assert status_page._WORDS[name](Probe(name, is_ok=True, value=0, unit="seconds")).level == GOOD


def test_a_backup_that_never_ran_is_not_called_right(town):
    levels = {line.title: line.level for line in status_lines(town.government)}
    assert (levels["控え（バックアップ）"], levels["控えの取り方"]) == (CARE, CARE)


def test_a_backup_that_failed_and_an_old_one_are_told(town):
    now = clock.now()
    BackupRun.objects.create(started_at=now - timedelta(days=3), finished_at=now - timedelta(days=3))
    BackupRun.objects.create(started_at=now, finished_at=now, error="OSError: no space left")
    states = {line.title: (line.level, line.state) for line in status_lines(town.government)}
    assert states["控え（バックアップ）"] == (BAD, "最新の控えは3日前のものです。")
    assert states["控えの取り方"] == (BAD, "最後の控えは失敗しました。")


def test_a_backup_that_runs_and_one_that_was_cut_off_are_told_apart(town):
    run = BackupRun.objects.create()
    told = {line.title: line.state for line in status_lines(town.government)}
    assert told["控えの取り方"] == "いま取っています。"
    assert told["ウイルス検査"].startswith("検査していません")
    BackupRun.objects.filter(pk=run.pk).update(started_at=clock.now() - timedelta(hours=7))
    told = {line.title: line.state for line in status_lines(town.government)}
    assert told["控えの取り方"] == "最後の控えは途中で止まりました。"


def test_the_worst_stands_on_top_and_in_the_summary(town):
    lines = status_lines(town.government)
    assert lines[0].level == BAD
    assert summary(lines).level == BAD
    assert summary([line for line in lines if line.level == GOOD]).state.startswith("すべて正しく")


def test_how_far_the_figures_are_and_when_they_are_late(cast):
    def told():
        with tenant_scope(cast.hibari.id):
            line = next(one for one in status_lines(cast.hibari.government) if one.title == "指標の記録")
        return line.level, line.state

    assert told() == (
        GOOD,
        "今日の分を記録しています（2団体のうち0団体が済み）。この団体は、これから初めて記録します。",
    )
    with tenant_scope(cast.hibari.id):
        take_snapshots(months=1)
    assert "2団体のうち1団体が済み" in told()[1]
    with tenant_scope(cast.hibari.id):
        SnapshotRun.objects.update(taken_on=clock.today() - timedelta(days=5))
    assert told()[0] == CARE
    assert "5日たっています" in told()[1]
