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
        _register_files()
        _register_links()


def _register_files() -> None:
    """Lists and bundles only pass through: nobody downloads them."""
    from kakehashi.exchange.domain.envelope import MOST_BYTES
    from kakehashi.exchange.domain.kinds import BUNDLE_FILE, TABLE_FILE
    from kakehashi.files.hooks import MEGABYTE, register_access

    register_access(BUNDLE_FILE, lambda *_: False, families=frozenset({"bundle"}), max_bytes=MOST_BYTES)
    register_access(TABLE_FILE, lambda *_: False, families=frozenset({"text"}), max_bytes=10 * MEGABYTE)


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
