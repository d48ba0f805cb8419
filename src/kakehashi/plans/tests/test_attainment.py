"""Attainment: both directions, both policies, what cannot be said, scales."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.plans.domain.attainment import (
    AttainmentPolicy,
    Judged,
    PlanPolicyOfAttainment,
    Weighed,
    attainment,
    evaluate,
    yearly_rate,
)
from kakehashi.plans.domain.scales import SCALES, BadScale, read_grades, written_grades
from kakehashi.plans.domain.targets import TargetMethod, scheduled

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


def test_targets_on_a_line_and_in_steps():
    years = range(2024, 2029)
    ends = {2024: Decimal(20), 2028: Decimal(100)}
    assert list(scheduled(ends, years, TargetMethod.LINEAR).values()) == [20, 40, 60, 80, 100]
    assert list(scheduled({2025: Decimal(5)}, years, TargetMethod.STEP).values()) == [None, 5, 5, 5, 5]
    assert list(scheduled(ends, years, TargetMethod.MANUAL).values()) == [20, None, None, None, 100]
    half = scheduled({2024: Decimal(0), 2026: Decimal("0.5")}, range(2024, 2027), TargetMethod.LINEAR)
    assert half[2025] == Decimal("0.3")


@given(st.dictionaries(st.integers(2020, 2030), NUMBERS, min_size=1), st.sampled_from(list(TargetMethod)))
def test_targets_keep_what_was_given_and_stay_between(given_, method):
    found = scheduled(given_, range(2020, 2031), method)
    assert {year: found[year] for year in given_} == given_
    known = [value for value in found.values() if value is not None]
    assert min(given_.values()) <= min(known)
    assert max(known) <= max(given_.values())


def test_the_yearly_share_of_tama():
    judged = Judged(None, actual=Decimal(36), baseline=Decimal(0), final=Decimal(100))
    assert yearly_rate(judged, 2025, range(2024, 2029)) == Decimal("90.0")
    assert yearly_rate(Judged(None), 2025, range(2024, 2029)) is None


def judged_by(policy, scale="three", year=2025):
    met, not_met = (attainment(actual=Decimal(a), target=Decimal(60), direction="up", policy=RATIO) for a in (60, 45))
    indicators = [Judged(met, Decimal(36), Decimal(0), Decimal(100)), Judged(not_met), Judged(None)]
    initiatives = [Weighed(True, 3), Weighed(False, 1), Weighed(False, 4)]
    return evaluate(
        PlanPolicyOfAttainment(policy), SCALES[scale], indicators=indicators, initiatives=initiatives,
        year=year, years=range(2024, 2029),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "scale", "reached", "judged", "rate", "grade"),
    [
        ("indicators", "three", 1, 2, "50.0", "改善が必要"),
        ("initiatives", "met", 1, 3, "33.3", "未達"),
        ("weighted", "three", 3, 8, "37.5", "改善が必要"),
        ("points", "seven", 11, 14, "78.6", "4点"),
        ("linear_year", "three", 0, 1, "90.0", "おおむね進んでいる"),
    ],
)
def test_every_policy(policy, scale, reached, judged, rate, grade):
    found = judged_by(policy, scale)
    assert (found.reached, found.judged, found.rate, found.grade) == (reached, judged, Decimal(rate), grade)


def test_gunma_counts_programmes():
    many = [Weighed(True)] * 92 + [Weighed(False)] * 8
    found = evaluate(
        PlanPolicyOfAttainment.INITIATIVES, SCALES["met"], indicators=[], initiatives=many, year=1, years=range(1, 3)
    )
    assert (found.rate, found.policy_text) == (Decimal("92.0"), "取組数ベース：達成した取組 ÷ 中止を除くすべての取組")


def test_nothing_to_judge_is_no_zero():
    found = evaluate(
        PlanPolicyOfAttainment.LINEAR_YEAR, SCALES["three"], indicators=[], initiatives=[], year=1, years=range(1, 3)
    )
    assert (found.rate, found.grade) == (None, "")


@pytest.mark.parametrize("text", ["", "100 a", "x a 1\n0 b 0", "50 a 1\n60 b 0", "50 a 1\n40 a 0", "1e99 a 1\n0 b 0"])
def test_what_is_no_scale(text):
    with pytest.raises(BadScale):
        read_grades(text)


def test_a_scale_as_it_is_written():
    text = "100 着実 3\n60 概ね 2\n0 改善 1"
    assert written_grades(read_grades(text)) == text


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
