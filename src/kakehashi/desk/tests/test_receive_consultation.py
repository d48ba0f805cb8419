"""receive_consultation and attach_files: what came by telephone or chat, with its origin and every word."""

from __future__ import annotations

from datetime import date

import pytest

from kakehashi.cases.models import Message
from kakehashi.desk.models import Channel, ConsultationFile, Intake
from kakehashi.desk.services import attach_files, receive_consultation
from kakehashi.desk.services.intake import Origin
from kakehashi.desk.testing import ANSWERS, filed
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town, person_of

CHAT = "10:05\t山田\t鍵の貸出簿の件\n10:06\t佐藤\t何のための簿冊ですか\n10:07\t山田\t誰も知りません"


def received(town: Town, origin: Origin, transcript: str = "", **changes: object) -> Intake:
    consultation = receive_consultation(
        actor=town.officer, asked_by=person_of(town.clerk), consultation_id=uuid7(),
        answers={**ANSWERS, **changes}, origin=origin, transcript=transcript,
    )  # fmt: skip
    return Intake.objects.select_related("consultation__case").get(consultation=consultation)


def test_a_telephone_note_keeps_its_origin_and_stays_with_the_desk(town: Town) -> None:
    origin = Origin(Channel.PHONE, window="情報システム係", came_from="内線 215")
    intake = received(town, origin, "昨日から三回目。", boss="住民課長", due_wish=date(2027, 1, 15))
    consultation = intake.consultation
    assert (intake.channel, intake.window, intake.came_from) == ("phone", "情報システム係", "内線 215")
    assert (consultation.asked_by_id, consultation.state) == (town.clerk.id, "received")
    assert consultation.case.due_on == date(2027, 1, 15)
    assert [(m.thread, "三回目" in m.body) for m in Message.objects.filter(case=consultation.case)] == [
        ("internal", True)
    ]


def test_a_chat_comes_turn_by_turn_under_its_speakers(town: Town) -> None:
    intake = received(town, Origin(Channel.CHAT), CHAT)
    said = Message.objects.filter(case=intake.consultation.case).order_by("id")
    assert [(m.author_label, m.body) for m in said] == [
        ("山田（チャット）", "鍵の貸出簿の件"),
        ("佐藤（チャット）", "何のための簿冊ですか"),
        ("山田（チャット）", "誰も知りません"),
    ]


def test_words_longer_than_a_message_come_whole(town: Town) -> None:
    long = "\n".join(f"{n}行目の話" for n in range(1500))
    intake = received(town, Origin(Channel.PHONE), long)
    bodies = Message.objects.filter(case=intake.consultation.case).order_by("id").values_list("body", flat=True)
    assert "".join("\n".join(bodies).split()) == "".join(f"電話のメモ\n{long}".split())


def test_twice_is_once(town: Town) -> None:
    key = uuid7()
    for _ in range(2):
        receive_consultation(
            actor=town.officer, asked_by=person_of(town.clerk), consultation_id=key, answers=ANSWERS,
            origin=Origin(Channel.PHONE), transcript="一度だけ",
        )  # fmt: skip
    assert (Intake.objects.count(), Message.objects.count()) == (1, 1)


def test_files_are_laid_to_it_and_a_program_is_not(town: Town) -> None:
    consultation = filed(town)
    attach_files(actor=town.clerk, consultation=consultation, files=[("様式.txt", b"a form")])
    assert ConsultationFile.objects.get().stored_file.name == "様式.txt"
    with pytest.raises(DomainError):
        attach_files(actor=town.clerk, consultation=consultation, files=[("x.exe", b"MZ\x90\x00" * 50)])
