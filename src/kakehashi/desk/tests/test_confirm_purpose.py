"""confirm_purpose: the gate before any tool."""

from __future__ import annotations

import pytest

from kakehashi.desk.services import (
    assign_supporter,
    confirm_purpose,
    record_cycle,
)
from kakehashi.desk.testing import filed
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town, person_of


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
