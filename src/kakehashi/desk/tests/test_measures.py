"""Consultations resolved, days to resolve, hours released: each figure knows its rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from kakehashi.desk.models import Consultation
from kakehashi.desk.selectors.measures import measured, resolved_with_days, unmeasured
from kakehashi.desk.services import resolve_consultation
from kakehashi.desk.testing import assigned, filed, resolved
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.hooks import MEASURES, RowPart
from kakehashi.indicators.selectors import measure_now, rows_behind
from kakehashi.kernel import clock
from kakehashi.people.testing import Town


def test_resolved_consultations_are_counted_and_shown(town: Town) -> None:
    consultation = resolved(town)
    period = Period.containing(clock.today())
    assert measure_now("desk.consultations_resolved", period).figure.value == 1
    rows = list(rows_behind(MEASURES.get("desk.consultations_resolved"), period, RowPart.NUMERATOR))
    assert [row.id for row in rows] == [consultation.id]


def test_days_run_from_filing_to_solution(town: Town) -> None:
    consultation = resolved(town)
    Consultation.objects.filter(id=consultation.id).update(filed_at=consultation.resolved_at - timedelta(days=6))
    period = Period.containing(clock.today())
    assert round(resolved_with_days(period).get().days, 3) == 6
    assert measure_now("desk.days_to_resolve", period).figure.value == Decimal("6.0")


def test_hours_agree_with_the_page_and_unmeasured_ones_are_unknown(town: Town) -> None:
    consultation = resolved(town)
    other = resolve_consultation(
        actor=town.officer, consultation=assigned(town), cause="", what_was_done="x", what_failed="",
        after_minutes=None, after_cases=None,
    )  # fmt: skip
    period = Period.containing(clock.today())
    effect = consultation.effect
    assert effect
    assert measured(period).get().hours == effect.hours_released
    assert unmeasured(period).get().id == other.id
    assert measure_now("desk.hours_released", period).figure.value == effect.hours_released


def test_the_time_to_file_is_counted_for_what_was_written_on_the_screen(town: Town) -> None:
    from kakehashi.desk.selectors.intake_measures import filed_on_screen

    consultation = filed(town)
    rows = filed_on_screen(Period.containing(clock.today()))
    assert [row.id for row in rows] == [consultation.id]
    assert rows[0].minutes < 3
