"""Pages of 収受: the register, the form with its files, one receipt and its acts, papers."""

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.records.models import PaperItem, Receipt
from kakehashi.records.testing import received, with_schedule

BASE = "/staff/records/receipts/"


def typed(town: Town, **changes: object) -> dict[str, object]:
    """The form as somebody fills it in."""
    return {
        "title": "道路の照会",
        "sender": "ひばり県",
        "received_on": clock.today().isoformat(),
        "way": "post",
        "department": str(town.department.id),
        "confidentiality": "ordinary",
        "place": "書庫2",
        "class_code": "C-03",
        "idempotency_key": str(uuid7()),
    } | changes


def test_a_document_is_received_with_its_scan(town: Town, client_for) -> None:
    with_schedule(town)
    client = client_for(town.clerk)
    data = typed(town, files=SimpleUploadedFile("照会.pdf", PDF, "application/pdf"), opens_case="on")
    answers = [client.post(f"{BASE}new/", data)]
    data["files"].seek(0)
    answers.append(client.post(f"{BASE}new/", data))
    assert {answer.status_code for answer in answers} == {302}
    receipt = Receipt.objects.get()
    page = client.get(f"{BASE}{receipt.id}/").content.decode()
    for part in ("住収第1号", "照会.pdf", "書庫2", "C-03に関する文書"):
        assert part in page


def test_bad_input_is_told_beside_the_field(town: Town, client_for) -> None:
    client = client_for(town.clerk)
    assert client.post(f"{BASE}new/", typed(town, title="", class_code="")).status_code == 422
    answer = client.post(f"{BASE}new/", typed(town, case_number="令和8-999999", class_code=""))
    assert answer.status_code == 422
    assert "見つかりません" in answer.content.decode()


def test_the_register_lists_and_exports(town: Town, client_for) -> None:
    received(town)
    client = client_for(town.clerk)
    page = client.get(f"{BASE}?q=道路&state=open&year=x&first=bad").content.decode()
    assert "道路の現況について" in page
    assert "道路の現況" in client.get(f"{BASE}?format=csv").content.decode("utf-8-sig")
    assert client.get(f"{BASE}?format=xlsx").status_code == 200
    assert "当てはまる収受文書はありません" in client.get(f"{BASE}?q=ないもの").content.decode()


def test_the_acts_of_a_receipt(town: Town, client_for) -> None:
    with_schedule(town)
    receipt = received(town, place="棚1")
    client, path = client_for(town.clerk), f"{BASE}{receipt.id}/"
    acts = {
        "distribute": {"department": str(town.other_department.id)},
        "link": {"case_number": ""},
        "file": {"class_code": "C-03"},
        "complete": {"completed_on": clock.today().isoformat()},
    }
    for verb, data in acts.items():
        assert client.post(f"{path}{verb}/", data).status_code == 302, verb
    assert client.get(path).status_code == 200
    again = received(town)
    for verb, data in {
        "link": {"case_number": "ない番号"},
        "file": {},
        "complete": {"completed_on": "2000-01-01"},
    }.items():
        assert client.post(f"{BASE}{again.id}/{verb}/", data).status_code == 422, verb


def test_the_paper_of_a_document(town: Town, client_for) -> None:
    with_schedule(town)
    receipt = received(town)
    client = client_for(town.clerk)
    client.post(f"{BASE}{receipt.id}/file/", {"class_code": "C-03"})
    receipt.refresh_from_db()
    path = f"/staff/records/documents/{receipt.document_id}/"
    assert client.post(f"{path}paper/", {"place": "書庫9", "sheets": "3"}).status_code == 302
    assert client.post(f"{path}original/", {"original": "paper", "clause": "規程第9条"}).status_code == 302
    assert client.post(f"{path}paper/gone/").status_code == 302
    assert PaperItem.objects.get().gone_on is None
    page = client.get(path).content.decode()
    assert "紙が原本です" in page
    assert "書庫9" in client.get("/staff/records/papers/?q=書庫").content.decode()
    assert client.get("/staff/records/papers/?may_go=1&format=csv").status_code == 200
