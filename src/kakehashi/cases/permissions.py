"""Who may see and move cases."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class CasePermission(Permission):
    """Permissions of the cases room."""

    READ = "cases.case:read", "案件を見る"
    HANDLE = "cases.case:handle", "案件を受け持つ・担当を決める・連絡する"
    EXPORT = "cases.case:export", "案件の一覧を書き出す"
