"""Writes of the plans room."""

from kakehashi.plans.services.area_map import import_area_map
from kakehashi.plans.services.head import choose_head_numbers
from kakehashi.plans.services.indicators import attach_indicator, detach_indicator, record_words, set_targets
from kakehashi.plans.services.initiatives import report_initiative
from kakehashi.plans.services.inquiries import (
    close_inquiry,
    draft_inquiry,
    edit_inquiry,
    issue_inquiry,
    publish_result,
    remind_inquiry,
    return_reply,
    take_answer_file,
)
from kakehashi.plans.services.logic import (
    draw_arrow,
    move_box,
    remove_arrow,
    remove_box,
    remove_evidence,
    save_box,
    save_evidence,
    set_factors,
    start_logic_model,
)
from kakehashi.plans.services.nodes import add_initiative, add_policy, add_program, edit_node, remove_node
from kakehashi.plans.services.plans import create_plan, edit_plan, publish_plan, withdraw_plan
from kakehashi.plans.services.replies import answer_call, ask_confirmation, receive_calls, save_reply, send_back
from kakehashi.plans.services.review_sheets import save_sheet_basis
from kakehashi.plans.services.reviews import close_review, open_review, remind_review, write_line
from kakehashi.plans.services.scales import save_scale, set_evaluations
from kakehashi.plans.services.sharing import choose_sharing, renew_shared_figures
from kakehashi.plans.services.sheets import changes_of, import_sheet, read_sheet
from kakehashi.plans.services.units import close_unit, extend_unit
from kakehashi.plans.services.versions import fix_version

__all__ = [
    "add_initiative",
    "add_policy",
    "add_program",
    "answer_call",
    "ask_confirmation",
    "attach_indicator",
    "changes_of",
    "choose_head_numbers",
    "choose_sharing",
    "close_inquiry",
    "close_review",
    "close_unit",
    "create_plan",
    "detach_indicator",
    "draft_inquiry",
    "draw_arrow",
    "edit_inquiry",
    "edit_node",
    "edit_plan",
    "extend_unit",
    "fix_version",
    "import_area_map",
    "import_sheet",
    "issue_inquiry",
    "move_box",
    "open_review",
    "publish_plan",
    "publish_result",
    "read_sheet",
    "receive_calls",
    "record_words",
    "remind_inquiry",
    "remind_review",
    "remove_arrow",
    "remove_box",
    "remove_evidence",
    "remove_node",
    "renew_shared_figures",
    "report_initiative",
    "return_reply",
    "save_box",
    "save_evidence",
    "save_reply",
    "save_scale",
    "save_sheet_basis",
    "send_back",
    "set_evaluations",
    "set_factors",
    "set_targets",
    "start_logic_model",
    "take_answer_file",
    "withdraw_plan",
    "write_line",
]
