"""Writes of the plans room."""

from kakehashi.plans.services.head import choose_head_numbers
from kakehashi.plans.services.indicators import attach_indicator, detach_indicator, record_words, set_targets
from kakehashi.plans.services.initiatives import report_initiative
from kakehashi.plans.services.nodes import add_initiative, add_policy, add_program, edit_node, remove_node
from kakehashi.plans.services.plans import create_plan, edit_plan, publish_plan, withdraw_plan
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
    "attach_indicator",
    "changes_of",
    "choose_head_numbers",
    "choose_sharing",
    "close_review",
    "close_unit",
    "create_plan",
    "detach_indicator",
    "edit_node",
    "edit_plan",
    "extend_unit",
    "fix_version",
    "import_sheet",
    "open_review",
    "publish_plan",
    "read_sheet",
    "record_words",
    "remind_review",
    "remove_node",
    "renew_shared_figures",
    "report_initiative",
    "save_scale",
    "set_evaluations",
    "set_targets",
    "withdraw_plan",
    "write_line",
]
