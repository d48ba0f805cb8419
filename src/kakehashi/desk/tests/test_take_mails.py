"""take_mails, take_arrival and dismiss_arrival: a mail becomes one consultation, and its replies join it."""

from __future__ import annotations

import pytest

from kakehashi.cases.models import Message
from kakehashi.desk.models import Arrival, Consultation, ConsultationFile
from kakehashi.desk.services import dismiss_arrival, take_arrival, take_mails
from kakehashi.desk.testing import ANSWERS
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tests.mails import mail
from kakehashi.people.testing import Town, person_of


def taken(town: Town, **headers: str) -> Arrival:
    message = mail(**{"Message_ID": "<1@x>", **headers})
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="台帳.csv")
    message.add_attachment(b"MZ\x90\x00" * 50, maintype="application", subtype="x-msdownload", filename="x.exe")
    return take_mails(actor=town.officer, content=message.as_bytes(), source="鍵.eml")[0]


def made(town: Town, arrival: Arrival) -> Consultation:
    return take_arrival(actor=town.officer, arrival=arrival, asked_by=person_of(town.clerk), answers=ANSWERS)


def test_the_same_mail_twice_is_one_and_what_is_refused_is_said(town: Town) -> None:
    arrival = taken(town)
    assert take_mails(actor=town.officer, content=mail(Message_ID="<1@x>").as_bytes(), source="again") == []
    assert [each.stored_file.name for each in arrival.files.all()] == ["台帳.csv"]
    assert arrival.refused.startswith("x.exe：")


def test_a_mail_becomes_one_consultation_with_its_words_and_files(town: Town) -> None:
    arrival = taken(town)
    first, second = made(town, arrival), made(town, arrival)
    assert first.id == second.id
    assert "三回書いています" in Message.objects.get(case=first.case).body
    assert ConsultationFile.objects.get(consultation=first).stored_file.name == "台帳.csv"


def test_a_reply_joins_the_thread(town: Town) -> None:
    consultation = made(town, taken(town))
    reply = take_mails(
        actor=town.officer, content=mail(Message_ID="<2@x>", In_Reply_To="<1@x>").as_bytes(), source="返信.eml"
    )
    assert (reply[0].state, Consultation.objects.count()) == ("joined", 1)
    assert Message.objects.filter(case=consultation.case).count() == 2


def test_putting_a_mail_aside_needs_a_reason_and_happens_once(town: Town) -> None:
    arrival = taken(town)
    with pytest.raises(DomainError):
        dismiss_arrival(actor=town.officer, arrival=arrival, reason=" ")
    dismiss_arrival(actor=town.officer, arrival=arrival, reason="広告")
    assert Event.objects.filter(code="desk.arrival.dismissed", subject_id=arrival.id).exists()
    with pytest.raises(Stale):
        dismiss_arrival(actor=town.officer, arrival=arrival, reason="広告")
    with pytest.raises(Stale):
        made(town, arrival)


def test_a_file_that_is_no_mail_is_refused_beside_its_field(town: Town) -> None:
    with pytest.raises(DomainError) as raised:
        take_mails(actor=town.officer, content=b"\x89PNG", source="x.png")
    assert raised.value.field == "mails"
