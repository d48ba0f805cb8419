"""施行: number, filing, once, and not before the undo time is over."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from kakehashi.approvals.domain.numbering import SeriesKind
from kakehashi.approvals.models import NumberSeries, Proposal, VoidNumber
from kakehashi.approvals.services import issue_proposal, skip_issue, take_number, undo_decision, void_number
from kakehashi.approvals.testing import decided, drafted, issued, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town, two_towns
from kakehashi.records.selectors import document_for, why_this_date


def later(seconds: int = 11) -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=seconds)


def test_issue_takes_a_number_and_files_the_decided_document(town: Town) -> None:
    with_rules(town)
    with clock.frozen(dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)):
        proposal = decided(town)
    with clock.frozen(dt.datetime(2026, 11, 21, 1, 1, tzinfo=dt.UTC)):
        proposal = issue_proposal(actor=town.clerk, proposal=proposal, digest=proposal.digest)
    assert proposal.document_number == "8住第1号"
    assert proposal.state == "filed"
    document = document_for("approvals.proposal", proposal.id)
    assert document is not None
    record_file = document.record_file
    assert document.document_number == "8住第1号"
    assert record_file.name == "令和8年度 許可・認可等の処分"
    assert (record_file.starts_on, record_file.expires_on) == (dt.date(2027, 4, 1), dt.date(2032, 3, 31))
    assert "令和8年11月21日" in why_this_date(record_file).reasons[0].text


def test_issuing_again_changes_nothing(town: Town) -> None:
    with_rules(town)
    proposal = issued(town)
    again = issue_proposal(actor=town.clerk, proposal=proposal)
    assert again.document_number == proposal.document_number
    assert events_for(proposal.id).filter(code="approvals.proposal.issued").count() == 1


def test_nothing_leaves_while_the_decision_may_be_undone(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError, match="10秒"):
        issue_proposal(actor=town.clerk, proposal=decided(town))


def test_issue_refuses_a_text_that_differs_from_the_decided_one(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    with clock.frozen(later()), pytest.raises(Stale):
        issue_proposal(actor=town.clerk, proposal=proposal, digest="0" * 64)


def test_issue_needs_a_decision(town: Town) -> None:
    with_rules(town)
    with pytest.raises(Stale):
        issue_proposal(actor=town.clerk, proposal=submitted(town))


def test_an_issued_proposal_is_never_undone(town: Town) -> None:
    with_rules(town)
    proposal = issued(town)
    with pytest.raises(Stale):
        undo_decision(actor=town.manager, proposal=proposal)
    with pytest.raises(DatabaseError, match="not taken back"), transaction.atomic():
        Proposal.objects.filter(id=proposal.id).update(state="in_circulation")


def test_an_inner_decision_is_filed_without_a_number(town: Town) -> None:
    from kakehashi.approvals.services import decide_proposal, submit_proposal

    with_rules(town)
    proposal = submit_proposal(actor=town.clerk, proposal=drafted(town, matter_code="general.reply", notice=None))
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    with clock.frozen(later()):
        proposal = skip_issue(actor=town.clerk, proposal=proposal)
    assert (proposal.state, proposal.document_number) == ("filed", "")
    assert document_for("approvals.proposal", proposal.id) is not None


def test_16_fiscal_year_edge_in_the_number(town: Town) -> None:
    before = dt.datetime(2027, 3, 31, 14, 59, 59, tzinfo=dt.UTC)
    days = [(before + dt.timedelta(seconds=s)).astimezone(clock.JST).date() for s in (0, 1)]
    numbers = [take_number(kind=SeriesKind.DOCUMENT, symbol="総", day=day) for day in days]
    assert numbers == ["8総第1号", "9総第1号"]


def test_15_a_number_is_not_reused_after_a_rollback(town: Town) -> None:
    day = dt.date(2026, 11, 21)
    first = take_number(kind=SeriesKind.DOCUMENT, symbol="総", day=day)
    with pytest.raises(RuntimeError), transaction.atomic():
        take_number(kind=SeriesKind.DOCUMENT, symbol="総", day=day)
        raise RuntimeError
    second = take_number(kind=SeriesKind.DOCUMENT, symbol="総", day=day)
    assert (first, second) == ("8総第1号", "8総第2号")


def test_a_void_number_is_explained(town: Town) -> None:
    take_number(kind=SeriesKind.DOCUMENT, symbol="総", day=dt.date(2026, 11, 21))
    series = NumberSeries.objects.get(symbol="総")
    void_number(actor=town.clerk, series=series, number=1, reason="誤って付番したため")
    assert VoidNumber.objects.get().number == 1
    for number, reason in ((2, "理由"), (1, " ")):
        with pytest.raises(DomainError):
            void_number(actor=town.clerk, series=series, number=number, reason=reason)


def test_14_number_series_is_gap_free_under_50_concurrent_issuers(swept_database: str) -> None:
    town = two_towns(["approvals", "records"]).hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposals = [decided(town) for _ in range(50)]
    start = threading.Barrier(8)
    moment = later()

    def issue(proposal: Proposal) -> str:
        if proposal in proposals[:8]:
            start.wait(timeout=30)
        try:
            with tenant_scope(town.id):
                return issue_proposal(actor=town.clerk, proposal=proposal).document_number
        finally:
            connection.close()

    with clock.frozen(moment), ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(issue, proposals))
    assert sorted(int(n.split("第")[1][:-1]) for n in numbers) == list(range(1, 51))
