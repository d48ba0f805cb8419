"""Wiring of the files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The files room."""

    name = "kakehashi.files"
    label = "files"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.journal.hooks import register_events

        register_events("files", {"files.file.quarantined": "ウイルスの見つかったファイルを隔離した"})
