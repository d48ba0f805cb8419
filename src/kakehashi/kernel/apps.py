"""The kernel as a Django app: it brings templates, static files and template tags."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class KernelConfig(AppConfig):
    """The ground under all rooms."""

    name = "kakehashi.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Set the rhythm of the connection pools, and say what is missing in words of the house."""
        from django import forms

        from kakehashi.kernel.database_pool import ask_again_soon

        # Django's Japanese speaks of a 「フィールド」, which is no word of an office.
        forms.Field.default_error_messages["required"] = gettext_lazy("必須の項目です。")

        ask_again_soon()
