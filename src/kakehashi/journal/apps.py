"""Wiring of the journal room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal room."""

    name = "kakehashi.journal"
    label = "journal"

    def ready(self) -> None:
        """Name the journal's own acts, and show its log to those who may read it."""
        from kakehashi.journal.hooks import register_events
        from kakehashi.journal.permissions import JournalPermission
        from kakehashi.kernel.navigation import Link, register_staff_link

        register_events(
            "journal",
            {"journal.bundle.exported": "記録の証明を書き出した", "journal.key.changed": "記録に署名する鍵を替えた"},
        )
        register_staff_link(
            Link(
                room="journal",
                label="操作の記録",
                url_name="journal-staff:index",
                icon="lock",
                order=102,
                permission=JournalPermission.READ,
                under="people-staff:index",
            )
        )
