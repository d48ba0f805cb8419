"""Wiring of the records room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records room."""

    name = "kakehashi.records"
    label = "records"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.journal.hooks import SubjectKind, register_events, register_subject
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.records import permissions

        register_subject("records.document", SubjectKind("公文書", lambda _: {}))
        register_events(
            "records",
            {
                "records.document.filed": "文書の整理",
                "records.document.completed": "文書の完結",
                "records.file.held": "廃棄の保留",
                "records.hold.released": "保留の解除",
                "records.file.extended": "保存期間の延長",
                "records.file.event_recorded": "起算の事由の確定",
                "records.file.left_use": "常用の終了",
                "records.file.reassigned": "簿冊の所管替え",
                "records.schedule.installed": "分類表・保存期間の制定",
            },
        )
        register_staff_link(
            Link(
                room="records",
                label="文書管理",
                url_name="records-staff:index",
                icon="records",
                order=40,
                permission=permissions.RecordsPermission.READ,
            )
        )
