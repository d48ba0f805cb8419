"""Wiring of the search room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search room."""

    name = "kakehashi.search"
    label = "search"

    def ready(self) -> None:
        """Register this room with the floors below."""
