"""triage_consultation: the desk takes it."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import Consultation
from kakehashi.desk.services import (
    save_draft,
    triage_consultation,
)
from kakehashi.desk.testing import filed
from kakehashi.kernel.errors import PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


def test_of_two_who_move_at_once_the_second_is_told(town: Town) -> None:
    consultation = filed(town)
    other = Consultation.objects.get(id=consultation.id)
    triage_consultation(actor=town.officer, consultation=consultation)
    with pytest.raises(Stale):
        triage_consultation(actor=town.officer, consultation=other)


def test_without_the_permission_nothing_happens(town: Town) -> None:
    from dataclasses import replace

    nobody = replace(town.officer, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        triage_consultation(actor=nobody, consultation=filed(town))
    with pytest.raises(PermissionRefused):
        save_draft(actor=nobody, consultation_id=uuid7(), answers={})
