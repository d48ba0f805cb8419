"""Wiring of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "kakehashi.notices"
    label = "notices"
    verbose_name = "お知らせ"
