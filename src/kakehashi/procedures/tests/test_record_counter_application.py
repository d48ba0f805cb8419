"""窓口受付: staff type the paper into the procedure's own form, with its faults, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.eforms.models import FormVersion
from kakehashi.files.testing import PDF
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Application, Draft, PaperIntake, PaperScan, Procedure
from kakehashi.procedures.testing import REQUEST, YOU, a_procedure

START = {"channel": "post", "idempotency_key": "01890000-0000-7000-8000-0000000000aa", "note": "紙は2番の棚"}


def begin(client: Any, procedure: Procedure) -> str:
    address = f"/staff/procedures/inventory/{procedure.id}/counter/"
    assert client.get(address).status_code == 200
    answer = client.post(address, START | {"arrived_on": clock.today().isoformat()})
    assert answer.status_code == 302
    return answer.url.removeprefix("/hibari").split("steps/")[0]


def test_the_paper_is_typed_into_the_form_and_recorded_once(cast: Cast, client_for: Callable, online: Callable) -> None:
    client, procedure = client_for(cast.hibari.clerk), online()
    draft = begin(client, procedure)
    assert begin(client, procedure) == draft
    assert client.get(f"{draft}steps/page_1/").status_code == 200
    assert client.post(f"{draft}steps/page_1/", YOU).url.endswith("/steps/page_2/")
    assert client.post(f"{draft}steps/page_2/", REQUEST).url.endswith(draft)
    assert "田中 めぐみ" in client.get(draft).content.decode()
    for _ in range(2):
        assert client.post(draft).status_code == 302
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
        assert (application.applicant_name, application.channel) == ("田中 めぐみ", "post")
        assert application.answers["content"] == REQUEST["content"]
        assert [event.code for event in events_for(application.id)] == ["procedures.application.recorded"]
    page = client.get(f"/staff/procedures/applications/{application.id}/", follow=True).content.decode()
    assert "玄関の手すり" in page
    assert "紙は2番の棚" in page


def test_a_paper_with_faults_has_arrived_all_the_same(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari.clerk)
    draft = begin(client, online())
    wrong = YOU | {"phone": "わかりません", "name.family": ""}
    page = client.post(f"{draft}steps/page_1/", wrong)
    assert page.status_code == 422
    assert "わかりません" in page.content.decode()
    assert client.post(f"{draft}steps/page_1/", wrong | {"as_it_is": "1"}).status_code == 302
    assert "足りないところがあります" in client.get(draft).content.decode()
    assert client.post(draft).status_code == 422
    assert client.post(draft, {"applicant_name": "田中"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
        assert (application.applicant_name, "phone" in application.answers) == ("田中", False)
        assert application.answers["address"]["city"] == "千代田区"


def test_without_a_form_the_name_alone_is_recorded(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari.clerk)
    with tenant_scope(cast.hibari.id):
        procedure = a_procedure(cast.hibari.officer, department=cast.hibari.department)
    address = f"/staff/procedures/inventory/{procedure.id}/counter/"
    data = START | {"arrived_on": clock.today().isoformat(), "applicant_name": "佐々木 一"}
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Application.objects.filter(channel="post").count() == 1
    assert client.post(address, data | {"applicant_name": ""}).status_code == 422
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert client.post(address, data | {"arrived_on": tomorrow, "idempotency_key": ""}).status_code == 422


def test_begun_can_be_found_again_and_dropped(cast: Cast, client_for: Callable, online: Callable) -> None:
    client, procedure = client_for(cast.hibari.clerk), online()
    draft = begin(client, procedure)
    assert draft in client.get(f"/staff/procedures/inventory/{procedure.id}/counter/").content.decode()
    assert client.post(f"{draft}discard/").status_code == 302
    assert client.get(draft).status_code == 404


@pytest.mark.parametrize("page", ["", "steps/page_1/", "discard/"])
def test_strangers_and_residents_drafts(cast: Cast, client_for: Callable, online: Callable, page: str) -> None:
    procedure = online()
    draft = begin(client_for(cast.hibari.clerk), procedure)
    for answer in (client_for(cast.misaki.clerk).post(f"{draft}{page}"),):
        assert answer.status_code == 404
    assert client_for(cast.hibari).post(f"{draft}{page}").status_code == 302
    with tenant_scope(cast.hibari.id):
        version = FormVersion.objects.latest("published_at")
        own = Draft.objects.create(
            procedure=procedure, form_version=version, idempotency_key=procedure.id, expires_at=clock.now()
        )
    clerk = client_for(cast.hibari.clerk)
    assert clerk.post(f"/staff/procedures/counter/{own.id}/{page}").status_code == 404


def test_a_gap_on_the_paper_is_marked_and_leads_to_a_correction(
    cast: Cast, client_for: Callable, online: Callable
) -> None:
    client = client_for(cast.hibari.clerk)
    draft = begin(client, online())
    client.post(f"{draft}steps/page_1/", YOU | {"phone": "わかりません", "as_it_is": "1"})
    client.post(f"{draft}steps/page_2/", REQUEST)
    scan = SimpleUploadedFile("申請書.pdf", PDF, "application/pdf")
    told = {"manner": "paper", "bringer": "messenger", "bringer_name": "田中 一郎", "scans": scan}
    assert client.post(draft, told).status_code == 302
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
        assert PaperScan.objects.count() == 1
        (gap,) = PaperIntake.objects.get().missing
        assert (gap["label"], gap["written"]) == ("電話番号", "わかりません")
    address = f"/staff/procedures/applications/{application.id}/"
    page = client.get(address, follow=True).content.decode()
    for shown in ("紙に足りないところ", "わかりません", "使者（届けに来た人）", "申請書.pdf"):
        assert shown in page
    assert "・電話番号：" in client.get(f"{address}correction/").content.decode()
    assert client.get(f"{address}slip/").content.startswith(b"%PDF")
    assert client.post(f"{address}scans/", {}).status_code == 302
    other = client_for(cast.misaki.clerk)
    assert other.get(f"/misaki{address}slip/".removeprefix("/misaki")).status_code == 404
