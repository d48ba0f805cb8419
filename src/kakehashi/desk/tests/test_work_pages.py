"""The work on a consultation, the tools and the issues, as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kakehashi.desk.models import Consultation, CrossIssue, DeskTask, SolutionOption, Tool
from kakehashi.desk.services import merge_consultations, raise_issue
from kakehashi.desk.testing import assigned, filed, with_purpose
from kakehashi.desk.tests.test_pages import page
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast

Clients = Callable[..., Any]


def test_options_come_in_their_order_on_the_page(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        unclear, found = filed(cast.hibari, purpose=""), with_purpose(cast.hibari)
    client, base = client_for(cast.hibari.officer), f"/staff/desk/{found.id}/"
    assert "解決の案" not in page(client, f"/staff/desk/{unclear.id}/")
    assert "この業務を丸ごとやめたら" in page(client, base)
    refused = client.post(f"{base}option/", {"step": "simplify", "text": "RPA", "migration_hours": "1", "act": "fit"})
    assert refused.status_code == 422
    assert client.post(f"{base}option/", {"step": "discontinue", "text": "条例", "act": "none"}).status_code == 302
    client.post(f"{base}option/", {"step": "eliminate", "text": "転記をやめる", "migration_hours": "2", "act": "fit"})
    with tenant_scope(cast.hibari.id):
        option = SolutionOption.objects.get(is_fit=True)
    assert (
        client.post(f"/staff/desk/options/{option.id}/decide/", {"choice": "chosen", "reason": "早い"}).status_code
        == 302
    )
    assert "移行の手間2時間" in page(client, base)
    assert client_for(cast.misaki.officer).post(f"/staff/desk/options/{option.id}/decide/", {}).status_code == 404


def test_cause_task_wait_escalation_and_split_on_the_page(client_for: Clients, cast: Cast) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        found = assigned(town)
    client, base = client_for(town.officer), f"/staff/desk/{found.id}/"
    owner = str(town.other_department.id)
    bad = client.post(f"{base}cause/", {"category": "rule", "text": "押印", "why1": "紙だから"})
    assert (bad.status_code, "紙だから" in bad.content.decode()) == (422, True)
    good = {
        "category": "rule",
        "text": "押印",
        "regulation": "規程",
        "article": "第3条",
        "owner": owner,
        "why1": "紙だから",
    }
    assert client.post(f"{base}cause/", good).status_code == 302
    assert client.post(f"{base}task/", {"text": "条を読む", "assignee": str(town.officer.id)}).status_code == 302
    assert client.post(f"{base}escalate/", {"to": str(town.manager.id), "reason": "やめてよいか"}).status_code == 302
    split = {"part_id": str(uuid7()), "task": "鍵", "problem": "鍵がない", "reason": "別の話"}
    assert client.post(f"{base}split/", split).status_code == 302
    shown = page(client, base)
    assert all(words in shown for words in ("第3条", "条を読む", "やめてよいか", "分けた相談"))
    assert "あなたの返事を待っている相談" in page(client_for(town.manager), "/staff/desk/")
    with tenant_scope(town.id):
        task, escalation = DeskTask.objects.get(text="条を読む"), found.escalations.get()
    assert client.post(f"/staff/desk/tasks/{task.id}/finish/", {"done": "1"}).status_code == 302
    path = f"/staff/desk/escalations/{escalation.id}/answer/"
    assert client.post(path, {"answer": "よい"}).status_code == 404
    assert client_for(town.manager).post(path, {"answer": "よい"}).status_code == 302


def test_an_issue_has_its_own_page_with_its_consultations(client_for: Clients, cast: Cast) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        one, two, three = filed(town), filed(town, task="別の課の受付"), filed(town, task="三つ目")
    client = client_for(town.officer)
    given = {"title": "受付の写し", "summary": "", "consultations": [str(one.id), str(two.id)]}
    assert client.post("/staff/desk/issues/new/", {**given, "consultations": [str(one.id)]}).status_code == 422
    path = client.post(f"/staff/desk/issues/new/?from={one.id}", given)["Location"].replace("/hibari", "", 1)
    assert "別の課の受付" in page(client, path)
    assert "受付の写し" in page(client, "/staff/desk/issues/")
    assert client.get("/staff/desk/issues/?format=csv").status_code == 200
    with tenant_scope(town.id):
        issue = CrossIssue.objects.get()
    assert client.post(f"/staff/desk/{three.id}/join/", {"issue": str(issue.id)}).status_code == 302
    assert client.post(f"{path}close/", {"state": "solved", "result": ""}).status_code == 422
    assert client.post(f"{path}close/", {"state": "solved", "result": "写しをやめた"}).status_code == 302
    assert client_for(cast.misaki.officer).get(path).status_code == 404


def test_a_merged_consultation_leads_to_the_other(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        source, target = filed(cast.hibari), filed(cast.hibari, task="残る相談")
        merge_consultations(actor=cast.hibari.officer, source=source, target=target, reason="同じ")
        raise_issue(actor=cast.hibari.officer, title="x", summary="", consultations=[target, filed(cast.hibari)])
    client = client_for(cast.hibari.officer)
    assert "残る相談" in page(client, f"/staff/desk/{source.id}/")
    assert "いっしょに進めている相談" in page(client, f"/staff/desk/{target.id}/")


def test_the_catalogue_is_written_read_and_exported(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.hibari.officer)
    given = {"name": "RPA", "use": "転記", "is_owned": "on", "cost": "年12万円", "zones": ["lgwan"]}
    path = client.post("/staff/desk/tools/new/", given)["Location"].replace("/hibari", "", 1)
    assert client.post("/staff/desk/tools/new/", given).status_code == 422
    assert client.post(f"{path}know/", {"person": str(cast.hibari.officer.id), "level": "3"}).status_code == 302
    assert "人に教えられる" in page(client, "/staff/desk/tools/")
    assert client.get("/staff/desk/tools/?format=xlsx").status_code == 200
    skill = {"person": str(cast.hibari.officer.id), "theme": "ai", "level": "2"}
    assert client.post("/staff/desk/tools/skills/", skill).status_code == 302
    assert client.post(f"{path}retire/").status_code == 302
    assert client_for(cast.misaki.officer).get(path).status_code == 404
    with tenant_scope(cast.hibari.id):
        assert Tool.objects.get().retired_on is not None
        assert Consultation.objects.count() == 0
