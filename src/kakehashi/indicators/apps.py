"""Wiring of the indicators room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The indicators room."""

    name = "kakehashi.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Register this room with the floors below."""
