"""Wiring of the site: loads what every room offers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The only place that knows every room."""

    name = "kakehashi.site"
    label = "site"

    def ready(self) -> None:
        """Load every room's permissions and tasks, then join what neighbours may not know of each other."""
        autodiscover_modules("permissions", "tasks")
        from kakehashi.journal.hooks import register_events
        from kakehashi.site import wiring

        register_events(
            "site",
            {
                "site.government.taken_home": "すべてのデータの持ち帰り",
                "site.keys.destroyed": "特に保護する回答の鍵を廃棄した",
                "site.government.moved_out": "別のサーバーへの持ち出し",
                "site.government.moved_in": "別のサーバーからの受け入れ",
            },
        )

        wiring.connect()
