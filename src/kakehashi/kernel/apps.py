"""The kernel as a Django app: it brings templates, static files and template tags."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The ground under all rooms."""

    name = "kakehashi.kernel"
    label = "kernel"
