"""Wiring of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "kakehashi.notices"
    label = "notices"
    verbose_name = "お知らせ"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from django.utils.translation import gettext_noop

        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import (
            Link,
            Place,
            register_account_link,
            register_place,
            register_resident_link,
            register_staff_link,
            register_unread,
        )
        from kakehashi.notices.permissions import NoticesPermission
        from kakehashi.notices.selectors import unread_count

        register_place(Place.BELL, "notices-staff:list")
        register_unread(unread_count)
        register_account_link(Link("notices", "お知らせの受け取り方", "notices-staff:preferences", "bell", 20))
        register_resident_link(Link("notices", gettext_noop("お知らせ"), "notices:news", "bell", 30))
        register_staff_link(
            Link(
                room="notices",
                label="住民へのお知らせ",
                url_name="notices-staff:announcements",
                icon="bell",
                order=103,
                permission=NoticesPermission.ANNOUNCE,
                under="people-staff:index",
            )
        )
        register_events(
            "notices",
            {
                "notices.announcement.published": "住民へのお知らせを出した",
                "notices.announcement.changed": "住民へのお知らせを直した",
                "notices.announcement.withdrawn": "住民へのお知らせを取りやめた",
            },
        )
        from kakehashi.journal.domain.retention_clocks import Period, Unit
        from kakehashi.journal.hooks import Clock, SubjectKind, register_clock, register_subject
        from kakehashi.notices.services import forget_notices

        register_clock(
            Clock(
                code="notices.notice",
                what="お知らせとメールの本文・あて先・配信の記録",
                starts="作った日",
                default=Period(365, Unit.DAY),
                basis="個人情報の保護に関する法律61条（目的に必要な範囲）。届いたかどうかの問合せに答える期間",
                purge=forget_notices,
                leaves="何も残しません（もとの申請や起案の記録は、それぞれの期間残ります）。",
                least=30,
                most=3650,
            )
        )
        register_subject("notices.notice", SubjectKind("お知らせのあて先", lambda _: {}, asks_reason=False))
