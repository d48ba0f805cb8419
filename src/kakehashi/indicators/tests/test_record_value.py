"""Values by hand and from files: marked, corrected with a reason, never overwritten."""

from decimal import Decimal

import pytest

from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import Origin, RecordedValue
from kakehashi.indicators.selectors import describe, history, measure_now
from kakehashi.indicators.services import define_measure, record_value
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused

YEAR = Period.year(2025)


@pytest.fixture
def satisfaction(town):
    return define_measure(
        actor=town.officer,
        label="窓口の満足度",
        unit="%",
        direction="up",
        formula_text="満足 ÷ 回答",
        source="住民アンケート",
    )


def test_a_measure_by_hand_is_described_so(town, satisfaction):
    described = describe(satisfaction.code)
    assert (described.is_manual, described.source) == (True, "住民アンケート")
    assert measure_now(satisfaction.code, YEAR).figure.state is FigureState.NOT_SURVEYED


@pytest.mark.parametrize("missing", ["label", "unit", "formula_text", "source"])
def test_words_are_required(town, missing):
    words = {"label": "a", "unit": "b", "formula_text": "c", "source": "d"} | {missing: " "}
    with pytest.raises(DomainError) as caught:
        define_measure(actor=town.officer, direction="up", **words)
    assert caught.value.field == missing


def test_a_value(town, satisfaction):
    record_value(actor=town.officer, measure=satisfaction, period=YEAR, value=Decimal("72.5"))
    reading = measure_now(satisfaction.code, YEAR)
    assert reading.figure.value == Decimal("72.5")
    assert (reading.record.origin, reading.record.source) == (Origin.ENTERED, "住民アンケート")
    assert Event.objects.get(code="indicators.value.recorded").payload["value"] == "72.5"


def test_a_share_is_computed(town, satisfaction):
    record_value(actor=town.officer, measure=satisfaction, period=YEAR, numerator=Decimal(1), denominator=Decimal(16))
    assert measure_now(satisfaction.code, YEAR).figure.value == Decimal("6.3")


def test_a_correction_needs_a_reason_and_keeps_the_former(town, satisfaction):
    record_value(actor=town.officer, measure=satisfaction, period=YEAR, value=Decimal(70))
    with pytest.raises(DomainError) as caught:
        record_value(actor=town.officer, measure=satisfaction, period=YEAR, value=Decimal(71))
    assert caught.value.field == "reason"
    record_value(actor=town.officer, measure=satisfaction, period=YEAR, value=Decimal(71), reason="集計の誤り")
    assert [(one.revision, one.value, one.is_current) for one in history(satisfaction.code, YEAR)] == [
        (2, 71, True),
        (1, 70, False),
    ]
    assert Event.objects.filter(code="indicators.value.revised").count() == 1


def test_the_same_value_again_is_no_correction(town, satisfaction):
    for _ in range(2):
        record_value(actor=town.officer, measure=satisfaction, period=YEAR, value=Decimal(70))
    assert RecordedValue.objects.count() == 1


@pytest.mark.parametrize("state", [FigureState.NOT_APPLICABLE, FigureState.UNKNOWN, FigureState.NOT_SURVEYED])
def test_no_number_with_a_word(town, satisfaction, state):
    record_value(actor=town.officer, measure=satisfaction, period=YEAR, state=state)
    assert measure_now(satisfaction.code, YEAR).figure.state is state


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "value"),
        ({"numerator": Decimal(1)}, "numerator"),
        ({"numerator": Decimal(1), "denominator": Decimal(0)}, "denominator"),
        ({"value": Decimal(50), "numerator": Decimal(1), "denominator": Decimal(4)}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal("1e30")}, "value"),
    ],
)
def test_what_is_no_value(town, satisfaction, given, field):
    with pytest.raises(DomainError) as caught:
        record_value(actor=town.officer, measure=satisfaction, period=YEAR, **given)
    assert caught.value.field == field


def test_only_who_may(town, satisfaction):
    from dataclasses import replace

    nobody = replace(town.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        record_value(actor=nobody, measure=satisfaction, period=YEAR, value=Decimal(1))
