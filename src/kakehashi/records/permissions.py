"""What may be done with records."""

from kakehashi.kernel.permissions import Permission, define


@define
class RecordsPermission(Permission):
    """Permissions of the records room."""

    READ = "records.file:read", "文書管理を見る"
    RECEIVE = "records.receipt:register", "文書を収受する"
    FILE = "records.document:file", "文書を登録・整理する"
    MANAGE = "records.file:manage", "保存期間・保留・所管を変える"
    DISPOSE = "records.disposal:act", "廃棄・移管・延長を申し出る、確かめる"
    DISCLOSE = "records.disclosure:handle", "開示請求を処理する"
    CONNECT = "records.mailbox:manage", "メールの受け口を設定する"
    MANAGE_SCHEDULE = "records.schedule:manage", "分類表と保存期間の基準を整える"
