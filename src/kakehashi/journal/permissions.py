"""Who may look into the journal."""

from kakehashi.kernel.permissions import Permission, define


@define
class JournalPermission(Permission):
    """Permissions of the journal room."""

    READ = "journal.event:read", "操作の記録を見る"
    EXPORT = "journal.evidence:export", "記録の証明を書き出す"
    TAKE_DOSSIER = "journal.dossier:take", "案件・起案の証明一式を受け取る"
    ANCHOR = "journal.anchor:manage", "証明点を広報に載せる・証人を頼む・証人になる"
    READ_ACCESS = "journal.access:read", "個人情報の閲覧記録を見る・本人に開示する"
    SET_RULES = "journal.access:set_rules", "閲覧記録と個人情報の保存期間の規則を決める"
