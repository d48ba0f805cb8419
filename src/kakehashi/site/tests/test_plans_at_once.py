"""Two people at once: plans and values neither clash nor lose anything. Real transactions in threads."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import RecordedValue
from kakehashi.indicators.services import record_value
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import two_towns
from kakehashi.plans.models import DxPlan, Initiative
from kakehashi.plans.services import add_initiative, create_plan
from kakehashi.plans.testing import small_plan


@pytest.fixture
def town(swept_database):
    return two_towns(settings.ROOMS).hibari


def at_once(town, act, count=4):
    def run(number):
        try:
            with tenant_scope(town.id):
                return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_key_one_plan(town):
    key = uuid7()

    def act(number):
        return create_plan(actor=town.officer, title="計画", first_year=2026, last_year=2028, idempotency_key=key).id

    assert len(set(at_once(town, act))) == 1
    with tenant_scope(town.id):
        assert DxPlan.objects.count() == 1


def test_numbers_follow(town):
    with tenant_scope(town.id):
        small = small_plan(town.officer)
    at_once(
        town, lambda n: add_initiative(actor=town.officer, program=small.initiative.program, title=f"取組{n}").number
    )
    with tenant_scope(town.id):
        assert sorted(Initiative.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_every_value_is_kept(town):
    with tenant_scope(town.id):
        small = small_plan(town.officer)

    def act(number):
        record_value(
            actor=town.officer, measure=small.measure, period=Period.year(2025), value=Decimal(number), reason="訂正"
        )

    at_once(town, act)
    with tenant_scope(town.id):
        rows = RecordedValue.objects.filter(measure_code=small.measure.code)
        assert sorted(rows.values_list("revision", flat=True)) == [1, 2, 3, 4]
        assert rows.filter(is_current=True).count() == 1
