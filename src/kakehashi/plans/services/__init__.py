"""Writes of the plans room."""

from kakehashi.plans.services.indicators import attach_indicator, detach_indicator, record_words, set_targets
from kakehashi.plans.services.initiatives import report_initiative
from kakehashi.plans.services.nodes import add_initiative, add_policy, add_program, edit_node, remove_node
from kakehashi.plans.services.plans import create_plan, edit_plan, publish_plan, withdraw_plan

__all__ = [
    "add_initiative",
    "add_policy",
    "add_program",
    "attach_indicator",
    "create_plan",
    "detach_indicator",
    "edit_node",
    "edit_plan",
    "publish_plan",
    "record_words",
    "remove_node",
    "report_initiative",
    "set_targets",
    "withdraw_plan",
]
