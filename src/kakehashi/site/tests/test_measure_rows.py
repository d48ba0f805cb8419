"""The rows behind a figure, of every room: those of which nothing is known are listed with the same columns as the counted."""

from __future__ import annotations

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import all_measures
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town


def test_unknown_rows_carry_the_value_their_column_reads(town: Town) -> None:
    period = Period.containing(clock.today())
    with_unknown = [each for one in all_measures() if (each := one.measure) is not None and each.unknown is not None]
    assert len(with_unknown) > 5
    with tenant_scope(town.id):
        for measure in with_unknown:
            assert measure.unknown is not None
            counted = measure.numerator(period).query.annotations
            unknown = measure.unknown(period).query.annotations
            assert measure.value not in counted or measure.value in unknown, measure.code
