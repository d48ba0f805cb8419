"""Wiring of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "kakehashi.notices"
    label = "notices"
    verbose_name = "お知らせ"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.kernel.navigation import Link, Place, register_account_link, register_place, register_unread
        from kakehashi.notices.selectors import unread_count

        register_place(Place.BELL, "notices-staff:list")
        register_unread(unread_count)
        register_account_link(Link("notices", "お知らせの受け取り方", "notices-staff:preferences", "bell", 20))
