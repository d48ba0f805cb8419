"""Wiring of the people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "kakehashi.people"
    label = "people"

    def ready(self) -> None:
        """Register this room with the floors below."""
