"""file_consultation and place_desk: once, into the desk's inbox."""

from __future__ import annotations

import pytest

from kakehashi.cases.models import Case
from kakehashi.desk.models import Consultation
from kakehashi.desk.services import (
    file_consultation,
    place_desk,
)
from kakehashi.desk.testing import ANSWERS, filed
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


def codes() -> list[str]:
    return list(
        Event.objects.filter(code__startswith="desk.").order_by("occurred_at", "id").values_list("code", flat=True)
    )


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
