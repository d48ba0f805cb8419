"""Late values of the indicators reach people as notices: the plans room joins the two neighbours."""

from datetime import UTC, datetime

from kakehashi.indicators.models import ManualMeasure
from kakehashi.indicators.services import define_measure, remind_late
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice


def test_a_late_value_is_a_notice(cast):
    with tenant_scope(cast.hibari.id):
        define_measure(
            actor=cast.hibari.officer, label="満足度", unit="%", direction="up", formula_text="満足 ÷ 回答",
            source="アンケート", department=cast.hibari.department,
        )  # fmt: skip
        ManualMeasure.objects.update(created_at=datetime(2020, 5, 1, tzinfo=UTC))
        assert remind_late(actor=cast.hibari.officer) > 0
        assert "満足度" in Notice.objects.filter(kind="indicators.late").first().body_text
