"""Wiring of the indicators room."""

from uuid import UUID

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The indicators room."""

    name = "kakehashi.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.governments.hooks import register_switched_on
        from kakehashi.indicators.permissions import IndicatorsPermission
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link

        register_events(
            "indicators",
            {
                "indicators.measure.defined": "手入力の指標を作った",
                "indicators.value.recorded": "指標の値を入力した",
                "indicators.value.revised": "指標の値を訂正した",
                "indicators.measure.redefined": "指標の定義を改めた",
                "indicators.report.written": "指標の値を下書きした",
                "indicators.report.submitted": "指標の値を提出した",
                "indicators.report.returned": "指標の値を差し戻した",
                "indicators.report.approved": "指標の値を承認した",
                "indicators.rule.set": "取り込んだ値の扱いを決めた",
                "indicators.year.locked": "年度の値を確定した",
                "indicators.late.reminded": "遅れている報告を催促した",
                "indicators.anomaly.noticed": "行の動きなしに数字が動いた",
                "indicators.anomaly.explained": "動いた数字を説明した",
            },
        )
        register_switched_on("indicators", _first_figures)
        register_staff_link(
            Link(
                room="indicators",
                label="指標",
                url_name="indicators-staff:index",
                icon="chart",
                order=72,
                permission=IndicatorsPermission.READ,
                under="plans-staff:index",
            )
        )


def _first_figures(government_id: UUID, room: str) -> None:
    """Have the worker count what the room measures; a room that measures nothing costs nothing."""
    from kakehashi.indicators.domain.registry import MEASURES
    from kakehashi.kernel.queue import enqueue

    if any(measure.room == room for _, measure in MEASURES.items()):
        enqueue("indicators.first_figures", government_id=government_id)
