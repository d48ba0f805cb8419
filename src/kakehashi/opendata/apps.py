"""Wiring of the open data room."""

from django.apps import AppConfig

EVENTS = {
    "opendata.dataset.set": "オープンデータの公開の決まりを変えた",
    "opendata.dataset.published": "オープンデータを公開した",
    "opendata.dataset.confirmed": "オープンデータに変わりがないことを確かめた",
    "opendata.dataset.withdrawn": "オープンデータの公開を取り下げた",
    "opendata.register.added": "公開する台帳に行を足した",
    "opendata.register.edited": "公開する台帳の行を直した",
    "opendata.register.retired": "公開する台帳の行を廃止した",
    "opendata.register.restored": "公開する台帳の行の廃止を取り消した",
    "opendata.register.imported": "公開する台帳にファイルを取り込んだ",
}


class OpendataConfig(AppConfig):
    """The open data room."""

    name = "kakehashi.opendata"
    label = "opendata"
    verbose_name = "オープンデータ"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from django.utils.translation import gettext_noop

        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_resident_link, register_staff_link
        from kakehashi.opendata.hooks import register_dataset, register_register
        from kakehashi.opendata.permissions import OpendataPermission
        from kakehashi.opendata.selectors.own_lists import DATASETS_WE_KEEP, REGISTERS_WE_KEEP

        register_events("opendata", EVENTS)
        for register in REGISTERS_WE_KEEP:
            register_register(register)
        for source in DATASETS_WE_KEEP:
            register_dataset(source)
        index = "opendata-staff:index"
        register_staff_link(
            Link("opendata", "オープンデータ", index, "opendata", 80, OpendataPermission.READ, tab="データ")
        )
        register_staff_link(
            Link(
                "opendata",
                "公開する台帳",
                "opendata-staff:registers",
                "opendata",
                81,
                OpendataPermission.READ,
                under=index,
            )
        )
        register_resident_link(Link("opendata", gettext_noop("オープンデータ"), "opendata:catalogue", "opendata", 70))
