"""Wiring of the shelters room."""

from django.apps import AppConfig


class SheltersConfig(AppConfig):
    """The shelters room."""

    name = "kakehashi.shelters"
    label = "shelters"
    verbose_name = "避難所"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from django.utils.translation import gettext_noop

        from kakehashi.kernel.navigation import Link, register_resident_link
        from kakehashi.opendata.hooks import register_dataset, register_register
        from kakehashi.opendata.selectors.places import set_middle
        from kakehashi.shelters.selectors import DATASETS, REGISTER, middle_of_government

        register_register(REGISTER)
        for source in DATASETS:
            register_dataset(source)
        set_middle(middle_of_government)
        register_resident_link(Link("shelters", gettext_noop("避難場所"), "shelters:places", "disaster", 65))
