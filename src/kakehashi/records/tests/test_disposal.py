"""廃棄・移管・延長: the list, the road of two people, the execution that looks again, tombstones, packages, a race."""

import datetime as dt
import io
import json
import threading
import time
import zipfile

import pytest
from django.db import connection, transaction

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file, stored_file
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town
from kakehashi.records.adapters.bags import faults_in
from kakehashi.records.domain.retention import HoldGround
from kakehashi.records.hooks import Stage
from kakehashi.records.models import (
    DisposalCertificate,
    DisposalItem,
    DisposalList,
    Document,
    DocumentFile,
    FileState,
    Hold,
    ItemState,
    ListState,
    Measure,
    RecordFile,
    Tombstone,
    TransferPackage,
)
from kakehashi.records.selectors import disposed_files, registry_files
from kakehashi.records.services import (
    Proposed,
    accept_package,
    confirm_items,
    execute_list,
    execute_piece,
    gather_piece,
    hold_file,
    make_disposal_list,
    propose_items,
    release_hold,
    send_items_back,
)
from kakehashi.records.testing import expired, gathered, through, with_schedule


def run(disposal_list: DisposalList, town: Town) -> None:
    """The execution with what the worker does."""
    execute_list(actor=town.officer, disposal_list=disposal_list)
    while execute_piece(disposal_list=disposal_list, label=town.officer.label):
        pass


@pytest.fixture
def ruled(town: Town) -> Town:
    return with_schedule(town)


def test_a_list_takes_what_has_expired_and_21_never_what_has_no_expiry(ruled: Town) -> None:
    old = expired(ruled)
    held = expired(ruled, code="C-03")
    hold_file(actor=ruled.officer, record_file=held, ground=HoldGround.LITIGATION, reason="地裁")
    made = make_disposal_list(actor=ruled.officer, fiscal_year=2025)
    while gather_piece(disposal_list=made, size=1):
        pass
    made.refresh_from_db()
    assert (made.state, made.listed) == (ListState.OPEN, 1)
    assert DisposalItem.objects.get().record_file_id == old.id
    with pytest.raises(DomainError, match="どの一覧にもない"):
        make_disposal_list(actor=ruled.officer, fiscal_year=2025)


def test_two_people_decide_and_27_the_tombstone_has_no_content(ruled: Town) -> None:
    record_file = expired(ruled, with_content=b"secret words of somebody")
    made = gathered(ruled)
    item = DisposalItem.objects.get()
    assert propose_items(actor=ruled.clerk, disposal_list=made, asked={item.id: Proposed(Measure.DESTROY)}) == 1
    with pytest.raises(DomainError, match="申し出た人"):
        confirm_items(actor=ruled.clerk, disposal_list=made, item_ids=[item.id])
    assert confirm_items(actor=ruled.manager, disposal_list=made, item_ids=[item.id]) == 1
    run(made, ruled)
    stone = Tombstone.objects.get(record_file=record_file)
    assert (stone.documents, stone.files, len(stone.digest)) == (1, 1, 64)
    assert "翌年度の4月1日" in stone.grounds
    assert ruled.manager.label in stone.grounds
    assert not StoredFile.objects.filter(purpose="records.receipt").exists()
    kept = [*Document.objects.values_list("title", flat=True), *DocumentFile.objects.values_list("name", flat=True)]
    assert set(kept) == {"（廃棄・移管済み）"}


