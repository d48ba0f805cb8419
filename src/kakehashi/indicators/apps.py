"""Wiring of the indicators room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The indicators room."""

    name = "kakehashi.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.indicators.permissions import IndicatorsPermission
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link

        register_events(
            "indicators",
            {
                "indicators.measure.defined": "手入力の指標を作った",
                "indicators.value.recorded": "指標の値を入力した",
                "indicators.value.revised": "指標の値を訂正した",
            },
        )
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
