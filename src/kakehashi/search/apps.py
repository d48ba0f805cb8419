"""Wiring of the search room."""

from django.apps import AppConfig

EVENTS = {
    "search.synonym.saved": "検索の同義語を登録・変更した",
    "search.synonym.removed": "検索の同義語を消した",
    "search.synonym.imported": "検索の同義語を取り込んだ",
}


class SearchConfig(AppConfig):
    """The search room."""

    name = "kakehashi.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from django.conf import settings

        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, Place, register_place, register_staff_link
        from kakehashi.search.permissions import SearchPermission

        register_events("search", EVENTS)
        register_place(Place.STAFF_SEARCH, "search-staff:search")
        _connect_model(getattr(settings, "SEARCH_EMBEDDINGS", {}))
        register_staff_link(
            Link(
                room="search",
                label="検索の同義語",
                url_name="search-staff:synonyms",
                icon="search",
                order=106,
                permission=SearchPermission.EDIT_SYNONYMS,
                under="people-staff:index",
            )
        )


def _connect_model(wanted: dict[str, str]) -> None:
    if wanted.get("place"):
        from kakehashi.search.adapters import make_embedder
        from kakehashi.search.domain.embedding import install_embedder

        install_embedder(make_embedder(**wanted))
