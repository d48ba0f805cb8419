"""Attainment: both directions, both policies, what cannot be said, scales."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.plans.domain.attainment import SCALES, AttainmentPolicy, attainment, linear_targets

RATIO, PROGRESS = AttainmentPolicy.RATIO, AttainmentPolicy.PROGRESS
NUMBERS = st.decimals(0, 1000, places=1)


@pytest.mark.parametrize(
    ("actual", "target", "direction", "policy", "baseline", "met", "rate"),
    [
        ("45", "60", "up", RATIO, None, False, "75.0"),
        ("60", "60", "up", RATIO, None, True, "100.0"),
        ("66", "60", "up", RATIO, None, True, "110.0"),
        ("8", "10", "down", RATIO, None, True, "125.0"),
        ("12", "10", "down", RATIO, None, False, "83.3"),
        ("50", "60", "up", PROGRESS, "40", False, "50.0"),
        ("15", "10", "down", PROGRESS, "20", False, "50.0"),
        ("30", "60", "up", PROGRESS, "40", False, "-50.0"),
        ("0", "10", "down", RATIO, None, True, None),
        ("5", "0", "up", RATIO, None, True, None),
        ("50", "60", "up", PROGRESS, None, False, None),
        ("60", "60", "up", PROGRESS, "60", True, None),
    ],
)
def test_rates(actual, target, direction, policy, baseline, met, rate):
    found = attainment(
        actual=Decimal(actual),
        target=Decimal(target),
        direction=direction,
        policy=policy,
        baseline=None if baseline is None else Decimal(baseline),
    )
    assert found is not None
    assert (found.is_met, found.rate) == (met, None if rate is None else Decimal(rate))


@pytest.mark.parametrize("missing", ["actual", "target", "direction"])
def test_nothing_to_say(missing):
    given_ = {"actual": Decimal(1), "target": Decimal(1), "direction": "up"} | {missing: None}
    assert attainment(policy=RATIO, **given_) is None
    assert attainment(actual=Decimal(1), target=Decimal(1), direction="neutral", policy=RATIO) is None


@given(NUMBERS, NUMBERS, st.sampled_from(["up", "down"]))
def test_met_means_a_hundred_or_more(actual, target, direction):
    found = attainment(actual=actual, target=target, direction=direction, policy=RATIO)
    assert found is not None
    if found.rate is not None and found.is_met:
        assert found.rate >= 100


def test_linear_targets():
    assert list(linear_targets(2024, Decimal(20), 2028, Decimal(100)).values()) == [20, 40, 60, 80, 100]


@pytest.mark.parametrize(
    ("scale", "rate", "word"),
    [
        ("three", "100", "着実に進んでいる"),
        ("three", "99.9", "おおむね進んでいる"),
        ("three", "59.9", "改善が必要"),
        ("seven", "85", "5点"),
        ("seven", "-3", "1点"),
        ("four", "0", "効果がなかった"),
    ],
)
def test_scales(scale, rate, word):
    assert SCALES[scale].grade(Decimal(rate)) == word
    assert SCALES[scale].grade(None) == ""
