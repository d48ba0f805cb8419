"""Who may do what with shelters."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class SheltersPermission(Permission):
    """Permissions of the shelters room."""

    KEEP = "shelters.site:keep", "指定緊急避難場所と指定避難所の一覧を整える"
