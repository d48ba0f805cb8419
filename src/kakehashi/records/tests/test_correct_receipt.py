"""訂正 and 欠番: the number stays, the earlier text stays readable until it is destroyed, a void number says why."""

from hashlib import sha256

import pytest

from kakehashi.cases.models import Case
from kakehashi.journal.domain.canonical import canonical_json
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town
from kakehashi.records.models import Document, Receipt, ReceiptCorrection
from kakehashi.records.selectors import ReceiptFilter, receipts
from kakehashi.records.services import (
    Letter,
    Placing,
    complete_receipt,
    correct_receipt,
    create_record_file,
    file_receipt,
    move_document,
    void_receipt,
)
from kakehashi.records.services.receiving import forget_receipts
from kakehashi.records.testing import received, with_schedule

BASE = "/staff/records/receipts/"


def letter(**changes: object) -> Letter:
    facts = {"title": "道路の現況について（照会）", "sender": "みさき市", "received_on": clock.today(), **changes}
    return Letter(**facts)  # type: ignore[arg-type]


def test_the_number_stays_and_the_earlier_text_is_readable(town: Town) -> None:
    with_schedule(town)
    receipt = received(town, placing=Placing(class_code="C-03"))
    new = letter(title="道路の現況について（回答）")
    corrected = correct_receipt(actor=town.clerk, receipt=receipt, letter=new, reason="差出人の書き誤り")
    assert (corrected.number, corrected.sender) == (receipt.number, "みさき市")
    made = ReceiptCorrection.objects.get()
    assert made.before == {"sender": "ひばり県", "title": "道路の現況について（照会）"}
    payload = Event.objects.get(code="records.receipt.corrected").payload
    assert payload["digest"] == sha256(made.salt.encode() + canonical_json(made.before)).hexdigest()
    assert "ひばり県" not in str(payload)
    assert Document.objects.get().title == new.title


def test_nothing_changed_writes_nothing_and_a_reason_is_needed(town: Town) -> None:
    receipt = received(town)
    same = letter(sender="ひばり県")
    correct_receipt(actor=town.clerk, receipt=receipt, letter=same, reason="")
    assert not ReceiptCorrection.objects.exists()
    with pytest.raises(DomainError, match="理由"):
        correct_receipt(actor=town.clerk, receipt=receipt, letter=letter(), reason=" ")


def test_what_was_corrected_goes_with_the_record_file(town: Town) -> None:
    receipt = received(town)
    correct_receipt(actor=town.clerk, receipt=receipt, letter=letter(), reason="ひばり県ではなく市")
    forget_receipts([receipt.id])
    made = ReceiptCorrection.objects.get()
    assert (made.before, made.salt) == ({}, "")
    assert "ひばり県" not in made.reason


def test_a_void_number_stays_with_its_reason_and_is_not_used_again(town: Town) -> None:
    with_schedule(town)
    receipt = received(town, placing=Placing(opens_case=True))
    void_receipt(actor=town.clerk, receipt=receipt, reason="二度収受した")
    assert received(town).number != receipt.number
    assert [row.void_reason for row in receipts(town.clerk, ReceiptFilter(state="voided"))] == ["二度収受した"]
    assert Case.objects.get(source_id=receipt.id).state_label == "欠番"
    for act in (
        lambda: file_receipt(actor=town.clerk, receipt=receipt, class_code="C-03"),
        lambda: complete_receipt(actor=town.clerk, receipt=receipt, completed_on=clock.today()),
        lambda: void_receipt(actor=town.clerk, receipt=receipt, reason="また"),
    ):
        with pytest.raises(DomainError, match="欠番"):
            act()


def test_what_is_filed_is_not_voided(town: Town) -> None:
    with_schedule(town)
    receipt = received(town, placing=Placing(class_code="C-03"))
    with pytest.raises(DomainError, match="簿冊に整理した"):
        void_receipt(actor=town.clerk, receipt=receipt, reason="誤り")


def test_a_volume_is_chosen_and_a_document_moved_to_another(town: Town, client_for) -> None:
    with_schedule(town)
    first = received(town, placing=Placing(class_code="C-03")).document
    assert first is not None
    key, year = first.id, first.record_file.record_fiscal_year
    second = create_record_file(
        actor=town.officer,
        class_code="C-03",
        fiscal_year=year,
        department=town.department,
        name="",
        idempotency_key=key,
    )
    receipt, client = received(town), client_for(town.clerk)
    assert second.name in client.get(f"{BASE}{receipt.id}/").content.decode()
    assert client.post(f"{BASE}{receipt.id}/file/", {"class_code": str(second.id)}).status_code == 302
    assert Receipt.objects.select_related("document").get(id=receipt.id).document.record_file_id == second.id
    moved = move_document(actor=town.clerk, document=first, into=second)
    assert Document.objects.get(id=moved.id).record_file_id == second.id
    other = received(town, placing=Placing(class_code="C-02")).document
    assert other is not None
    with pytest.raises(DomainError, match="ほかの冊"):
        move_document(actor=town.clerk, document=moved, into=other.record_file)


def test_the_pages_correct_and_void(town: Town, client_for) -> None:
    receipt, client = received(town), client_for(town.clerk)
    form = {
        "title": "道路の照会（訂正）",
        "sender": "ひばり県",
        "received_on": clock.today().isoformat(),
        "way": "post",
        "confidentiality": "ordinary",
    }
    assert client.post(f"{BASE}{receipt.id}/correct/", form).status_code == 422
    assert client.post(f"{BASE}{receipt.id}/correct/", form | {"reason": "書き誤り"}).status_code == 302
    page = client.get(f"{BASE}{receipt.id}/").content.decode()
    assert "訂正前の件名" in page
    assert "道路の現況について（照会）" in page
    assert client.post(f"{BASE}{receipt.id}/void/", {"reason": "二度収受した"}).status_code == 302
    assert "二度収受した" in client.get(BASE).content.decode()
