"""収受: number, files, case, record file; once per key; who may see what is 秘密."""

import datetime as dt
import threading

import pytest
from django.db import connection

from kakehashi.cases.models import Case
from kakehashi.files.services import store_file
from kakehashi.files.testing import PDF
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town
from kakehashi.records.domain.retention import HoldGround
from kakehashi.records.models import Confidentiality, Original, Receipt
from kakehashi.records.selectors import ReceiptFilter, papers, receipts
from kakehashi.records.services import (
    Placing,
    complete_receipt,
    designate_original,
    distribute_receipt,
    file_receipt,
    hold_file,
    let_paper_go,
    link_receipt,
)
from kakehashi.records.testing import received, with_schedule


def test_a_paper_is_numbered_filed_and_opens_a_case(town: Town) -> None:
    with_schedule(town)
    scan = store_file(actor=town.clerk, name="照会.pdf", content=PDF, purpose="records.receipt")
    receipt = received(town, files=[scan], place="書庫1", placing=Placing(opens_case=True, class_code="C-03"))
    assert receipt.number.endswith("住収第1号")
    assert receipt.case is not None
    assert receipt.case.kind == "records.receipt"
    document = receipt.document
    assert document is not None
    assert (document.document_number, document.files.get().sha256) == (receipt.number, scan.sha256)
    assert document.record_file.get_medium_display() == "電子・紙"
    assert Event.objects.filter(code="records.receipt.registered", subject_id=receipt.id).exists()


def test_the_same_key_receives_once_and_numbers_follow_one_another(town: Town) -> None:
    key = uuid7()
    first, again, second = received(town, key=key), received(town, key=key), received(town)
    assert first.id == again.id
    assert (first.number[-4:], second.number[-4:]) == ("第1号", "第2号") or second.number.endswith("第2号")


def test_a_future_day_is_refused(town: Town) -> None:
    with pytest.raises(DomainError, match="先の日"):
        received(town, on=clock.today() + dt.timedelta(days=1))


def test_what_is_secret_is_seen_by_its_own_section_only(town: Town) -> None:
    secret = received(town, confidentiality=Confidentiality.SECRET)
    plain = received(town, department=town.other_department)

    def seen(actor) -> set[object]:
        return {row.id for row in receipts(actor, ReceiptFilter())}

    stranger = _without_manage(town.officer)
    assert seen(town.clerk) == {secret.id, plain.id}
    assert seen(stranger) == {plain.id}
    assert seen(town.mayor) == {secret.id, plain.id}


def _without_manage(actor):
    from dataclasses import replace

    return replace(actor, permissions=actor.permissions - {"records.file:manage"})


def test_it_is_distributed_linked_filed_and_completed(town: Town) -> None:
    with_schedule(town)
    receipt = received(town)
    receipt = distribute_receipt(actor=town.clerk, receipt=receipt, department=town.other_department)
    receipt = link_receipt(actor=town.clerk, receipt=receipt, case=None)
    document = file_receipt(actor=town.clerk, receipt=receipt, class_code="C-03")
    assert document.record_file.department_id == town.other_department.id
    assert document.record_file.starts_on is None
    done = complete_receipt(actor=town.clerk, receipt=receipt, completed_on=clock.today())
    document.record_file.refresh_from_db()
    assert document.record_file.anchor_on == done.completed_on
    assert Case.objects.get(source_id=receipt.id).phase == "done"
    with pytest.raises(DomainError, match="課は変えられません"):
        distribute_receipt(actor=town.clerk, receipt=receipt, department=town.department)


def test_the_register_is_narrowed(town: Town) -> None:
    received(town, title="道路の照会")
    other = received(town, title="補助金の通知", on=dt.date(2020, 5, 1))
    wanted = ReceiptFilter(
        text="補助金", fiscal_year=2020, state="unfiled", way="post", department_id=town.department.id
    )
    assert [row.id for row in receipts(town.clerk, wanted)] == [other.id]
    assert not receipts(town.clerk, ReceiptFilter(state="completed")).exists()


def test_the_paper_of_a_compared_scan_goes_on_its_day_and_not_under_a_hold(town: Town) -> None:
    with_schedule(town)
    scan = store_file(actor=town.clerk, name="a.pdf", content=PDF, purpose="records.receipt")
    receipt = received(town, files=[scan], place="書庫1", placing=Placing(class_code="C-03"))
    paper = papers(town.officer).get()
    with pytest.raises(DomainError, match="紙が原本"):
        let_paper_go(actor=town.officer, paper=paper)
    with pytest.raises(DomainError, match="今日以後"):
        designate_original(actor=town.officer, paper=paper, original=Original.SCAN, clause="規程第9条")
    paper = designate_original(
        actor=town.officer, paper=paper, original=Original.SCAN, clause="規程第9条", may_go_on=clock.today()
    )
    assert receipt.document is not None
    record_file = receipt.document.record_file
    hold_file(actor=town.officer, record_file=record_file, ground=HoldGround.LITIGATION, reason="地裁")
    with pytest.raises(DomainError, match="保留"):
        let_paper_go(actor=town.officer, paper=paper)
    assert not papers(town.officer, may_go=True).exists()


def test_numbers_have_no_gap_under_many_hands(swept_database, new_cast) -> None:
    town = new_cast().hibari

    def hand() -> None:
        with tenant_scope(town.id):
            received(town)
        connection.close()

    threads = [threading.Thread(target=hand) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(town.id):
        numbers = sorted(int(n.split("第")[1].rstrip("号")) for n in Receipt.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 9))
