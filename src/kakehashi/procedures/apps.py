"""Wiring of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The procedures room."""

    name = "kakehashi.procedures"
    label = "procedures"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.procedures.hooks import EVENTS
        from kakehashi.procedures.permissions import ProceduresPermission

        register_events("procedures", EVENTS)
        register_staff_link(
            Link(
                room="procedures",
                label="手続・申請",
                url_name="procedures-staff:inventory",
                icon="application",
                order=20,
                permission=ProceduresPermission.READ_INVENTORY,
                phone_bar=True,
            )
        )
