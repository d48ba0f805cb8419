"""Who may look into the journal."""

from kakehashi.kernel.permissions import Permission, define


@define
class JournalPermission(Permission):
    """Permissions of the journal room."""

    READ = "journal.event:read", "操作の記録を見る"
    EXPORT = "journal.evidence:export", "記録の証明を書き出す"
