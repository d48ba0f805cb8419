"""Wiring of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "kakehashi.notices"
    label = "notices"

    def ready(self) -> None:
        """Register this room with the floors below."""
