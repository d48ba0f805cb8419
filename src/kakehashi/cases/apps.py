"""Wiring of the cases room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases room."""

    name = "kakehashi.cases"
    label = "cases"

    def ready(self) -> None:
        """Register this room with the floors below."""
