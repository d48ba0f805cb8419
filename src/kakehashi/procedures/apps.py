"""Wiring of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The procedures room."""

    name = "kakehashi.procedures"
    label = "procedures"

    def ready(self) -> None:
        """Register this room with the floors below."""
