"""record_cycle and wait_for: one line, and waiting as a fact."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import OodaCycle
from kakehashi.desk.services import (
    record_cycle,
    wait_for,
)
from kakehashi.desk.testing import assigned
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town


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
