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
        _register_links()


def _register_links() -> None:
    from kakehashi.exchange.permissions import ExchangePermission
    from kakehashi.kernel.navigation import Link, register_staff_link

    register_staff_link(
        Link(
            room="exchange",
            label="外との受け渡し",
            url_name="exchange-staff:index",
            icon="external",
            order=85,
            permission=ExchangePermission.READ,
        )
    )
