"""Filing, holds, extension, 改組: the dates in the registry."""

import datetime as dt

import pytest

from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.records.domain.retention import HoldGround
from kakehashi.records.models import RecordFile
from kakehashi.records.selectors import disposable_files, files_expiring_in, holds_on, why_this_date
from kakehashi.records.services import (
    complete_document,
    extend_file,
    file_document,
    hold_file,
    install_schedule,
    leave_continuous_use,
    reassign_file,
    record_event_date,
    release_hold,
)
from kakehashi.records.testing import filed, line, with_schedule


@pytest.fixture
def ruled(town: Town) -> Town:
    return with_schedule(town)


def test_18_a_filed_document_gets_the_worked_dates(ruled: Town) -> None:
    record_file = filed(ruled).record_file
    assert (record_file.starts_on, record_file.expires_on) == (dt.date(2026, 4, 1), dt.date(2031, 3, 31))


def test_documents_of_a_year_share_one_file(ruled: Town) -> None:
    files = {filed(ruled, on=day).record_file_id for day in (dt.date(2025, 6, 10), dt.date(2026, 3, 31))}
    assert len(files) == 1
    assert filed(ruled, on=dt.date(2026, 4, 1)).record_file_id not in files


def test_28_a_document_cannot_enter_a_file_of_another_period(ruled: Town) -> None:
    three, five = filed(ruled, code="C-02").record_file, filed(ruled, code="C-03").record_file
    assert (three.period_years, five.period_years) == (3, 5)
    assert three.id != five.id


def test_filing_the_same_source_twice_makes_one_document(ruled: Town) -> None:
    source = uuid7()
    documents = [
        file_document(
            actor=ruled.clerk,
            title="許可",
            class_code="C-03",
            created_on=dt.date(2025, 6, 10),
            source_kind="test.thing",
            source_id=source,
            department=ruled.department,
        )
        for _ in range(2)
    ]
    assert documents[0].id == documents[1].id


def test_a_class_without_a_schedule_is_refused(ruled: Town) -> None:
    with pytest.raises(DomainError, match="Z-99"):
        filed(ruled, code="Z-99")


def test_20_reorganisation_leaves_the_start_unchanged(ruled: Town) -> None:
    record_file = filed(ruled).record_file
    moved = reassign_file(actor=ruled.officer, record_file=record_file, department=ruled.other_department)
    assert moved.department_id == ruled.other_department.id
    assert (moved.starts_on, moved.expires_on) == (record_file.starts_on, record_file.expires_on)


def test_21_no_expiry_is_never_disposable(ruled: Town) -> None:
    in_use, event = filed(ruled, code="A-05").record_file, filed(ruled, code="B-02").record_file
    dated = filed(ruled).record_file
    assert in_use.expires_on is None
    assert event.expires_on is None
    assert [f.id for f in disposable_files(dt.date(9999, 1, 1))] == [dated.id]


def test_23_and_24_holds_are_a_list_and_the_latest_wins(ruled: Town) -> None:
    record_file = filed(ruled).record_file
    first = hold_file(
        actor=ruled.officer,
        record_file=record_file,
        ground=HoldGround.DISCLOSURE,
        reason="請求第3号",
        decided_on=dt.date(2032, 1, 9),
    )
    second = hold_file(actor=ruled.officer, record_file=record_file, ground=HoldGround.LITIGATION, reason="地裁")
    assert RecordFile.objects.get(id=record_file.id).expires_on is None
    assert release_hold(actor=ruled.officer, hold=second).expires_on == dt.date(2033, 1, 9)
    assert [hold.id for hold in holds_on(record_file)] == [first.id]
    assert release_hold(actor=ruled.officer, hold=first).expires_on == dt.date(2031, 3, 31)


def test_extension_keeps_original_and_total(ruled: Town) -> None:
    extended = extend_file(actor=ruled.officer, record_file=filed(ruled).record_file, years=2, reason="監査のため")
    assert (extended.base_expires_on, extended.expires_on) == (dt.date(2031, 3, 31), dt.date(2033, 3, 31))
    assert any("通算7年" in reason.text for reason in why_this_date(extended).reasons)


def test_a_late_event_recalculates(ruled: Town) -> None:
    record_file = filed(ruled, code="B-02").record_file
    assert "未定" in why_this_date(record_file).reasons[0].text
    fixed = record_event_date(actor=ruled.officer, record_file=record_file, happened_on=dt.date(2030, 8, 1))
    assert fixed.expires_on == dt.date(2036, 3, 31)


def test_25_leaving_continuous_use_starts_the_period(ruled: Town) -> None:
    record_file = filed(ruled, code="A-05").record_file
    left = leave_continuous_use(actor=ruled.officer, record_file=record_file, left_on=dt.date(2026, 9, 30), years=5)
    assert left.expires_on == dt.date(2032, 3, 31)


def test_files_expiring_in_a_year(ruled: Town) -> None:
    record_file = filed(ruled).record_file
    assert [f.id for f in files_expiring_in(2030)] == [record_file.id]
    assert list(files_expiring_in(2031)) == []


def test_completion_is_recorded_and_not_before_creation(ruled: Town) -> None:
    document = filed(ruled)
    with pytest.raises(DomainError):
        complete_document(actor=ruled.clerk, document=document, completed_on=dt.date(2025, 6, 9))
    assert complete_document(actor=ruled.clerk, document=document, completed_on=dt.date(2025, 6, 11)).completed_on


def test_a_changed_schedule_begins_a_new_generation(ruled: Town) -> None:
    new = install_schedule(
        actor=ruled.administrator,
        lines=[line("C-03", years=10)],
        valid_from=dt.date(2026, 4, 1),
        regulation="文書管理規程",
    )
    assert new == 1
    assert filed(ruled).record_file.period_years == 5
    assert filed(ruled, on=dt.date(2026, 5, 1)).record_file.period_years == 10
