"""Wiring of the eforms room."""

from django.apps import AppConfig


class EformsConfig(AppConfig):
    """The eforms room."""

    name = "kakehashi.eforms"
    label = "eforms"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.journal.hooks import register_events

        register_events("eforms", {"eforms.form.published": "様式を公開した"})
