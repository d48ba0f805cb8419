"""Wiring of the journal room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal room."""

    name = "kakehashi.journal"
    label = "journal"

    def ready(self) -> None:
        """Name the journal's own acts."""
        from kakehashi.journal.hooks import register_events

        register_events("journal", {"journal.bundle.exported": "記録の証明を書き出した"})
