"""Wiring of the plans room."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans room."""

    name = "kakehashi.plans"
    label = "plans"

    def ready(self) -> None:
        """Register this room with the floors below."""
