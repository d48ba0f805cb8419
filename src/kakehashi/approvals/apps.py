"""Wiring of the approvals room."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The approvals room."""

    name = "kakehashi.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Register this room with the floors below."""
