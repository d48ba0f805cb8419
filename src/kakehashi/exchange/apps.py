"""Wiring of the exchange room."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The exchange room."""

    name = "kakehashi.exchange"
    label = "exchange"
    verbose_name = "外との受け渡し"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.exchange.domain.kinds import EVENTS
        from kakehashi.journal.hooks import register_events

        register_events("exchange", EVENTS)
