"""States, effect, masking, conditions and supporters, without a database."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.desk.domain.assignment import Candidate, suggest_supporters
from kakehashi.desk.domain.conditions import Conditions, adoption_steps, differences
from kakehashi.desk.domain.effect import Effect, Frequency, cases_a_year, hours_a_year
from kakehashi.desk.domain.masking import FindingKind, find_personal, mask_text, undecided
from kakehashi.desk.domain.states import TRANSITIONS, ConsultationState, case_phase, is_open, may_move, state_label
from kakehashi.kernel.ids import uuid7
from kakehashi.search.domain.tokens import person_names

S = ConsultationState


def test_the_road_from_draft_to_shared() -> None:
    road = [S.DRAFT, S.RECEIVED, S.TRIAGED, S.PURPOSE_CONFIRMED, S.ASSIGNED, S.IN_CYCLE, S.WAITING_RULE, S.IN_CYCLE]
    road += [S.RESOLVED, S.SHARED]
    assert all(may_move(a, b) for a, b in pairwise(road))


def test_nobody_is_assigned_before_the_purpose_is_confirmed() -> None:
    assert not may_move(S.RECEIVED, S.ASSIGNED)
    assert not may_move(S.TRIAGED, S.IN_CYCLE)


def test_every_state_has_a_phase_and_closed_ones_are_not_open() -> None:
    assert set(TRANSITIONS) == set(S)
    assert {case_phase(state) for state in S} == {"new", "working", "waiting", "done"}
    assert not any(is_open(state) for state in S if case_phase(state) == "done")
    assert state_label(S.IN_CYCLE, 2) == "実施中（2回目）"


def test_hours_released() -> None:
    effect = Effect(Decimal(15), cases_a_year(Frequency.MONTHLY, 40), Decimal(3), 480, 2, 0, Decimal(20))
    assert (effect.hours_before, effect.hours_after, effect.hours_released) == (Decimal(120), Decimal(24), Decimal(96))
    assert effect.paper_saved == 960
    assert effect.payback_months == Decimal("2.5")


def test_a_change_that_made_more_work_is_shown_as_such() -> None:
    effect = Effect(Decimal(5), 12, Decimal(10), 12)
    assert effect.hours_released == Decimal("-1.0")
    assert effect.payback_months is None
    assert effect.paper_saved is None


def test_hours_round_half_up() -> None:
    assert hours_a_year(minutes_each=Decimal(3), cases=1) == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("連絡は taro.suzuki@example.lg.jp まで", FindingKind.MAIL),
        ("電話 0178-12-3456 へ", FindingKind.PHONE),
        ("電話は０１７８(12)3456です", FindingKind.PHONE),
        ("携帯09012345678に", FindingKind.PHONE),
        ("個人番号 1234 5678 9012 を", FindingKind.NUMBER),
        ("口座1234567です", FindingKind.NUMBER),
        ("〒031-0001 に", FindingKind.POSTCODE),
        ("青森県八戸市内丸1丁目1番1号に住む", FindingKind.ADDRESS),
        ("鈴木さんが毎日入力", FindingKind.NAME),
    ],
)
def test_what_names_a_person_is_found(text: str, kind: FindingKind) -> None:
    assert kind in {finding.kind for finding in find_personal({"problem": text})}


def test_the_dictionary_and_the_staff_list_find_names() -> None:
    findings = find_personal({"x": "佐藤花子と大鰐が担当"}, known_names=["大鰐"], name_spans=person_names)
    assert [finding.text for finding in findings] == ["佐藤花子", "大鰐"]


def test_plain_numbers_and_years_are_left_alone() -> None:
    assert find_personal({"x": "令和8年度は年480件、1件15分、人口180,000人。2026年4月1日から。"}) == []


def test_masking_replaces_and_nothing_is_found_again() -> None:
    text = "鈴木さん(0178-12-3456, suzuki@example.jp)が内丸1丁目1番1号の方の分を入力"
    masked = mask_text(text, find_personal({"x": text}))
    assert "0178" not in masked
    assert "suzuki" not in masked
    assert undecided(find_personal({"x": masked}), {}) == []


def test_a_mail_address_can_never_be_kept_a_name_can() -> None:
    findings = find_personal({"x": "鈴木さん a@b.jp"})
    kept = {finding.key: "keep" for finding in findings}
    assert [finding.kind for finding in undecided(findings, kept)] == [FindingKind.MAIL]


@given(st.text(max_size=300))
def test_masking_any_text_ends_and_leaves_nothing_certain(text: str) -> None:
    masked = text
    for _ in range(5):
        findings = find_personal({"x": masked})
        if not findings:
            break
        masked = mask_text(masked, findings)
    assert not [f for f in find_personal({"x": masked}) if not f.may_keep]


def test_differences_are_said() -> None:
    found = differences(Conditions(180_000, "Garoon"), Conditions(3_400, ""))
    assert found == ["人口が約50倍の団体の事例です。", "「Garoon」を使った事例です。"]
    assert differences(Conditions(4_000), Conditions(3_400)) == []


def test_steps_come_from_what_was_done() -> None:
    assert adoption_steps("1. 様式を見直す\n・フォームを作る\n\n") == ["様式を見直す", "フォームを作る"]
    assert adoption_steps("様式を見直した。フォームを作った。") == ["様式を見直した。", "フォームを作った。"]


def test_experience_counts_for_and_load_against() -> None:
    free = Candidate(uuid7(), "青木", 0, 0)
    busy = Candidate(uuid7(), "井上", 9, 1)
    expert = Candidate(uuid7(), "上田", 1, 3)
    found = suggest_supporters([free, busy, expert])
    assert [s.candidate.name for s in found] == ["上田", "青木", "井上"]
    assert "担当がこの人に集中しています" in found[2].reasons
