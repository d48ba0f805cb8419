"""Who may do what with open data."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class OpendataPermission(Permission):
    """Permissions of the open data room."""

    READ = "opendata.dataset:read", "オープンデータの準備を見る"
    PUBLISH = "opendata.dataset:publish", "オープンデータを公開する・取り下げる・決まりを変える"
    KEEP = "opendata.register:keep", "公共施設とイベントの一覧を整える"
