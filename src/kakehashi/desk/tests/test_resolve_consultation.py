"""resolve_consultation: with its effect."""

from __future__ import annotations

from decimal import Decimal

from kakehashi.desk.services import (
    resolve_consultation,
)
from kakehashi.desk.testing import assigned, resolved
from kakehashi.journal.models import Event
from kakehashi.people.testing import Town


def codes() -> list[str]:
    return list(
        Event.objects.filter(code__startswith="desk.").order_by("occurred_at", "id").values_list("code", flat=True)
    )


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
