"""Who may do what with notices. Reading one's own bell needs no permission."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class NoticesPermission(Permission):
    """Permissions of the room."""

    DELIVERY_VIEW = "notices.delivery:view", "お知らせの配信記録を見る"
    ANNOUNCE = "notices.announcement:publish", "住民へのお知らせを出す・取りやめる"
