"""retire_solved_case: taken back, copies included."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import PublishedCase
from kakehashi.desk.services import (
    edit_solved_case,
    retire_solved_case,
)
from kakehashi.desk.testing import published
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town


def test_a_published_case_cannot_be_edited_and_can_be_taken_back(town: Town) -> None:
    case = published(town)
    with pytest.raises(DomainError):
        edit_solved_case(actor=town.officer, case=case, values={"title": "x"})
    retire_solved_case(actor=town.officer, case=case, reason="数字の誤り")
    assert not PublishedCase.objects.exists()
    assert case.state == "draft"
