"""Wiring of the governments room."""

from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    """The governments room."""

    name = "kakehashi.governments"
    label = "governments"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.governments.permissions import GovernmentsPermission
        from kakehashi.governments.selectors import tenant_by_host
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.kernel.transport import own_hosts

        own_hosts.register("governments", lambda name: tenant_by_host(name)[0] is not None)
        register_events("governments", {"governments.room.switched": "使う機能を切り替えた"})
        register_staff_link(
            Link(
                room="governments",
                label="使う機能",
                url_name="governments-staff:rooms",
                icon="settings",
                order=101,
                permission=GovernmentsPermission.SWITCH_ROOM,
                under="people-staff:index",
            )
        )
