"""assign_supporter: with reasons, and both are told."""

from __future__ import annotations

from kakehashi.desk.selectors import supporter_suggestions
from kakehashi.desk.testing import assigned, filed, resolved
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town


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
