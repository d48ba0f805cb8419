"""Waiting has clocks; escalate_consultation, answer_escalation, remind_waits; tasks and lessons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kakehashi.desk.models import Lesson, Wait
from kakehashi.desk.selectors.work import clocks_of, escalation_line, escalations_to, tasks_of, total_days
from kakehashi.desk.services import (
    add_task,
    answer_escalation,
    escalate_consultation,
    finish_task,
    record_cycle,
    remind_waits,
    wait_for,
)
from kakehashi.desk.testing import assigned, filed
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town, person_of


def test_the_clock_runs_while_it_waits_and_stops_when_work_goes_on(town: Town) -> None:
    consultation = assigned(town)
    wait_for(actor=town.officer, consultation=consultation, waiting="waiting_rule", who="総務課文書係")
    assert (consultation.case.waiting_on, [c.is_running for c in clocks_of(consultation)]) == ("総務課文書係", [True])
    wait_for(actor=town.officer, consultation=consultation, waiting="waiting_vendor")
    with clock.frozen(clock.now() + timedelta(days=9)):
        record_cycle(actor=town.officer, consultation=consultation, line="返事が来た", decision="continue")
    clocks = clocks_of(consultation)
    assert [(c.wait.kind, c.is_running) for c in clocks] == [("waiting_rule", False), ("waiting_vendor", False)]
    assert dict(total_days(clocks))["業者回答待ち"] >= 4


def test_an_overdue_answer_is_late_and_its_supporter_is_told_once(town: Town) -> None:
    consultation = assigned(town)
    soon = clock.today() + timedelta(days=1)
    wait_for(actor=town.officer, consultation=consultation, waiting="waiting_vendor", answer_on=soon)
    assert remind_waits(government_id=town.id) == 0
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert clocks_of(consultation)[0].is_late
        assert [remind_waits(government_id=town.id) for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(kind="desk.waits_long", person_id=town.officer.id).count() == 1


def test_a_question_goes_up_with_its_reason_and_its_answer_comes_back(town: Town) -> None:
    consultation = assigned(town)
    chief = escalation_line(consultation)[0].person
    assert chief.id == town.manager.id
    escalation = escalate_consultation(
        actor=town.officer, consultation=consultation, to=chief, reason="様式をやめてよいか"
    )
    assert (consultation.state, Wait.objects.get().who.endswith(chief.name)) == ("waiting_manager", True)
    assert [each.id for each in escalations_to(town.manager)] == [escalation.id]
    with pytest.raises(Stale):
        escalate_consultation(actor=town.officer, consultation=consultation, to=chief, reason="もう一度")
    with pytest.raises(PermissionRefused):
        answer_escalation(actor=town.officer, escalation=escalation, answer="よい")
    answer_escalation(actor=town.manager, escalation=escalation, answer="やめてよい")
    assert (escalation.consultation.state, Wait.objects.filter(until__isnull=True).exists()) == ("assigned", False)
    assert Notice.objects.filter(kind="desk.escalated", person_id=town.officer.id).exists()


def test_only_who_stands_above_is_asked_and_a_reason_is_given(town: Town) -> None:
    consultation = assigned(town)
    for to, reason in ((person_of(town.clerk), "理由"), (person_of(town.manager), " ")):
        with pytest.raises(DomainError):
            escalate_consultation(actor=town.officer, consultation=consultation, to=to, reason=reason)


def test_before_the_work_has_begun_it_does_not_wait(town: Town) -> None:
    consultation = filed(town)
    escalate_consultation(
        actor=town.officer, consultation=consultation, to=person_of(town.manager), reason="受けてよいか"
    )
    assert (consultation.state, Wait.objects.count()) == ("received", 0)


def test_tasks_are_ticked_by_their_assignee(town: Town) -> None:
    consultation = filed(town)
    task = add_task(actor=town.officer, consultation=consultation, text="規程を見る", assignee=person_of(town.clerk))
    assert [each.id for each in tasks_of(town.clerk)] == [task.id]
    finish_task(actor=town.clerk, task_id=task.id, is_done=True)
    assert tasks_of(town.clerk) == []
    with pytest.raises(DomainError):
        add_task(actor=town.officer, consultation=consultation, text=" ")


def test_who_stops_says_what_was_learned(town: Town) -> None:
    consultation = assigned(town)
    with pytest.raises(DomainError) as raised:
        record_cycle(actor=town.officer, consultation=consultation, line="試した", decision="stop")
    assert raised.value.field == "learned"
    record_cycle(
        actor=town.officer, consultation=consultation, line="試した", decision="stop", learned="先に聞けばよかった"
    )
    assert Lesson.objects.get().text == "先に聞けばよかった"
