"""save_draft: what was typed is kept, and is its writer's."""

from __future__ import annotations

import pytest

from kakehashi.desk.selectors import consultations_of, draft_of
from kakehashi.desk.services import (
    save_draft,
)
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


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
