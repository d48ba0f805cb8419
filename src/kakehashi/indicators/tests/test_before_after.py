"""前と後: months around a day, with ranges, or plainly too few."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kakehashi.indicators.domain.figure import Figure, FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import RecordedValue
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PATH = "/staff/indicators/people.posts/before-after/"
WIGGLE = (0.4, -0.3, 0.1, -0.2, 0.3, -0.3, 0.2, -0.1)


@pytest.fixture
def months(cast, measures):
    """Twelve months before April 2026 on a gentle slope, seven from then on eight higher."""

    def record(count_before):
        month = Period.parse("2026-10")
        with clock.frozen(NOW), tenant_scope(cast.hibari.id):
            for place in range(7 + count_before):
                at = 7 - place
                value = Decimal(str(round(50 + at * 0.2 + (8 if place < 7 else 0) + WIGGLE[place % 8], 2)))
                figure = Figure(FigureState.MEASURED, value)
                RecordedValue.objects.create(
                    measure_code="people.posts", measure_version=1, period_kind=month.kind, period_first=month.first,
                    state=figure.state, value=figure.value, origin="snapshot", recorded_by="試験",
                )  # fmt: skip
                month = month.previous()

    return record


def test_a_jump_is_told_with_its_range(cast, client_for, months):
    months(14)
    with clock.frozen(NOW):
        client = client_for(cast.hibari.clerk)
        page = client.get(PATH, {"on": "令和8年4月1日"}).content.decode()
        rows = client.get(PATH, {"on": "2026-04-01", "format": "csv"}).content.decode("utf-8-sig")
    assert "ひと月目に、前の傾向のままの場合と比べて、上がったと言えます。" in page
    assert "前の傾向と比べて、上がったとも下がったとも言えません。" in page
    assert "（7か月）" in page
    assert "季節をそろえても変わったと言えます。" in page
    assert "ind-plot" in page
    assert "2026年10月" in rows or "令和8年10月" in rows


def test_too_few_months_are_said_plainly(cast, client_for, months):
    months(3)
    with clock.frozen(NOW):
        page = client_for(cast.hibari.clerk).get(PATH, {"on": "2026-04-15"}).content.decode()
    assert "判断できません" in page
    assert "前が3か月、後が6か月" in page
    assert "途中で始まったので入れていません" in page


@pytest.mark.parametrize("on", ["", "x", "2999-01-01", "\x00"])
def test_odd_days_are_answered(cast, client_for, measures, on):
    assert client_for(cast.hibari.clerk).get(PATH, {"on": on}).status_code == 200


def test_an_unknown_measure_is_not_found(cast, client_for, measures):
    assert client_for(cast.hibari.clerk).get("/staff/indicators/no.such/before-after/").status_code == 404
