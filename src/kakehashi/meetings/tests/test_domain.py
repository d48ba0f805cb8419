"""Quorum, states, and pages that were replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.meetings.domain.anchors import follow, match_pages
from kakehashi.meetings.domain.quorum import QuorumKind, QuorumRule, count_quorum
from kakehashi.meetings.domain.states import MeetingState, may_become


@pytest.mark.parametrize(
    ("kind", "number", "members", "required"),
    [
        (QuorumKind.MAJORITY, 0, 7, 4),
        (QuorumKind.MAJORITY, 0, 6, 4),
        (QuorumKind.HALF, 0, 6, 3),
        (QuorumKind.HALF, 0, 7, 4),
        (QuorumKind.TWO_THIRDS, 0, 7, 5),
        (QuorumKind.TWO_THIRDS, 0, 6, 4),
        (QuorumKind.NUMBER, 3, 9, 3),
        (QuorumKind.NONE, 0, 9, 0),
    ],
)
def test_required(kind, number, members, required):
    assert QuorumRule(kind, number).required(members) == required


@pytest.mark.parametrize(
    ("online", "proxy", "counted", "is_met"),
    [(True, True, 4, True), (True, False, 3, True), (False, True, 3, True), (False, False, 2, False)],
)
def test_who_counts(online, proxy, counted, is_met):
    rule = QuorumRule(QuorumKind.MAJORITY, counts_online=online, counts_proxy=proxy)
    found = count_quorum(rule, ["present", "present", "online", "proxy", "absent"])
    assert (found.counted, found.is_met, found.required) == (counted, is_met, 3)


def test_nobody_is_no_quorum_unless_there_is_no_rule():
    assert not count_quorum(QuorumRule(QuorumKind.MAJORITY), []).is_met
    assert count_quorum(QuorumRule(QuorumKind.NONE), ["absent"]).is_met


def test_the_rule_in_words():
    rule = QuorumRule(QuorumKind.MAJORITY, clause="庁議規程第5条")
    assert rule.words == "構成員の過半数（庁議規程第5条）。オンラインを数え、代理は数えません。"
    found = count_quorum(rule, ["present", "expected", "absent"])
    assert found.sentence == "構成員3人のうち1人が出席し、必要な2人に達していません。"


def test_states_go_forward_only():
    assert may_become("preparing", MeetingState.DISTRIBUTED)
    assert not may_become("preparing", MeetingState.OPEN)
    assert not may_become("closed", MeetingState.OPEN)
    assert not may_become("open", MeetingState.CANCELLED)


A, B, C = "一 予算の概要について説明します", "二 窓口の時間を変えます", "三 職員の研修を行います"


def test_notes_follow_pages_that_moved():
    assert match_pages([A, B, C], [A, "新しいページ", B, C]) == [1, 3, 4]
    assert match_pages([A, B, C], [C, A]) == [2, None, 1]
    assert match_pages([A, B], [A, B + "（追記しました）"]) == [1, 2]


def test_a_scan_keeps_its_place():
    assert match_pages(["", "", A], ["", "", A]) == [1, 2, 3]
    assert match_pages(["", "", A], [A]) == [None, None, 1]


def test_equal_pages_take_the_nearest():
    assert match_pages([A, A], [A, A]) == [1, 2]


texts = st.lists(st.sampled_from([A, B, C, "", "短い"]), max_size=6)


@given(texts, texts)
def test_each_new_page_is_given_once(before, after):
    found = [page for page in match_pages(before, after) if page is not None]
    assert len(found) == len(set(found))
    assert all(0 < page <= len(after) for page in found)


@given(texts)
def test_nothing_changed_nothing_moved(pages):
    assert match_pages(pages, pages) == list(range(1, len(pages) + 1))


def test_follow_through_several_replacements():
    assert follow(2, [[1, 3], [1, None, 2]]) == 2
    assert follow(1, [[None], [1]]) is None
    assert follow(9, [[1]]) is None
    assert follow(4, []) == 4
