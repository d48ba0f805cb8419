"""save_draft, file, triage, confirm_purpose, assign, cycle, wait, resolve, decline, withdraw, promote."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kakehashi.cases.models import Case
from kakehashi.desk.hooks import Promotion, register_promotion
from kakehashi.desk.models import Consultation, OodaCycle
from kakehashi.desk.selectors import consultations_of, draft_of, supporter_suggestions
from kakehashi.desk.services import (
    assign_supporter,
    confirm_purpose,
    decline_consultation,
    file_consultation,
    place_desk,
    promote_consultation,
    record_cycle,
    resolve_consultation,
    save_draft,
    triage_consultation,
    wait_for,
    withdraw_consultation,
)
from kakehashi.desk.testing import ANSWERS, assigned, filed, resolved, with_purpose
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import DuplicateKey
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town, person_of


def codes() -> list[str]:
    return list(
        Event.objects.filter(code__startswith="desk.").order_by("occurred_at", "id").values_list("code", flat=True)
    )


def test_a_draft_keeps_what_was_typed_and_is_its_writers(town: Town) -> None:
    key = uuid7()
    save_draft(actor=town.clerk, consultation_id=key, answers={"task": "鍵の貸出簿"})
    save_draft(actor=town.clerk, consultation_id=key, answers={"problem": "毎回書く"})
    draft = draft_of(town.clerk)
    assert (draft.task, draft.problem) == ("鍵の貸出簿", "毎回書く")  # type: ignore[union-attr]
    assert not consultations_of(town.manager).exists()
    with pytest.raises(NotFound):
        save_draft(actor=town.manager, consultation_id=key, answers={"task": "x"})
    assert codes() == []


def test_filing_twice_makes_one_consultation_and_one_case(town: Town) -> None:
    key = uuid7()
    for _ in range(2):
        file_consultation(actor=town.clerk, consultation_id=key, answers=ANSWERS)
    assert (Consultation.objects.count(), Case.objects.count()) == (1, 1)
    assert codes() == ["desk.consultation.filed"]


@pytest.mark.parametrize("field", ["task", "problem"])
def test_task_and_trouble_are_needed(town: Town, field: str) -> None:
    with pytest.raises(DomainError) as raised:
        filed(town, **{field: "  "})
    assert raised.value.field == field


def test_the_case_comes_to_the_desks_section(town: Town) -> None:
    place_desk(actor=town.administrator, department=town.other_department)
    consultation = filed(town)
    assert consultation.case.department_id == town.other_department.id
    assert (consultation.case.phase, consultation.case.state_label) == ("new", "受付")


def test_nobody_is_assigned_before_the_purpose(town: Town) -> None:
    consultation = filed(town, purpose="")
    with pytest.raises(DomainError, match="先に、目的"):
        assign_supporter(actor=town.officer, consultation=consultation, supporter=person_of(town.officer), reason="")
    with pytest.raises(DomainError, match="先に、目的"):
        record_cycle(actor=town.officer, consultation=consultation, line="x", decision="continue")


def test_a_written_purpose_must_still_be_confirmed(town: Town) -> None:
    with pytest.raises(DomainError, match="できません"):
        assign_supporter(actor=town.officer, consultation=filed(town), supporter=person_of(town.officer), reason="")


@pytest.mark.parametrize(("purpose", "desired", "field"), [("", "x", "purpose"), ("x", " ", "desired_state")])
def test_confirming_needs_both(town: Town, purpose: str, desired: str, field: str) -> None:
    with pytest.raises(DomainError) as raised:
        confirm_purpose(actor=town.officer, consultation=filed(town), purpose=purpose, desired_state=desired)
    assert raised.value.field == field


def test_assigning_tells_both_and_gives_the_case(town: Town) -> None:
    consultation = assigned(town)
    consultation.case.refresh_from_db()
    assert consultation.case.handler_id == town.officer.id
    assert set(Notice.objects.values_list("person_id", flat=True)) == {town.officer.id, town.clerk.id}


def test_supporters_are_suggested_with_reasons(town: Town) -> None:
    resolved(town)
    best = supporter_suggestions(filed(town))[0]
    assert best.candidate.person_id == town.officer.id
    assert best.reasons[0] == "似た相談を1件解決"


def test_a_cycle_is_one_line(town: Town) -> None:
    consultation = assigned(town)
    record_cycle(actor=town.officer, consultation=consultation, line="様式を見直した", decision="pivot")
    wait_for(actor=town.officer, consultation=consultation, waiting="waiting_rule", note="文書管理規程")
    consultation.case.refresh_from_db()
    assert (consultation.case.phase, consultation.case.waiting_on) == ("waiting", "規程の所管課")
    record_cycle(actor=town.officer, consultation=consultation, line="規程が改まった", decision="continue")
    assert consultation.state_label == "実施中（2回目）"
    assert list(OodaCycle.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(("line", "decision"), [("", "continue"), ("x", "maybe"), ("x", "")])
def test_a_cycle_needs_a_line_and_a_decision(town: Town, line: str, decision: str) -> None:
    with pytest.raises(DomainError):
        record_cycle(actor=town.officer, consultation=assigned(town), line=line, decision=decision)


def test_a_resolution_measures_its_effect_and_closes_the_case(town: Town) -> None:
    consultation = resolved(town)
    assert consultation.effect.hours_released == Decimal("61.5")  # type: ignore[union-attr]
    assert consultation.effect.paper_saved == 1230  # type: ignore[union-attr]
    consultation.case.refresh_from_db()
    assert consultation.case.phase == "done"
    assert codes()[-1] == "desk.consultation.resolved"


def test_a_task_given_up_leaves_nothing(town: Town) -> None:
    consultation = assigned(town)
    resolve_consultation(
        actor=town.officer, consultation=consultation, cause="", what_was_done="貸出簿を廃止した。", what_failed="",
        after_minutes=None, after_cases=None, is_discontinued=True,
    )  # fmt: skip
    assert (consultation.state, consultation.effect.hours_after) == ("discontinued_task", 0)  # type: ignore[union-attr]


def test_of_two_who_move_at_once_the_second_is_told(town: Town) -> None:
    consultation = filed(town)
    other = Consultation.objects.get(id=consultation.id)
    triage_consultation(actor=town.officer, consultation=consultation)
    with pytest.raises(Stale):
        triage_consultation(actor=town.officer, consultation=other)


def test_declining_needs_a_reason_and_withdrawing_is_ones_own(town: Town) -> None:
    with pytest.raises(DomainError):
        decline_consultation(actor=town.officer, consultation=filed(town), reason=" ")
    with pytest.raises(NotFound):
        withdraw_consultation(actor=town.officer, consultation=filed(town))
    assert withdraw_consultation(actor=town.clerk, consultation=filed(town)).state == "withdrawn"


def test_without_the_permission_nothing_happens(town: Town) -> None:
    from dataclasses import replace

    nobody = replace(town.officer, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        triage_consultation(actor=nobody, consultation=filed(town))
    with pytest.raises(PermissionRefused):
        save_draft(actor=nobody, consultation_id=uuid7(), answers={})


def test_a_promotion_makes_one_thing(town: Town) -> None:
    made: list[str] = []
    try:
        register_promotion(
            "desk.test",
            Promotion("試験", "試す", "desk.consultation:support", lambda actor, c: made.append(c.task) or "/x/"),
        )
    except DuplicateKey:
        pytest.skip("registered by an earlier test of this process")
    consultation = with_purpose(town)
    for _ in range(2):
        assert promote_consultation(actor=town.officer, consultation=consultation, kind="desk.test") == "/x/"
    assert made == [ANSWERS["task"]]
