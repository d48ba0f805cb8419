"""Wiring of the meetings room."""

from django.apps import AppConfig

EVENTS = {
    "meetings.body.founded": "会議体を置いた",
    "meetings.body.edited": "会議体を直した",
    "meetings.meeting.called": "会議を招集した",
    "meetings.meeting.edited": "会議の案内を直した",
    "meetings.meeting.distributed": "会議の資料を配布した",
    "meetings.meeting.opened": "開会した",
    "meetings.meeting.closed": "閉会した",
    "meetings.meeting.cancelled": "会議を中止した",
    "meetings.material.added": "配布のあとに資料を加えた",
    "meetings.material.replaced": "配布した資料を差し替えた",
    "meetings.item.added": "配布のあとに議題を加えた",
    "meetings.item.edited": "配布のあとに議題を直した",
}


class MeetingsConfig(AppConfig):
    """The meetings room."""

    name = "kakehashi.meetings"
    label = "meetings"
    verbose_name = "庁議・会議"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.files.hooks import MEGABYTE, OFFICE_FILES, register_access
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.meetings.permissions import MeetingsPermission
        from kakehashi.meetings.selectors.materials import may_read_file
        from kakehashi.notices.hooks import register_kind

        register_events("meetings", EVENTS)
        register_access("meetings.material", may_read_file, families=OFFICE_FILES - {"text"}, max_bytes=100 * MEGABYTE)
        register_kind("meetings.distributed", "会議の資料が配布されたとき")
        register_kind("meetings.changed", "会議の案内や資料が変わったとき")
        register_staff_link(
            Link(
                room="meetings",
                label="庁議・会議",
                tab="会議",
                url_name="meetings-staff:index",
                icon="meeting",
                order=72,
                permission=MeetingsPermission.READ,
            )
        )
        register_staff_link(
            Link(
                room="meetings",
                label="会議体",
                url_name="meetings-staff:bodies",
                icon="meeting",
                order=73,
                permission=MeetingsPermission.READ,
                under="meetings-staff:index",
            )
        )
