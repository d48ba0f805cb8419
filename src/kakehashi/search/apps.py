"""Wiring of the search room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search room."""

    name = "kakehashi.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.kernel.navigation import Place, register_place

        register_place(Place.STAFF_SEARCH, "search-staff:search")
