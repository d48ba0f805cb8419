"""Wiring of the governments room."""

from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    """The governments room."""

    name = "kakehashi.governments"
    label = "governments"

    def ready(self) -> None:
        """Register this room with the floors below."""
