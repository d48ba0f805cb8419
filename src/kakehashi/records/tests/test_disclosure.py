"""開示請求: found and held, marked with grounds, decided, handed out without what is hidden; pages; full-text search."""

import datetime as dt
import io
import re
import threading
import zipfile

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from PIL import Image

from kakehashi.files.selectors import read_file, stored_file
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town
from kakehashi.records.models import (
    Confidentiality,
    Decision,
    DisclosureDocument,
    DisclosureMark,
    DisclosureRequest,
    Document,
    Ground,
    RecordFile,
    RequestKind,
)
from kakehashi.records.selectors import find_documents, find_records
from kakehashi.records.services import (
    Placing,
    Spot,
    Why,
    decide_request,
    drop_document,
    export_request,
    judge_document,
    mark_part,
    mark_words,
    receive_request,
    take_documents,
)
from kakehashi.records.services.words import read_words
from kakehashi.records.testing import received, with_schedule
from kakehashi.search.services import index_pending

BASE = "/staff/records/disclosures/"
PERSON = Why(Ground.PERSON, "情報公開条例第7条第1号")


def pdf(text: str) -> bytes:
    """A PDF with these words in it."""
    return render_pdf(ReceiptDocument(title="名簿", issued_on="", addressee="", issuer="", issuer_name="", text=text))


def filed_pdf(town: Town, text: str = "委員は甲野太郎です。出席は五名です。", **letter: object) -> Document:
    """A filed document with a PDF in it."""
    scan = store_file(actor=town.clerk, name="名簿.pdf", content=pdf(text), purpose="records.receipt")
    receipt = received(town, title="委員の名簿", files=[scan], placing=Placing(class_code="C-03"), **letter)
    assert receipt.document is not None
    return receipt.document


def asked(town: Town) -> DisclosureRequest:
    """A request of today."""
    return receive_request(
        actor=town.clerk,
        kind=RequestKind.INFORMATION,
        requester="請求 花子",
        asked_for="委員の名簿",
        requested_on=clock.today(),
        due_on=clock.today() + dt.timedelta(days=15),
        department=town.department,
        idempotency_key=uuid7(),
    )


@pytest.fixture
def target(town: Town) -> DisclosureDocument:
    with_schedule(town)
    document = filed_pdf(town)
    request = asked(town)
    take_documents(actor=town.clerk, request=request, document_ids=[document.id])
    return DisclosureDocument.objects.get()


def file_id_of(target: DisclosureDocument):
    return target.document.files.get().file_id


def test_what_is_found_is_held_until_a_year_after_the_decision(town: Town, target: DisclosureDocument) -> None:
    record_file = RecordFile.objects.get(id=target.document.record_file_id)
    assert (record_file.expires_on, target.request.number) == (None, "令和8-1")
    judge_document(actor=town.clerk, target=target, outcome=Decision.OPEN)
    decide_request(actor=town.clerk, request=target.request, decision=Decision.OPEN, decided_on=clock.today())
    target.hold.refresh_from_db()
    assert target.hold.until is not None
    assert (target.hold.until - clock.today()).days in {365, 366}
    with pytest.raises(Stale):
        drop_document(actor=town.clerk, target=target)


def test_dropping_the_last_document_releases_the_hold(town: Town, target: DisclosureDocument) -> None:
    drop_document(actor=town.clerk, target=target)
    target.hold.refresh_from_db()
    assert target.hold.released_at is not None


