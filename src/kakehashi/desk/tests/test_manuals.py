"""write_manual, revise_manual, retire_manual, settle_duty, remind_of_manuals: a change of work ends in a changed manual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.desk.models import BusinessManual, ManualDuty
from kakehashi.desk.selectors.manuals import compare, duty_of, manual_list, manuals_about, open_duties
from kakehashi.desk.services import remind_of_manuals, retire_manual, revise_manual, settle_duty, write_manual
from kakehashi.desk.testing import resolved
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.search.services import index_pending

STEPS = "申込書を受け取る。\n台帳に書き写す。\n許可書を渡す。"


def written(town: Town, **changes: Any) -> BusinessManual:
    values: dict[str, Any] = {
        "task": "公民館の使用受付",
        "title": "使用受付の手引",
        "body": STEPS,
        "department": town.department,
    }
    return write_manual(actor=town.clerk, **{**values, **changes})


def test_closing_a_consultation_asks_for_the_manual_and_a_revision_settles_it(town: Town) -> None:
    manual, consultation = written(town), resolved(town)
    assert open_duties().get().consultation_id == consultation.id
    assert [row.id for row in manuals_about(consultation)] == [manual.id]
    body = STEPS.replace("台帳に書き写す。\n", "")
    revision = revise_manual(
        actor=town.clerk, manual=manual, body=body, why="台帳をやめた", expected=1, consultation=consultation
    )
    duty = duty_of(consultation)
    assert duty
    assert (duty.revision_id, open_duties().exists()) == (revision.id, False)
    assert [(line.kind, line.text) for line in compare(STEPS, body) if line.kind != "kept"] == [
        ("removed", "台帳に書き写す。")
    ]


def test_nothing_to_change_needs_a_reason_once(town: Town) -> None:
    duty = duty_of(resolved(town))
    assert duty
    with pytest.raises(DomainError):
        settle_duty(actor=town.clerk, duty=duty, reason=" ")
    settle_duty(actor=town.clerk, duty=duty, reason="マニュアルのない業務")
    with pytest.raises(Stale):
        settle_duty(actor=town.clerk, duty=duty, reason="もう一度")


def test_a_slower_colleague_is_told_and_no_change_is_no_revision(town: Town) -> None:
    manual = written(town)
    revise_manual(actor=town.clerk, manual=manual, body="短くした。", why="x", expected=1)
    with pytest.raises(Stale):
        revise_manual(actor=town.officer, manual=manual, body="別の直し。", why="x", expected=1)
    with pytest.raises(DomainError, match="前の版と同じ"):
        revise_manual(actor=town.officer, manual=manual, body="短くした。", why="x", expected=2)


def test_it_is_found_by_its_words_until_it_is_retired(town: Town) -> None:
    manual = written(town)
    index_pending()
    assert manual_list(town.officer, query="許可書を渡す").get().id == manual.id
    retire_manual(actor=town.clerk, manual=manual, reason="業務をやめた")
    assert not manual_list(town.officer, query="許可書を渡す").exists()


def test_a_week_later_it_is_asked_once_more(town: Town) -> None:
    resolved(town)
    ManualDuty.objects.update(asked_at=clock.now() - timedelta(days=8))
    actor = system_actor(town.id)
    assert (remind_of_manuals(actor=actor), remind_of_manuals(actor=actor)) == (1, 0)


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        consultation = resolved(cast.hibari)
    client = client_for(cast.hibari.clerk)
    assert "マニュアルを直してください" in client.get(f"/staff/desk/{consultation.id}/").content.decode()
    assert "公民館の使用受付" in client.get("/staff/desk/manuals/").content.decode()
    new = f"/staff/desk/manuals/new/?consultation={consultation.id}"
    assert "公民館の使用受付の手引" in client.get(new).content.decode()
    assert client.post(new, {"task": "公民館", "title": "手引", "body": ""}).status_code == 422
    file = SimpleUploadedFile("図.txt", "受付の図".encode())
    path = client.post(new, {"task": "公民館", "title": "手引", "body": STEPS, "file": file})["Location"].replace(
        "/hibari", "", 1
    )
    assert "図.txt" in client.get(path).content.decode()
    assert client.get(f"{path}revise/").status_code == 200
    assert client.post(f"{path}revise/", {"expected": "1", "body": "一行。", "why": "短くした"}).status_code == 302
    assert "台帳に書き写す" in client.get(path).content.decode()
    assert "使用受付" in client.get(f"{path}?revision=1").content.decode()
    assert client.post(f"{path}retire/", {"reason": ""}).status_code == 422
    assert client.post(f"{path}retire/", {"reason": "なくなった"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        duty = ManualDuty.objects.get()
    assert client.post(f"/staff/desk/manuals/duties/{duty.id}/not-needed/", {"reason": "x"}).status_code == 302
    assert client.get("/staff/desk/manuals/", {"format": "xlsx", "q": "手引"}).status_code == 200
    other = client_for(cast.misaki.officer)
    assert other.get(path).status_code == 404
    assert other.get(new).status_code == 404
