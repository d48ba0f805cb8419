"""run_work: what is too long for a request is asked for once, done as a whole by the worker, and its end is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.kernel.errors import PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.models import RoleGrant
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain import large
from kakehashi.procedures.models import Batch, BatchRow, ImportWork, Procedure, WorkState, WorkVerb
from kakehashi.procedures.services import ask_work, begin_sheet, begin_survey, run_work
from kakehashi.procedures.services.progress import ProgressTeller
from kakehashi.procedures.testing import survey_file

BATCHES, IMPORT = "/staff/procedures/inventory/batches/", "/staff/procedures/inventory/import/"


class Heard(list[str]):
    """Remembers what was told."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        self.append(stage)

    def stop(self) -> None:
        self.append("stop")


def a_list(rows: int) -> bytes:
    return ("手続名,年間件数\r\n" + "".join(f"第{n}号の届出,{n}\r\n" for n in range(rows))).encode()


def work(work_id: UUID) -> ImportWork:
    return ImportWork.objects.get(id=work_id)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything counts as long."""
    monkeypatch.setattr(large, "LONG_BYTES", 20)
    monkeypatch.setattr(large, "LONG_ROWS", 2)


def test_a_survey_by_the_pages(town: Town, client_for: Callable, short: None) -> None:
    client, key = client_for(town.officer), str(uuid7())
    data = survey_file({}, {"手続ID": "2", "総手続件数": "多数"})
    sent = [
        client.post(IMPORT, {"file": SimpleUploadedFile("調査.csv", data), "institution": "", "idempotency_key": key})
        for _ in range(2)
    ]
    assert sent[0]["Location"] == sent[1]["Location"]
    address = sent[0]["Location"].removeprefix(f"/{town.government.slug}")
    assert "順番を待っています" in client.get(address).content.decode()
    assert not Procedure.objects.exists()
    run_work(work_id=ImportWork.objects.get().id, tell=Heard())
    page = client.get(address).content.decode()
    assert "2行を読みました" in page
    assert "読めなかった行" in page
    assert "結果の一覧・元に戻す" in page
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert Notice.objects.filter(kind="procedures.imported").count() == 1


def test_a_list_is_tried_applied_and_taken_back(town: Town, client_for: Callable, short: None) -> None:
    client = client_for(town.officer)
    client.post(BATCHES, {"file": SimpleUploadedFile("一覧.csv", a_list(5))})
    batch, heard = Batch.objects.get(), Heard()
    address = f"{BATCHES}{batch.id}/"
    assert client.get(address)["Location"].endswith(f"/works/{ImportWork.objects.get().id}/")
    run_work(work_id=ImportWork.objects.get().id, tell=heard)
    assert heard == ["ファイルを読んでいます", "一行ずつ試しています", "stop"]
    assert "5件を反映する" in client.get(address).content.decode()
    for act, found in (("apply", 5), ("undo", 0)):
        first, second = client.post(f"{address}{act}/"), client.post(f"{address}{act}/")
        assert first["Location"] == second["Location"]
        run_work(work_id=ImportWork.objects.get(verb=act).id, tell=Heard())
        assert Procedure.objects.count() == found
        assert client.get(address).status_code == 200
    assert BatchRow.objects.filter(batch=batch).count() == 5


def test_what_is_no_table_is_said_and_nothing_changes(town: Town, client_for: Callable) -> None:
    asked = begin_sheet(actor=town.officer, name="x.xlsx", content=b"PK\x03\x04junk", idempotency_key=uuid7())
    run_work(work_id=asked.id, tell=Heard())
    assert (work(asked.id).state, Procedure.objects.exists()) == (WorkState.FAILED, False)
    page = client_for(town.officer).get(f"/staff/procedures/inventory/works/{asked.id}/").content.decode()
    assert "Excelのファイルを読めません" in page


def test_the_second_run_of_one_task_does_nothing(town: Town) -> None:
    asked = begin_survey(
        actor=town.officer, name="調査.csv", content=survey_file(), institution="", idempotency_key=uuid7()
    )
    assert run_work(work_id=asked.id, tell=Heard()) is not None
    assert run_work(work_id=asked.id, tell=Heard()) is None
    assert run_work(work_id=uuid7(), tell=Heard()) is None


def test_an_error_of_ours_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = begin_survey(actor=town.officer, name="x", content=survey_file(), institution="", idempotency_key=uuid7())
    monkeypatch.setattr("kakehashi.procedures.services.import_works.import_survey", lambda **_: 1 / 0)
    run_work(work_id=asked.id, tell=Heard())
    assert "システムの誤り" in work(asked.id).message


def test_permission_is_needed(town: Town) -> None:
    nobody = dataclasses.replace(town.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        begin_sheet(actor=nobody, name="x.csv", content=a_list(1), idempotency_key=uuid7())
    batch = begin_sheet(actor=town.officer, name="x.csv", content=a_list(1), idempotency_key=uuid7()).batch
    assert batch is not None
    with pytest.raises(PermissionRefused):
        ask_work(actor=nobody, batch=batch, verb=WorkVerb.TRY)


def test_the_page_refuses_and_is_unknown_next_door(cast: Cast, client_for: Callable) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        asked = begin_sheet(actor=town.officer, name="x.csv", content=a_list(1), idempotency_key=uuid7())
        RoleGrant.objects.filter(person_id=town.clerk.id).delete()
    address = f"/staff/procedures/inventory/works/{asked.id}/"
    assert client_for(town.officer).post(address).status_code == 405
    assert client_for(town.clerk).get(address).status_code == 403
    assert client_for(cast.misaki.officer).get(address).status_code == 404


def test_progress_shows_while_the_work_has_not_ended(swept_database: str, new_cast: Callable[[], Cast]) -> None:
    """Also after a worker was killed: the next one begins anew, and the page says so."""
    town = new_cast().hibari
    with tenant_scope(town.id):
        asked = begin_sheet(actor=town.officer, name="x.csv", content=a_list(3), idempotency_key=uuid7())
    for begun in (1, 2):
        with ProgressTeller(town.id, asked.id) as tell:
            tell("一行ずつ試しています", 1, 3)
            tell.stop()
        with tenant_scope(town.id):
            seen = work(asked.id)
        assert (seen.state, seen.begun, seen.done, seen.total) == (WorkState.RUNNING, begun, 1, 3)
    with tenant_scope(town.id), ProgressTeller(town.id, asked.id) as tell:
        run_work(work_id=asked.id, tell=tell)
    with tenant_scope(town.id):
        assert work(asked.id).state == WorkState.DONE