def test_where_the_last_post_is_the_proposers_own_somebody_else_who_manages_records_decides(
    ruled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    expired(ruled)
    road = (Stage("申出"), Stage("確認", "課長", ruled.manager.post_id))
    monkeypatch.setattr("kakehashi.records.services.disposing.disposal_road", lambda *_: road)
    made = gathered(ruled)
    item = DisposalItem.objects.get()
    propose_items(actor=ruled.manager, disposal_list=made, asked={item.id: Proposed(Measure.DESTROY)})
    with pytest.raises(DomainError, match="申し出た人"):
        confirm_items(actor=ruled.manager, disposal_list=made, item_ids=[item.id])
    assert confirm_items(actor=ruled.administrator, disposal_list=made, item_ids=[item.id]) == 1
    assert DisposalItem.objects.get().state == ItemState.APPROVED


def test_26_the_registry_row_persists_after_disposal(ruled: Town) -> None:
    record_file = expired(ruled)
    run(through(ruled, Measure.DESTROY), ruled)
    record_file.refresh_from_db()
    assert (record_file.state, record_file.disposed_on) == (FileState.DESTROYED, clock.today())
    assert not registry_files().exists()
    assert [row.id for row in disposed_files()] == [record_file.id]
    with pytest.raises(Stale):
        hold_file(actor=ruled.officer, record_file=record_file, ground=HoldGround.LITIGATION, reason="遅い")


def test_22_a_hold_placed_between_approval_and_execution_stops_it(ruled: Town) -> None:
    record_file = expired(ruled)
    made = through(ruled, Measure.DESTROY)
    hold = hold_file(actor=ruled.officer, record_file=record_file, ground=HoldGround.DISCLOSURE, reason="請求第1号")
    run(made, ruled)
    item = DisposalItem.objects.get()
    assert (item.state, "請求第1号" in item.stopped_why) == (ItemState.STOPPED, True)
    assert RecordFile.objects.get(id=record_file.id).state == FileState.KEPT
    release_hold(actor=ruled.officer, hold=hold)
    assert gathered(ruled).listed == 1


def test_a_hold_written_past_the_program_stops_it_too(ruled: Town) -> None:
    record_file = expired(ruled)
    made = through(ruled, Measure.DESTROY)
    Hold.objects.create(record_file=record_file, ground="litigation", reason="直接", placed_by_label="x")
    run(made, ruled)
    assert RecordFile.objects.get(id=record_file.id).state == FileState.KEPT


def test_an_extension_is_carried_out_and_needs_years_and_reason(ruled: Town) -> None:
    record_file = expired(ruled)
    made = gathered(ruled)
    item = DisposalItem.objects.get()
    with pytest.raises(DomainError, match="年数と理由"):
        propose_items(actor=ruled.clerk, disposal_list=made, asked={item.id: Proposed(Measure.EXTEND)})
    asked = {item.id: Proposed(Measure.EXTEND, 10, "訴えのおそれ")}
    propose_items(actor=ruled.clerk, disposal_list=made, asked=asked)
    confirm_items(actor=ruled.manager, disposal_list=made, item_ids=[item.id])
    run(made, ruled)
    record_file.refresh_from_db()
    assert record_file.expires_on == dt.date(2034, 3, 31)


def test_it_is_sent_back_with_a_reason(ruled: Town) -> None:
    expired(ruled)
    made = through(ruled, Measure.DESTROY)
    item = DisposalItem.objects.get()
    with pytest.raises(DomainError, match="理由"):
        send_items_back(actor=ruled.officer, disposal_list=made, item_ids=[item.id], comment=" ")
    assert send_items_back(actor=ruled.officer, disposal_list=made, item_ids=[item.id], comment="再確認") == 1
    assert DisposalItem.objects.get().state == ItemState.WAITING
    with pytest.raises(DomainError, match="執行できるもの"):
        execute_list(actor=ruled.officer, disposal_list=made)


def test_the_certificate_names_the_digest_of_its_rows(ruled: Town) -> None:
    from hashlib import sha256

    expired(ruled)
    run(through(ruled, Measure.DESTROY), ruled)
    made = DisposalCertificate.objects.get()
    rows = read_file(stored_file(made.rows_file_id))
    assert (made.number, made.count, made.digest) == (1, 1, sha256(rows).hexdigest())
    assert read_file(stored_file(made.file_id)).startswith(b"%PDF-")
    assert "廃棄" in rows.decode("utf-8-sig")


def test_a_transfer_is_packed_and_goes_when_the_archives_have_it(ruled: Town) -> None:
    record_file = expired(ruled, with_content="町の歴史".encode())
    made = through(ruled, Measure.TRANSFER)
    run(made, ruled)
    package = TransferPackage.objects.get()
    content = read_file(stored_file(package.file_id))
    assert faults_in(io.BytesIO(content)) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        original = next(name for name in names if "/original/" in name)
        assert archive.read(original) == "町の歴史".encode()
        facts = json.loads(archive.read(next(name for name in names if name.endswith("file.json"))))
    assert facts["expires_on"] == "2024-03-31"
    assert RecordFile.objects.get(id=record_file.id).state == FileState.KEPT
    accept = {"accepted_by": "県立公文書館", "accepted_on": clock.today(), "reference": "A-1"}
    accept_package(actor=ruled.officer, package=package, **accept)
    stone = Tombstone.objects.get()
    assert (stone.went_to, RecordFile.objects.get(id=record_file.id).state) == ("県立公文書館", FileState.TRANSFERRED)
    assert DisposalList.objects.get().state == ListState.CLOSED
    with pytest.raises(Stale):
        accept_package(actor=ruled.officer, package=package, **accept)


def test_a_changed_bag_is_noticed(ruled: Town) -> None:
    expired(ruled, with_content=b"one")
    run(through(ruled, Measure.TRANSFER), ruled)
    content = read_file(stored_file(TransferPackage.objects.get().file_id))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"two" if "/original/" in name else old.read(name))
    assert any("変わっています" in fault for fault in faults_in(changed))


def test_a_hold_placed_while_a_disposal_is_executed_waits_and_one_of_the_two_wins(swept_database, new_cast) -> None:
    town = new_cast().hibari
    with tenant_scope(town.id):
        with_schedule(town)
        first, second = expired(town), expired(town, code="C-03")
        made = through(town, Measure.DESTROY)
        execute_list(actor=town.officer, disposal_list=made)
    ready, told = threading.Event(), []

    def execution() -> None:
        with tenant_scope(town.id):
            RecordFile.objects.select_for_update().get(id=first.id)
            ready.set()
            time.sleep(0.3)
            execute_piece(disposal_list=made, label="執行")
        connection.close()

    def late_hold() -> None:
        ready.wait(5)
        with tenant_scope(town.id):
            hold_file(actor=town.officer, record_file=second, ground=HoldGround.LITIGATION, reason="間に合う")
        try:
            with tenant_scope(town.id), transaction.atomic():
                hold_file(actor=town.officer, record_file=first, ground=HoldGround.LITIGATION, reason="遅い")
        except Stale as error:
            told.append(error.message)
        connection.close()

    threads = [threading.Thread(target=execution), threading.Thread(target=late_hold)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(town.id):
        states = dict(RecordFile.objects.values_list("id", "state"))
        assert (states[first.id], states[second.id]) == (FileState.DESTROYED, FileState.KEPT)
        assert not Hold.objects.filter(record_file=first).exists()
    assert told
