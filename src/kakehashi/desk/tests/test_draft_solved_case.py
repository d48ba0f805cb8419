"""draft_solved_case, submit_solved_case: filled from the consultation."""

from __future__ import annotations

import pytest

from kakehashi.desk.services import (
    draft_solved_case,
    edit_solved_case,
    submit_solved_case,
)
from kakehashi.desk.testing import filed, resolved
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town


def test_a_draft_carries_what_is_known(town: Town) -> None:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    assert case.effect.hours_released > 0  # type: ignore[union-attr]
    assert case.contact == "ひばり町 住民課"
    assert draft_solved_case(actor=town.officer, consultation=case.consultation).id == case.id


def test_only_solved_consultations_become_cases(town: Town) -> None:
    with pytest.raises(DomainError):
        draft_solved_case(actor=town.officer, consultation=filed(town))


def test_the_section_must_know_what_failed(town: Town) -> None:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    edit_solved_case(actor=town.officer, case=case, values={"what_failed": ""})
    with pytest.raises(DomainError) as raised:
        submit_solved_case(actor=town.officer, case=case)
    assert raised.value.field == "what_failed"
