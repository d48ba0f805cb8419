"""Who may do what with meetings. Which meetings one sees is no permission: the seat at the table says it (`selectors.seats`)."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class MeetingsPermission(Permission):
    """Permissions of the meetings room."""

    READ = "meetings.meeting:read", "自分の会議に出る（資料・メモ・会議録）"
    RUN = "meetings.meeting:run", "会議の事務局をする（自分の課が事務局の会議体）"
    MANAGE = "meetings.body:manage", "会議体を置き、構成員と定足数を整える"
