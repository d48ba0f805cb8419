"""raise_issue, join_issue, leave_issue, close_issue: the same trouble in several sections, once."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import Consultation, CrossIssue, IssueMember
from kakehashi.desk.selectors.issues import issues_in, same_trouble
from kakehashi.desk.services import close_issue, join_issue, leave_issue, raise_issue
from kakehashi.desk.testing import filed
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town
from kakehashi.search.services import index_pending


def elsewhere(town: Town, **changes: object) -> Consultation:
    consultation = filed(town, **changes)
    consultation.department = town.other_department
    consultation.save(update_fields=["department"])
    return consultation


def raised(town: Town) -> CrossIssue:
    return raise_issue(
        actor=town.officer, title="鍵の貸出簿", summary="どの課も三回書く", consultations=[filed(town), elsewhere(town)],
        owner=town.other_department,
    )  # fmt: skip


def test_the_same_trouble_is_found_in_another_section(town: Town) -> None:
    here = filed(town, task="会議室の鍵の貸出簿", problem="鍵の貸出簿を三回書いている")
    there = elsewhere(town, task="公用車の鍵の貸出簿", problem="鍵を借りるたび三回書く")
    filed(town, task="固定資産税の評価替え", problem="計算に時間がかかる", purpose="税を正しく決める")
    index_pending()
    assert [row.id for row in same_trouble(town.officer, here)] == [there.id]


def test_consultations_are_joined_and_everybody_is_told(town: Town) -> None:
    issue = raised(town)
    found = issues_in("open").get(id=issue.id)
    assert (found.asked, found.sections) == (2, 2)
    assert Notice.objects.filter(kind="desk.joined").count() == 2
    assert Event.objects.filter(code="desk.issue.raised", subject_id=issue.id).exists()


def test_one_consultation_is_no_issue_and_belongs_to_one_only(town: Town) -> None:
    alone = filed(town)
    with pytest.raises(DomainError):
        raise_issue(actor=town.officer, title="一つだけ", summary="", consultations=[alone, alone])
    issue = raised(town)
    member = join_issue(actor=town.officer, issue=issue, consultation=alone)
    assert join_issue(actor=town.officer, issue=issue, consultation=alone).id == member.id
    with pytest.raises(DomainError):
        raise_issue(actor=town.officer, title="別の", summary="", consultations=[alone, filed(town)])


def test_leaving_needs_a_reason(town: Town) -> None:
    issue = raised(town)
    member = issue.members.first()
    assert member is not None
    with pytest.raises(DomainError):
        leave_issue(actor=town.officer, member=member, reason="")
    leave_issue(actor=town.officer, member=member, reason="別の話だった")
    assert IssueMember.objects.count() == 1


def test_its_end_is_told_to_everybody_and_happens_once(town: Town) -> None:
    issue = raised(town)
    with pytest.raises(DomainError):
        close_issue(actor=town.officer, issue=issue, state="solved", result="")
    close_issue(actor=town.officer, issue=issue, state="solved", result="貸出簿をやめた")
    # Both were asked by one person, who is told of one act once.
    assert Notice.objects.filter(kind="desk.joined", subject__startswith="全庁課題の結果").count() == 1
    with pytest.raises(Stale):
        close_issue(actor=town.officer, issue=issue, state="solved", result="もう一度")
    with pytest.raises(Stale):
        join_issue(actor=town.officer, issue=issue, consultation=filed(town))
