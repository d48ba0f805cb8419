"""The tree: this year's target against the actual figure, outcomes, and attainment of the whole under each policy."""

from decimal import Decimal

import pytest

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.selectors import plan_tree, plan_year
from kakehashi.plans.services import edit_plan, report_initiative
from kakehashi.plans.testing import small_plan


@pytest.fixture
def small(town):
    return small_plan(town.officer)


def record(town, small, year, number):
    record_value(actor=town.officer, measure=small.measure, period=Period.year(year), value=Decimal(number))


def line(small, year=None, *, live=True):
    return plan_tree(small.plan, year or small.year, live=live).lines[0]


def test_not_surveyed_is_no_outcome(town, small):
    found = line(small)
    assert (found.outcome, found.attainment, found.reading.figure.word) == ("", None, "未調査")


@pytest.mark.parametrize(("number", "outcome"), [("60", "met"), ("59.9", "running")])
def test_the_running_year(town, small, number, outcome):
    record(town, small, small.year, number)
    assert line(small).outcome == outcome


def test_a_closed_year_is_met_or_missed(town, small):
    record(town, small, small.year - 1, 49)
    found = line(small, small.year - 1)
    assert (found.outcome, found.attainment.rate, found.grade) == ("missed", Decimal("98.0"), "おおむね進んでいる")


def test_live_and_recorded_agree_on_what_people_entered(town, small):
    record(town, small, small.year, 45)
    assert line(small).reading == line(small, live=False).reading


def test_the_whole_by_indicators(town, small):
    assert plan_tree(small.plan, small.year, live=True).rate is None
    record(town, small, small.year, 60)
    tree = plan_tree(small.plan, small.year, live=True)
    assert (tree.reached, tree.judged, tree.rate) == (1, 1, Decimal("100.0"))


@pytest.mark.parametrize(("policy", "rate"), [("initiatives", "50.0"), ("weighted", "75.0")])
def test_the_whole_by_initiatives(town, small, policy, rate):
    edit_plan(actor=town.officer, plan=small.plan, changes={"attainment_policy": policy})
    report_initiative(actor=town.clerk, initiative=small.initiative, state=InitiativeState.ACHIEVED)
    assert plan_tree(small.plan, small.year, live=True).rate == Decimal(rate)


def test_a_cancelled_initiative_is_not_counted(town, small):
    edit_plan(actor=town.officer, plan=small.plan, changes={"attainment_policy": "initiatives"})
    report_initiative(actor=town.clerk, initiative=small.initiative, state=InitiativeState.ACHIEVED)
    report_initiative(
        actor=town.clerk, initiative=small.other, state=InitiativeState.CANCELLED, reason="国の制度が変わった"
    )
    assert plan_tree(small.plan, small.year, live=True).rate == Decimal("100.0")


def test_the_year_to_show(small):
    assert plan_year(small.plan, small.year + 1) == small.year + 1
    assert plan_year(small.plan, 1990) == small.year
    small.plan.first_year, small.plan.last_year = 2040, 2044
    assert plan_year(small.plan) == 2040


def test_recorded_figures_cost_the_same_whatever_the_size(town, small, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        plan_tree(small.plan, small.year, live=False)
