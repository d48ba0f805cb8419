"""The box, the telephone and the chat, as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.desk.models import Arrival, Consultation, Intake
from kakehashi.desk.services import attach_files, take_mails
from kakehashi.desk.testing import filed
from kakehashi.desk.tests.test_pages import page, typed
from kakehashi.desk.tests.test_receive_consultation import CHAT
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.kernel.tests.mails import mail
from kakehashi.people.testing import Cast

Clients = Callable[..., Any]


def test_a_file_of_mails_comes_in_and_one_becomes_a_consultation(client_for: Clients, cast: Cast) -> None:
    client, town = client_for(cast.hibari.officer), cast.hibari
    file = SimpleUploadedFile("鍵.eml", mail(Message_ID="<1@x>").as_bytes())
    assert client.post("/staff/desk/intake/", {"mails": file}).status_code == 302
    with tenant_scope(town.id):
        arrival = Arrival.objects.get()
    path = f"/staff/desk/intake/{arrival.id}/"
    assert "三回書いています" in page(client, path)
    answers = typed(asked_by=str(town.clerk.id), consultation_id=str(arrival.id))
    assert client.post(path, answers).status_code == 302
    with tenant_scope(town.id):
        assert Intake.objects.get().channel == "mail"
    assert client_for(cast.misaki.officer).get(path).status_code == 404
    assert client.post(f"{path}dismiss/", {"reason": "広告"}).status_code == 302


def test_a_pasted_chat_is_read_and_nothing_typed_is_lost(client_for: Clients, cast: Cast) -> None:
    client, town = client_for(cast.hibari.officer), cast.hibari
    path = "/staff/desk/intake/chat/receive/"
    read = client.post(path, typed(act="read", transcript=CHAT, problem="")).content.decode()
    assert "誰も知りません" in read
    assert "公民館の使用受付" in read
    assert client.post(path, typed(transcript=CHAT)).status_code == 422
    assert client.post(path, typed(transcript=CHAT, asked_by=str(town.clerk.id))).status_code == 302
    assert client.get("/staff/desk/intake/fax/receive/").status_code == 404


def test_files_and_wishes_of_the_form_are_kept_even_when_it_comes_back(client_for: Clients, cast: Cast) -> None:
    client, town = client_for(cast.hibari.clerk), cast.hibari
    answers: dict[str, Any] = typed(problem="", boss="住民課長", due_wish="2027-01-15")
    assert (
        client.post("/staff/desk/new/", {**answers, "papers": SimpleUploadedFile("様式.txt", b"form")}).status_code
        == 422
    )
    draft = page(client, "/staff/desk/new/", draft="1")
    assert "様式.txt" in draft
    assert "住民課長" in draft
    shown = page(
        client, client.post("/staff/desk/new/", {**answers, "problem": "困る"})["Location"].replace("/hibari", "", 1)
    )
    assert "知っている上司" in shown
    assert "様式.txt" in shown
    with tenant_scope(town.id):
        assert Consultation.objects.count() == 1


def test_a_file_is_read_in_its_own_town_only(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        stored = attach_files(actor=cast.hibari.clerk, consultation=filed(cast.hibari), files=[("a.txt", b"text")])[0]
        take_mails(actor=cast.hibari.officer, content=mail().as_bytes(), source="x")
    path = f"/staff/files/{stored.id}"
    answer = client_for(cast.hibari.officer).get(path)
    assert b"".join(answer.streaming_content) == b"text"
    assert client_for(cast.misaki.officer).get(path).status_code == 404
