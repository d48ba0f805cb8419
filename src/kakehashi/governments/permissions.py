"""Who may change what a government uses."""

from kakehashi.kernel.permissions import Permission, define


@define
class GovernmentsPermission(Permission):
    """Permissions of the governments room."""

    SWITCH_ROOM = "governments.room:switch", "使う機能を切り替える"
