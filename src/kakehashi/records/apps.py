"""Wiring of the records room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records room."""

    name = "kakehashi.records"
    label = "records"

    def ready(self) -> None:
        """Register this room with the floors below."""
