"""The kernel as a Django app: it brings templates, static files and template tags."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The ground under all rooms."""

    name = "kakehashi.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Set the rhythm of the connection pools."""
        from kakehashi.kernel.database_pool import ask_again_soon

        ask_again_soon()
