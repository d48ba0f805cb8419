"""Who may do what with procedures and applications."""

from __future__ import annotations

from typing import Any

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.permissions import Permission, define
from kakehashi.kernel.tenancy import current_government_id


@define
class ProceduresPermission(Permission):
    """Permissions of the room."""

    READ_INVENTORY = "procedures.inventory:read", "手続台帳を見る"
    EDIT_INVENTORY = "procedures.inventory:edit", "手続台帳を書く・取り込む"
    OPEN_PROCEDURE = "procedures.procedure:open", "手続をオンラインで公開する・止める"
    READ_APPLICATIONS = "procedures.application:read", "申請を見る"
    HANDLE_APPLICATIONS = "procedures.application:handle", "申請を受け付け、補正を依頼する"
    READ_PROTECTED = "procedures.protected:read", "特に保護する回答と添付を開く"
    HANDLE_FEES = "procedures.fee:handle", "手数料の支払いを依頼し、収納・返金を記録する"
    CONFIGURE_FEES = "procedures.fee:configure", "支払いの事業者を設定する"
    OFFER_FORMS = "procedures.offer:write", "様式をほかの団体に提供する・取り下げる"
    TAKE_FORMS = "procedures.base:take", "共有された様式を取り入れる・新しい版に合わせる"
    TRUST_SIGNERS = "procedures.signer:trust", "様式のファイルに署名した団体の鍵を確かめる"
    PROPOSE_APPLICATIONS = "procedures.application:propose", "申請から起案する"


def may_edit_form(actor: Actor, form: Any) -> bool:
    """Whoever keeps the inventory may edit the forms of its procedures."""
    return actor.can(ProceduresPermission.EDIT_INVENTORY, current_government_id())


def may_read_answer_file(actor: Actor, stored_file: Any) -> bool:
    """Staff who read applications read what was attached; applicants come with the pass of their own page."""
    return actor.can(ProceduresPermission.READ_APPLICATIONS, current_government_id())


def may_read_protected_file(actor: Actor, stored_file: Any) -> bool:
    """Nobody by a permission alone: the door to protected answers gives a pass with each file it shows."""
    return False
