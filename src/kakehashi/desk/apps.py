"""Wiring of the desk room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk room."""

    name = "kakehashi.desk"
    label = "desk"

    def ready(self) -> None:
        """Register this room with the floors below."""
