"""The API tells what the page tells: finality, origin, the forecast with its range, anomalies."""

from decimal import Decimal

from kakehashi.indicators import api
from kakehashi.indicators.domain.anomalies import AnomalyKind
from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import Anomaly
from kakehashi.indicators.selectors import all_measures, readings
from kakehashi.indicators.services import define_measure, record_value
from kakehashi.kernel import clock


def test_a_measure_carries_its_finality_forecast_and_anomalies(town):
    measure = define_measure(
        actor=town.officer, label="満足度", unit="%", direction=Direction.UP, formula_text="満足 ÷ 回答", source="調査"
    )
    this = Period.containing(clock.today())
    period = this
    for value in (50, 40, 30, 20):
        record_value(actor=town.officer, measure=measure, period=period, value=Decimal(value))
        period = period.previous()
    Anomaly.objects.create(
        measure_code=measure.code, period_kind=this.kind, period_first=this.first, kind=next(iter(AnomalyKind)),
        former=Decimal(1), present=Decimal(2), noticed_at=clock.now(),
    )  # fmt: skip
    described = next(one for one in all_measures() if one.code == measure.code)
    past = api._past_years([measure.code], this)[measure.code]
    odd = api._anomalies([measure.code])[measure.code]
    told = api._measure(described, readings(described, [this])[0], past, odd)
    assert (told["finality"], told["origin"], told["revision"], told["state"]) == (
        "confirmed",
        "entered",
        1,
        "measured",
    )
    assert told["forecast"][0]["period"] == this.label
    assert Decimal(told["forecast"][0]["value"]) == 50
    assert told["anomalies"][0]["explanation"] is None
    assert set(told) == set(api._PROPERTIES)
