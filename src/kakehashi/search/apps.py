"""Wiring of the search room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search room."""

    name = "kakehashi.search"
    label = "search"
    verbose_name = "検索"
