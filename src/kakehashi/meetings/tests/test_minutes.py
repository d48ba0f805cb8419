"""draft_minutes, write_minutes, approve_minutes: from what was recorded to a record of its class."""

import hashlib

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.files.selectors import read_file
from kakehashi.governments.services import switch_room
from kakehashi.journal.models import Event
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import services
from kakehashi.meetings.adapters import read_pdf
from kakehashi.meetings.models import Meeting
from kakehashi.meetings.testing import closed_small_meeting
from kakehashi.records.models import Document, DocumentFile

INDEX = "/staff/meetings/"


@pytest.fixture
def closed(town):
    with_rules(town)
    return closed_small_meeting(town)


def test_the_draft_knows_the_meeting(town, closed):
    text = services.draft_minutes(actor=town.officer, meeting=closed.meeting).text
    for words in (
        "場所　第1会議室",
        "出席　町長 鈴木 太郎（議長）",
        "オンライン　住民課課長 佐藤 一郎",
        "未確認　住民課主事 山田 花子",
        "構成員3人のうち2人が出席し、必要な2人に達しています（構成員の過半数（庁議規程第5条）",
        "1．新年度の窓口（決定）",
        "資料1-1 窓口の見直し",
        "結果　決定：夜間窓口を週一日設ける。",
        "2．人事の方針（協議）【構成員限り】",
    ):
        assert words in text


def test_two_writers_do_not_overwrite_each_other(town, closed):
    draft = services.draft_minutes(actor=town.officer, meeting=closed.meeting)
    services.write_minutes(actor=town.officer, meeting=closed.meeting, text="直した", revision=draft.revision)
    with pytest.raises(Stale):
        services.write_minutes(actor=town.officer, meeting=closed.meeting, text="古い", revision=draft.revision)
    with pytest.raises(Stale):
        services.approve_minutes(actor=town.mayor, meeting=closed.meeting, revision=draft.revision)


def test_approval_makes_a_record_of_the_class(town, closed):
    draft = services.draft_minutes(actor=town.officer, meeting=closed.meeting)
    minutes = services.approve_minutes(actor=town.mayor, meeting=closed.meeting, revision=draft.revision)
    document = Document.objects.select_related("record_file__record_class").get(source_kind="meetings.minutes")
    assert (minutes.document_id, document.record_file.record_class.code) == (document.id, "A-07")
    assert (document.title, document.disclosure, document.record_file.period_years) == ("第1回庁議会議録", "partly", 3)
    assert document.record_file.department_id == town.other_department.id
    names = set(DocumentFile.objects.filter(document=document).values_list("name", flat=True))
    assert names == {"第1回庁議会議録.pdf", "窓口.pdf"}
    pdf = read_file(minutes.stored_file)
    assert hashlib.sha256(pdf).hexdigest() == minutes.digest
    assert "夜間窓口を週一日設ける" in "".join("".join(read_pdf(pdf).texts).split())
    assert Meeting.objects.get().state == "minuted"
    assert Event.objects.get(code="meetings.minutes.approved").payload["digest"] == minutes.digest
    with pytest.raises(DomainError):
        services.record_decision(actor=town.officer, item=closed.item, outcome="decided", text="あとから")


def test_only_the_chair_approves_and_only_the_clerk_writes(town, closed):
    draft = services.draft_minutes(actor=town.officer, meeting=closed.meeting)
    with pytest.raises(PermissionRefused):
        services.approve_minutes(actor=town.officer, meeting=closed.meeting, revision=draft.revision)
    # 総務課係長 belongs to the secretariat and must not read the confidential item in the minutes.
    with pytest.raises(PermissionRefused):
        services.draft_minutes(actor=town.administrator, meeting=closed.meeting)


def test_without_a_class_nothing_is_approved(town, closed):
    services.edit_body(actor=town.officer, body=closed.body, changes={"class_code": ""})
    draft = services.draft_minutes(actor=town.officer, meeting=closed.meeting)
    with pytest.raises(DomainError, match="分類"):
        services.approve_minutes(actor=town.mayor, meeting=closed.meeting, revision=draft.revision)


def test_where_records_are_off_the_pdf_stands_alone(town, closed):
    switch_room(actor=system_actor(town.id), room="records", is_on=False)
    draft = services.draft_minutes(actor=town.officer, meeting=closed.meeting)
    minutes = services.approve_minutes(actor=town.mayor, meeting=closed.meeting, revision=draft.revision)
    assert (minutes.document_id, Document.objects.count()) == (None, 0)


def test_pages(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        closed = closed_small_meeting(town)
    clerk, chair, page = client_for(town.officer), client_for(town.mayor), f"{INDEX}{closed.meeting.id}/minutes/"
    assert "会議録はまだありません" in chair.get(page).content.decode()
    assert clerk.get(f"{INDEX}{closed.meeting.id}/minutes.pdf").status_code == 404
    clerk.post(f"{page}draft/")
    assert "夜間窓口" in clerk.get(page).content.decode()
    assert clerk.post(page, {"text": "", "revision": 1}).status_code == 422
    assert clerk.post(page, {"text": "会議録の本文", "revision": 1}).status_code == 302
    assert clerk.post(page, {"text": "古い", "revision": 1}).status_code == 422
    assert chair.post(page, {"text": "x", "revision": 2}).status_code == 403
    assert client_for(town.manager).post(f"{page}approve/", {"revision": 2}).status_code == 403
    assert "書き直されました" in chair.post(f"{page}approve/", {"revision": 1}, follow=True).content.decode()
    assert "承認ずみ" in chair.post(f"{page}approve/", {"revision": 2}, follow=True).content.decode()
    pdf = client_for(town.manager).get(f"{INDEX}{closed.meeting.id}/minutes.pdf")
    assert pdf.content.startswith(b"%PDF")
    # Who only serves the body reads no minutes with a confidential item in them.
    assert client_for(town.administrator).get(page).status_code == 404
    assert client_for(cast.misaki.mayor).get(page).status_code == 404
    with tenant_scope(town.id):
        document = Document.objects.get(source_kind="meetings.minutes")
    assert "会議録（PDF）" in clerk.get(f"/staff/records/documents/{document.id}/").content.decode()
    # A link that would answer 404 is not drawn: the record is there, its minutes are for those with a seat.
    outside = client_for(town.administrator).get(f"/staff/records/documents/{document.id}/")
    assert outside.status_code == 200
    assert "/minutes" not in outside.content.decode()
