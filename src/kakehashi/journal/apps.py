"""Wiring of the journal room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal room."""

    name = "kakehashi.journal"
    label = "journal"
