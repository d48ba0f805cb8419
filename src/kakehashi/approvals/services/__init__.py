"""Every write of approvals."""

from kakehashi.approvals.services.authority import end_grant, grant_authority
from kakehashi.approvals.services.batches import confirm_batch, decide_next, plan_batch
from kakehashi.approvals.services.circulation import (
    ask_to_pull_up,
    consent_step,
    decide_provisionally,
    endorse_step,
    pull_up_proposal,
    recall_proposal,
    return_proposal,
    see_proposal,
    take_back_step,
    write_opinion,
)
from kakehashi.approvals.services.deciding import (
    act_for_decider,
    decide_proposal,
    post_review_step,
    reject_proposal,
    undo_decision,
)
from kakehashi.approvals.services.drafting import (
    Extras,
    NoticeDraft,
    attach_file,
    detach_file,
    draft_proposal,
    edit_proposal,
)
from kakehashi.approvals.services.issuing import issue_proposal, skip_issue
from kakehashi.approvals.services.numbers import take_number, take_number_of, void_number
from kakehashi.approvals.services.pack_edits import PackImport, import_rule_pack, remove_pack_row, save_pack_row
from kakehashi.approvals.services.packs import (
    begin_rule_pack,
    call_off_rule_pack,
    change_rule_pack,
    discard_rule_pack,
    install_rule_pack,
    put_in_force,
)
from kakehashi.approvals.services.paper import attach_original, record_paper_decision
from kakehashi.approvals.services.papers import decision_pdf, keep_notice, notice_pdf
from kakehashi.approvals.services.reading import read_proposal
from kakehashi.approvals.services.redrafting import redraft_proposal
from kakehashi.approvals.services.reminding import remind_people
from kakehashi.approvals.services.submitting import submit_proposal, withdraw_proposal

__all__ = [
    "Extras",
    "NoticeDraft",
    "PackImport",
    "act_for_decider",
    "ask_to_pull_up",
    "attach_file",
    "attach_original",
    "begin_rule_pack",
    "call_off_rule_pack",
    "change_rule_pack",
    "confirm_batch",
    "consent_step",
    "decide_next",
    "decide_proposal",
    "decide_provisionally",
    "decision_pdf",
    "detach_file",
    "discard_rule_pack",
    "draft_proposal",
    "edit_proposal",
    "end_grant",
    "endorse_step",
    "grant_authority",
    "import_rule_pack",
    "install_rule_pack",
    "issue_proposal",
    "keep_notice",
    "notice_pdf",
    "plan_batch",
    "post_review_step",
    "pull_up_proposal",
    "put_in_force",
    "read_proposal",
    "recall_proposal",
    "record_paper_decision",
    "redraft_proposal",
    "reject_proposal",
    "remind_people",
    "remove_pack_row",
    "return_proposal",
    "save_pack_row",
    "see_proposal",
    "skip_issue",
    "submit_proposal",
    "take_back_step",
    "take_number",
    "take_number_of",
    "undo_decision",
    "void_number",
    "withdraw_proposal",
    "write_opinion",
]
