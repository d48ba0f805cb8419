"""Making, publishing and reporting: what is asked, what is written, what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kakehashi.indicators.hooks import targets_of
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.plans import services
from kakehashi.plans.domain.attainment import AttainmentPolicy
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.models import DxPlan, IndicatorTarget, PlanPolicy, PlanProgram
from kakehashi.plans.testing import small_plan


@pytest.fixture
def small(town):
    return small_plan(town.officer)


def codes():
    return list(Event.objects.order_by("id").values_list("code", flat=True))


def create(actor, **changes):
    given = {"title": "計画", "first_year": 2026, "last_year": 2028, "idempotency_key": uuid7()} | changes
    return services.create_plan(actor=actor, **given)


def test_the_same_key_makes_one_plan(town):
    key = uuid7()
    assert create(town.officer, idempotency_key=key) == create(town.officer, idempotency_key=key)
    assert DxPlan.objects.count() == 1
    assert codes() == ["plans.plan.created"]


def test_a_skeleton(town):
    plan = create(town.officer, skeleton_code="mic-2.3")
    assert (PlanPolicy.objects.filter(plan=plan).count(), PlanProgram.objects.count()) == (2, 11)
    assert "第2.3版" in plan.skeleton_label


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "　"}, "title"),
        ({"last_year": 2025}, "last_year"),
        ({"last_year": 2060}, "last_year"),
        ({"skeleton_code": "x"}, "skeleton_code"),
    ],
)
def test_what_is_no_plan(town, changes, field):
    with pytest.raises(DomainError) as caught:
        create(town.officer, **changes)
    assert caught.value.field == field


def test_publish_asks_for_words_and_initiatives(town, small):
    empty = create(town.officer, details={"summary": "説明"})
    with pytest.raises(DomainError, match="取組が一つもありません"):
        services.publish_plan(actor=town.officer, plan=empty)
    services.edit_plan(actor=town.officer, plan=small.plan, changes={"summary": ""})
    with pytest.raises(DomainError, match="説明"):
        services.publish_plan(actor=town.officer, plan=small.plan)


def test_publish_and_withdraw(town, small):
    services.publish_plan(actor=town.officer, plan=small.plan)
    services.publish_plan(actor=town.officer, plan=small.plan)
    services.withdraw_plan(actor=town.officer, plan=small.plan)
    assert [code for code in codes() if code in ("plans.plan.published", "plans.plan.withdrawn")] == [
        "plans.plan.published",
        "plans.plan.withdrawn",
    ]


def test_numbers_follow(town, small):
    program = small.initiative.program
    assert services.add_initiative(actor=town.officer, program=program, title="三つ目").number == 3


def test_remove_only_what_is_empty(town, small):
    with pytest.raises(DomainError):
        services.remove_node(actor=town.officer, node=small.initiative.program)
    services.detach_indicator(actor=town.officer, indicator=small.words)
    services.remove_node(actor=town.officer, node=small.other)
    assert Event.objects.get(code="plans.indicator.detached").payload["targets"] == {str(small.year): "方針を策定する"}


@pytest.mark.parametrize("state", [InitiativeState.MISSED, InitiativeState.AT_RISK, InitiativeState.PARTLY_ACHIEVED])
def test_a_miss_says_why_and_what_next(town, small, state):
    for given, field in (({}, "reason"), ({"reason": "遅れた"}, "next_move")):
        with pytest.raises(DomainError) as caught:
            services.report_initiative(actor=town.clerk, initiative=small.initiative, state=state, **given)
        assert caught.value.field == field
    found = services.report_initiative(
        actor=town.clerk, initiative=small.initiative, state=state, reason="遅れた", next_move="職員を増やす"
    )
    assert (found.state, found.reported_by) == (state, town.clerk.label)
    assert Event.objects.get(code="plans.initiative.reported").payload["to"] == state


def test_good_news_needs_no_reason(town, small):
    services.report_initiative(actor=town.clerk, initiative=small.initiative, state=InitiativeState.ACHIEVED)


def test_targets_are_events_only_when_they_change(town, small):
    before = codes().count("plans.target.set")
    services.set_targets(actor=town.officer, indicator=small.indicator, values={small.year: Decimal(60)})
    assert codes().count("plans.target.set") == before
    services.set_targets(
        actor=town.officer, indicator=small.indicator, values={small.year: None, small.year + 1: Decimal("70.5")}
    )
    event = Event.objects.filter(code="plans.target.set").order_by("id").last()
    assert event.payload["targets"] == {str(small.year): ["60", ""], str(small.year + 1): ["", "70.5"]}
    assert IndicatorTarget.objects.filter(indicator=small.indicator).count() == 2


def test_a_target_outside_the_plan(town, small):
    with pytest.raises(DomainError):
        services.set_targets(actor=town.officer, indicator=small.indicator, values={2000: Decimal(1)})


def test_the_measure_knows_its_targets(town, small):
    found = targets_of(small.measure.code)
    assert [(one.fiscal_year, one.value) for one in found] == [(small.year - 1, 50), (small.year, 60)]
    assert "オンライン申請を広げる" in found[0].label


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"measure_code": "nothing.here"}, "measure_code"),
        ({"measure_code": "", "label": ""}, "label"),
        ({"label": "x", "attainment_policy": AttainmentPolicy.PROGRESS}, "baseline"),
        ({"label": "x", "baseline": Decimal("1e20")}, "baseline"),
    ],
)
def test_what_is_no_indicator(town, small, given, field):
    with pytest.raises(DomainError) as caught:
        services.attach_indicator(actor=town.officer, initiative=small.other, **given)
    assert caught.value.field == field


def test_one_measure_once(town, small):
    with pytest.raises(DomainError) as caught:
        services.attach_indicator(actor=town.officer, initiative=small.initiative, measure_code=small.measure.code)
    assert caught.value.code == "duplicate"


def test_words_with_a_day(town, small):
    services.record_words(actor=town.clerk, indicator=small.words, reached_on=date(2026, 10, 1), text="策定した")
    assert codes()[-1] == "plans.words.recorded"


def test_only_who_may(town, small):
    nobody = replace(town.clerk, permissions=frozenset())
    for act in (
        lambda: create(nobody),
        lambda: services.publish_plan(actor=nobody, plan=small.plan),
        lambda: services.report_initiative(actor=nobody, initiative=small.initiative, state=InitiativeState.RUNNING),
        lambda: services.set_targets(actor=nobody, indicator=small.indicator, values={}),
    ):
        with pytest.raises(PermissionRefused):
            act()
