"""The API of the inventory: tried first, applied as one act, once for one key, inside the key's department, and taken back."""

import json
from datetime import timedelta

import pytest

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Department
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import powerful
from kakehashi.procedures.models import Procedure, Stage
from kakehashi.procedures.permissions import ProceduresPermission as May
from kakehashi.procedures.services import close_procedure
from kakehashi.procedures.testing import a_procedure, an_online_procedure

BATCHES = "/api/v1/procedures/batches/"
INVENTORY = "/api/v1/procedures/inventory/"
ALL = (May.READ_INVENTORY, May.EDIT_INVENTORY, May.OPEN_PROCEDURE)


@pytest.fixture
def ask(town, client_for):
    def call(path, body=None, permissions=ALL, **others):
        valid_to = clock.today() + timedelta(days=30)
        text = issue_api_token(
            actor=powerful(town.administrator), name="台帳", permissions=permissions, valid_to=valid_to, **others
        )[1]
        headers = {"authorization": f"Bearer {text}"}
        client = client_for(town)
        if body is None:
            return client.get(path, headers=headers)
        return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

    return call


def body(*rows: dict, dry_run: bool = False, **others: object) -> dict:
    return {"rows": list(rows), "dry_run": dry_run, "idempotency_key": str(uuid7())} | others


def test_tried_applied_and_taken_back(town, ask) -> None:
    rows = ({"name": "死亡届", "legal_basis": "戸籍法", "volume": 5}, {"name": ""})
    tried = ask(BATCHES, body(*rows, dry_run=True)).json()
    assert (tried["id"], tried["state"], tried["counts"]) == (None, "dry_run", {"new": 1})
    assert not Procedure.objects.exists()
    sent = body(*rows)
    done = ask(BATCHES, sent).json()
    assert (done["state"], Procedure.objects.get().volume) == ("applied", 5)
    assert ask(BATCHES, sent).json() == done
    assert ask(f"{BATCHES}{done['id']}/").json() == done
    assert ask(f"{BATCHES}{done['id']}/undo/", {}).json()["state"] == "undone"
    assert not Procedure.objects.exists()


def test_what_is_read_goes_back_unchanged(town, ask) -> None:
    an_online_procedure(town)
    entry = ask(INVENTORY).json()["entries"][0]
    assert ask(BATCHES, body(entry["cells"])).json()["state"] == "nothing"


def test_publishing_goes_through_the_gates_and_takes_its_permission(town, ask) -> None:
    ready = close_procedure(actor=town.officer, procedure=an_online_procedure(town))
    bare = a_procedure(town.officer, "道路占用許可", legal_basis="道路法")
    rows = ({"id": str(ready.id), "act": "公開"}, {"id": str(bare.id), "act": "公開"})
    without = ask(BATCHES, body(*rows, dry_run=True), (May.EDIT_INVENTORY,)).json()
    assert {row["state"] for row in without["rows"]} == {"wrong"}
    done = ask(BATCHES, body(*rows)).json()
    assert [row["state"] for row in done["rows"]] == ["change", "wrong"]
    assert "様式を作って" in done["rows"][1]["text"]
    assert ask(f"{INVENTORY}{bare.id}/opening/", {}).status_code == 422
    assert ask(f"{INVENTORY}{ready.id}/closing/", {}).json()["stage"] == Stage.REVIEWED
    assert ask(f"{INVENTORY}{ready.id}/opening/", {}).json()["missing"] == []


def test_a_key_of_a_section_touches_its_own_only(town, ask) -> None:
    other = Department.objects.create(code="88", name="別の課", valid_from=clock.today())
    mine = a_procedure(town.officer, "死亡届", department=town.department)
    theirs = a_procedure(town.officer, "出生届", department=other)
    own = {"department": town.department}
    assert [each["id"] for each in ask(INVENTORY, **own).json()["entries"]] == [str(mine.id)]
    rows = (
        {"id": str(mine.id), "fee": "無料"}, {"id": str(theirs.id), "fee": "無料"}, {"id": str(theirs.id), "department": town.department.name},
        {"name": "婚姻届"}, {"name": "離婚届", "department": town.department.name}, {"id": str(mine.id), "department": "別の課"},
    )  # fmt: skip
    found = [row["state"] for row in ask(BATCHES, body(*rows, dry_run=True), **own).json()["rows"]]
    assert found == ["change", "wrong", "duplicate", "wrong", "new", "duplicate"]
    assert ask(f"{INVENTORY}{theirs.id}/closing/", {}, **own).status_code == 404
    whole = ask(BATCHES, body({"id": str(theirs.id), "fee": "無料"})).json()
    assert ask(f"{BATCHES}{whole['id']}/", **own).status_code == 404


def test_bad_bodies(town, ask, cast) -> None:
    for wrong in ({}, {"rows": []}, body({"nothing": "x"}), body({"name": ["x"]})):
        assert ask(BATCHES, wrong).status_code == 422
    with tenant_scope(cast.hibari.id):
        assert not Procedure.objects.exists()
