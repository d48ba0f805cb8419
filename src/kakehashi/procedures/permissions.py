"""Who may do what with procedures and applications."""

from kakehashi.kernel.permissions import Permission, define


@define
class ProceduresPermission(Permission):
    """Permissions of the room."""

    READ_INVENTORY = "procedures.inventory:read", "手続台帳を見る"
    EDIT_INVENTORY = "procedures.inventory:edit", "手続台帳を書く・取り込む"
    OPEN_PROCEDURE = "procedures.procedure:open", "手続をオンラインで公開する・止める"
    READ_APPLICATIONS = "procedures.application:read", "申請を見る"
    HANDLE_APPLICATIONS = "procedures.application:handle", "申請を受け付け、補正を依頼する"
    PROPOSE_APPLICATIONS = "procedures.application:propose", "申請から起案する"