def test_marked_words_are_gone_from_what_is_handed_out(town: Town, target: DisclosureDocument) -> None:
    file_id = file_id_of(target)
    assert mark_words(actor=town.clerk, target=target, file_id=file_id, words="甲野太郎", why=PERSON) == 1
    with pytest.raises(DomainError, match="見つかりません"):
        mark_words(actor=town.clerk, target=target, file_id=file_id, words="乙野", why=PERSON)
    with pytest.raises(DomainError, match="指定されています"):
        judge_document(actor=town.clerk, target=target, outcome=Decision.OPEN)
    judge_document(actor=town.clerk, target=target, outcome=Decision.PARTIAL)
    with pytest.raises(DomainError, match="一部を開示"):
        decide_request(actor=town.clerk, request=target.request, decision=Decision.OPEN, decided_on=clock.today())
    decided = decide_request(
        actor=town.clerk, request=target.request, decision=Decision.PARTIAL, decided_on=clock.today()
    )
    made = export_request(actor=town.clerk, request=decided)
    with zipfile.ZipFile(io.BytesIO(read_file(stored_file(made.file_id)))) as archive:
        names = archive.namelist()
        page = archive.read(next(name for name in names if name.endswith(".pdf")))
        rows = archive.read("開示する文書の一覧.csv").decode("utf-8-sig")
    assert "個人に関する情報" in rows
    assert "情報公開条例第7条第1号" in rows
    with pikepdf.open(io.BytesIO(page)) as opened:
        assert opened.open_metadata().pdfa_status == "2B"
    drawn = pypdfium2.PdfDocument(page)
    assert "甲野" not in drawn[0].get_textpage().get_text_range()
    mark = DisclosureMark.objects.get()
    picture: Image.Image = drawn[0].render(scale=1).to_pil().convert("RGB")
    drawn.close()
    middle = (mark.left + mark.width // 2, mark.top + mark.height // 2)
    spot = picture.getpixel((picture.width * middle[0] // 1000, picture.height * middle[1] // 1000))
    assert max(spot) < 40


def test_a_mark_needs_a_clause_and_a_place_on_the_page(town: Town, target: DisclosureDocument) -> None:
    file_id = file_id_of(target)
    for spot, why in ((Spot(page=1, left=900, width=200), PERSON), (Spot(page=1), Why(Ground.PERSON, " "))):
        with pytest.raises(DomainError):
            mark_part(actor=town.clerk, target=target, file_id=file_id, spot=spot, why=why)
    with pytest.raises(DomainError, match="事由と条項"):
        judge_document(actor=town.clerk, target=target, outcome=Decision.CLOSED)
    with pytest.raises(DomainError, match="決めていない文書"):
        decide_request(actor=town.clerk, request=target.request, decision=Decision.OPEN, decided_on=clock.today())
    with pytest.raises(DomainError, match="対象の文書があります"):
        decide_request(actor=town.clerk, request=target.request, decision=Decision.NONE, decided_on=clock.today())


def test_words_inside_files_are_found_by_those_who_may_read(town: Town) -> None:
    with_schedule(town)
    plain = filed_pdf(town, "紫陽花の植栽の計画です。")
    secret = filed_pdf(town, "紫陽花の秘密です。", confidentiality=Confidentiality.SECRET)
    for document in (plain, secret):
        assert read_words(document_id=document.id) > 0
    index_pending()
    assert {row.id for row in find_documents(town.clerk, "紫陽花")} == {plain.id, secret.id}
    ids = {hit.object_id for hit in find_records(town.officer, "紫陽花")}
    assert plain.id in ids
    assert secret.id not in ids


def test_from_the_form_to_the_zip(town: Town, client_for) -> None:
    with_schedule(town)
    document = filed_pdf(town)
    read_words(document_id=document.id)
    index_pending()
    client, today = client_for(town.clerk), clock.today().isoformat()
    data = {
        "kind": "information",
        "requester": "請求 花子",
        "asked_for": "名簿",
        "requested_on": today,
        "due_on": today,
    }
    form = data | {"department": str(town.department.id), "idempotency_key": str(uuid7())}
    assert client.post(f"{BASE}new/", form).status_code == 302
    assert client.post(f"{BASE}new/", {}).status_code == 422
    request = DisclosureRequest.objects.get()
    path = f"{BASE}{request.id}/"
    assert "委員の名簿" in client.get(f"{path}?q=甲野").content.decode()
    client.post(f"{path}take/", {"document": str(document.id)})
    target = DisclosureDocument.objects.get()
    sheet = f"{BASE}documents/{target.id}/{document.files.get().file_id}/1/"
    assert client.get(f"{sheet}picture/").content.startswith(b"\x89PNG")
    part = {"ground": "person", "clause": "条例第7条", "left": "100", "top": "100", "width": "50", "height": "20"}
    for more in ({}, {"words": "甲野"}, {"whole": "1"}):
        assert client.post(sheet, part | more).status_code == 302
    assert client.post(sheet, part | {"left": ""}).status_code == 422
    page = client.get(sheet).content.decode()
    assert len(re.findall(r'class="records-mark"', page)) == 3
    client.post(f"{BASE}marks/{DisclosureMark.objects.filter(width=1000).get().id}/unmark/")
    client.post(f"{BASE}documents/{target.id}/judge/", {"outcome": "partial"})
    assert client.post(f"{path}decide/", {"decision": "open", "decided_on": today}).status_code == 422
    assert client.post(f"{path}decide/", {"decision": "partial", "decided_on": today}).status_code == 302
    client.post(f"{path}export/")
    page = client.get(path).content.decode()
    assert "に作ったもの（ZIP）" in page
    assert "開示しない部分の指定" in page
    assert client.get(f"{BASE}?q=名簿&state=decided&format=csv").status_code == 200
    assert "令和8-1" in client.get(BASE).content.decode()
    assert "名簿" in client.get("/staff/records/find/?q=甲野").content.decode()
    client.post(f"{BASE}documents/{target.id}/drop/")
    assert DisclosureDocument.objects.exists()
    assert client.get(sheet.replace("/1/", "/9/")).status_code == 404


def test_two_that_arrive_at_once_get_two_numbers(swept_database, new_cast) -> None:
    town = new_cast().hibari

    def hand() -> None:
        with tenant_scope(town.id):
            asked(town)
        connection.close()

    threads = [threading.Thread(target=hand) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(town.id):
        assert sorted(DisclosureRequest.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]
