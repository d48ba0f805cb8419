"""Who may look into the journal."""

from kakehashi.kernel.permissions import Permission, define


@define
class JournalPermission(Permission):
    """Permissions of the journal room."""

    READ = "journal.event:read", "操作の記録を見る"
    EXPORT = "journal.evidence:export", "記録の証明を書き出す"
    READ_ACCESS = "journal.access:read", "個人情報の閲覧記録を見る・本人に開示する"
    SET_RULES = "journal.access:set_rules", "閲覧記録と個人情報の保存期間の規則を決める"
