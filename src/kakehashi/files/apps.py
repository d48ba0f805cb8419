"""Wiring of the files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The files room."""

    name = "kakehashi.files"
    label = "files"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.files.selectors import describe_files
        from kakehashi.journal.hooks import SubjectKind, register_events, register_subject

        register_events("files", {"files.file.quarantined": "ウイルスの見つかったファイルを隔離した"})
        register_subject("files.file", SubjectKind("添付ファイル", describe_files))
