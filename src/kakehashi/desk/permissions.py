"""Who may do what at the consultation desk."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class DeskPermission(Permission):
    """Permissions of the room."""

    READ = "desk.consultation:read", "相談を見る"
    FILE = "desk.consultation:file", "相談する"
    SUPPORT = "desk.consultation:support", "相談を受け付け、支援する"
    CASE_READ = "desk.solved_case:read", "解決事例を見る"
    CASE_WRITE = "desk.solved_case:write", "解決事例を書く"
    CASE_CHECK = "desk.solved_case:check", "解決事例を課として確認する"
    CASE_PUBLISH = "desk.solved_case:publish", "解決事例の個人情報を確認し、公開する"
    CASE_ADOPT = "desk.solved_case:adopt", "ほかの団体の解決事例を使う"
