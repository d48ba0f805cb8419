"""Record files made and described by hand, their start and event, documents by hand, and the page for everybody."""

import datetime as dt

import pytest

from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.folding import fold
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.records.domain.retention import HoldGround
from kakehashi.records.models import Document, RecordFile
from kakehashi.records.selectors import public_files, registry_files
from kakehashi.records.selectors.words import is_common
from kakehashi.records.services import add_document, choose_start, create_record_file, hold_file
from kakehashi.records.testing import filed, with_schedule

BASE = "/staff/records/files/"


def test_a_further_volume_is_made_once_and_counts_from_its_own_event(town: Town) -> None:
    with_schedule(town)
    first, key = filed(town, code="B-02").record_file, uuid7()
    asked = {"class_code": "B-02", "fiscal_year": 2025, "department": town.department, "name": "甲との契約"}
    made, again = [create_record_file(actor=town.clerk, idempotency_key=key, **asked) for _ in range(2)]
    assert (made.id, made.volume, made.anchor) == (again.id, 2, "event")
    assert create_record_file(actor=town.clerk, idempotency_key=uuid7(), **asked).volume == 3
    assert first.volume == 1


def test_a_document_by_hand_moves_the_anchor_like_any_other(town: Town) -> None:
    with_schedule(town)
    record_file = filed(town).record_file
    asked = {"record_file": record_file, "title": "古い紙", "created_on": dt.date(2024, 5, 1)}
    with pytest.raises(DomainError, match="今日までの日"):
        add_document(actor=town.clerk, idempotency_key=uuid7(), completed_on=dt.date(2024, 4, 1), **asked)
    add_document(actor=town.clerk, idempotency_key=uuid7(), completed_on=dt.date(2024, 6, 1), **asked)
    record_file.refresh_from_db()
    assert (record_file.anchor_on, record_file.starts_on) == (dt.date(2024, 6, 1), dt.date(2025, 4, 1))


def test_19_a_start_outside_the_window_is_refused(town: Town) -> None:
    with_schedule(town)
    record_file = filed(town).record_file
    with pytest.raises(DomainError, match="1年以内"):
        choose_start(actor=town.officer, record_file=record_file, start_on=dt.date(2026, 6, 11))
    moved = choose_start(actor=town.officer, record_file=record_file, start_on=dt.date(2025, 10, 1))
    assert moved.expires_on == dt.date(2030, 9, 30)
    assert choose_start(actor=town.officer, record_file=record_file, start_on=None).expires_on == dt.date(2031, 3, 31)


def test_the_pages_of_a_record_file(town: Town, client_for) -> None:
    with_schedule(town)
    filed(town)
    client = client_for(town.officer)
    new = {"class_code": "B-02", "fiscal_year": "2025", "department": str(town.department.id), "name": "契約"}
    assert client.post(f"{BASE}new/", new | {"idempotency_key": str(uuid7())}).status_code == 302
    assert client.post(f"{BASE}new/", {}).status_code == 422
    made = RecordFile.objects.get(name="契約")
    paper = {"title": "契約書", "created_on": "2025-05-01", "place": "金庫", "idempotency_key": str(uuid7())}
    assert client.post(f"{BASE}{made.id}/documents/new/", paper).status_code == 302
    assert Document.objects.get(title="契約書").papers.get().place == "金庫"
    says = {"name": "契約", "public_name": "ある契約", "place": "金庫", "medium": "paper", "disposition": "transfer"}
    acts = {
        "describe": says,
        "event": {"happened_on": "2026-05-01"},
        "reassign": {"department": str(town.other_department.id)},
    }
    for what, data in acts.items():
        assert client.post(f"{BASE}{made.id}/{what}/", data).status_code == 302, what
    made.refresh_from_db()
    assert (made.expires_on, made.disposition, made.department_id) == (
        dt.date(2032, 3, 31),
        "transfer",
        town.other_department.id,
    )
    for what, data in {"leave": {"left_on": "2026-01-01", "years": "5"}, "start": {"start_on": "2030-01-01"}}.items():
        assert client.post(f"{BASE}{made.id}/{what}/", data).status_code == 422, what
    page = client.get(f"{BASE}{made.id}/").content.decode()
    assert "名称・場所・措置を直す" in page


def test_everybody_reads_the_registry_and_no_secret_of_it(town: Town, client) -> None:
    with_schedule(town)
    record_file = filed(town).record_file
    hold_file(actor=town.officer, record_file=record_file, ground=HoldGround.LITIGATION, reason="甲野太郎の訴え")
    RecordFile.objects.filter(id=record_file.id).update(name="甲野太郎の許可", public_name="公園の許可")
    address = f"/{town.government.slug}/records/"
    page = client.get(address).content.decode()
    assert "公園の許可" in page
    assert "廃棄を保留しているため" in page
    assert "甲野" not in page
    assert "当てはまるものはありません" in client.get(f"{address}?q=甲野").content.decode()
    rows = client.get(f"{address}?format=csv&year=2025").content.decode("utf-8-sig")
    assert "公園の許可" in rows
    assert "甲野" not in rows
    assert client.get(f"{address}?gone=1&format=xlsx").status_code == 200
    assert "Why this date?" in client.get(address, headers={"accept-language": "en"}).content.decode()


def test_continuous_use_ends_on_a_page(town: Town, client_for) -> None:
    with_schedule(town)
    record_file = filed(town, code="A-05").record_file
    client = client_for(town.officer)
    left = {"left_on": clock.today().isoformat(), "years": "5"}
    assert client.get(f"{BASE}{record_file.id}/leave/").status_code == 200
    assert client.post(f"{BASE}{record_file.id}/leave/", left).status_code == 302
    record_file.refresh_from_db()
    assert record_file.expires_on == dt.date(2032, 3, 31)


def test_a_common_and_a_rare_word_are_looked_for_in_two_ways_and_found(town: Town) -> None:
    """The sample decides how a word is looked for, never what is found."""
    with_schedule(town)
    asked = {"class_code": "B-02", "fiscal_year": 2025, "department": town.department}
    for name in [*(f"道路台帳{number}" for number in range(20)), "紫陽花の植栽"]:
        create_record_file(actor=town.clerk, idempotency_key=uuid7(), name=name, **asked)
    assert [is_common("words", fold(word)) for word in ("道路", "紫陽花")] == [True, False]
    assert [registry_files(text=word).count() for word in ("道路", "台帳19", "紫陽花", "無い")] == [20, 1, 1, 0]
    assert [public_files(text=word).count() for word in ("道路", "紫陽花")] == [20, 1]
