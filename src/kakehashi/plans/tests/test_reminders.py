"""Late values and units whose day is near or past reach people as notices; a review waits for the decision."""

from datetime import UTC, datetime, timedelta

import pytest

from kakehashi.indicators.models import ManualMeasure
from kakehashi.indicators.services import define_measure, remind_late
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.plans import services
from kakehashi.plans.models import Initiative, ReviewLine
from kakehashi.plans.services.sunsets import ask_about_sunsets
from kakehashi.plans.testing import small_plan


def test_a_late_value_is_a_notice(cast):
    with tenant_scope(cast.hibari.id):
        define_measure(
            actor=cast.hibari.officer, label="満足度", unit="%", direction="up", formula_text="満足 ÷ 回答",
            source="アンケート", department=cast.hibari.department,
        )  # fmt: skip
        ManualMeasure.objects.update(created_at=datetime(2020, 5, 1, tzinfo=UTC))
        assert remind_late(actor=cast.hibari.officer) > 0
        assert "満足度" in Notice.objects.filter(kind="indicators.late").first().body_text


def test_the_day_of_a_unit_asks_for_a_decision(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_plan(town.officer)
        last = clock.today() + timedelta(days=20)
        changes = {"department": town.department, "unit_name": "DX推進室", "sunset_on": last}
        services.edit_node(actor=town.officer, node=small.initiative, changes=changes)
        assert ask_about_sunsets(town.id) > 0
        count = Notice.objects.filter(kind="plans.sunset").count()
        ask_about_sunsets(town.id)
        assert Notice.objects.filter(kind="plans.sunset").count() == count
    assert "あと20日で終わります" in client_for(town.officer).get("/staff/plans/").content.decode()
    with tenant_scope(town.id):
        Initiative.objects.update(sunset_on=clock.today() - timedelta(days=1))
        ask_about_sunsets(town.id)
        assert Notice.objects.filter(kind="plans.sunset").count() == 2 * count
        review = services.open_review(actor=town.officer, plan=small.plan, fiscal_year=small.year)
        ReviewLine.objects.update(written_at=clock.now())
        with pytest.raises(DomainError, match="DX推進室"):
            services.close_review(actor=town.officer, review=review, summary="まとめ")
        services.close_unit(
            actor=town.officer, initiative=small.initiative, on=clock.today(), lesson="兼務では進まない"
        )
        assert not services.close_review(actor=town.officer, review=review, summary="まとめ").is_open
