"""The verbs of the desk."""

from kakehashi.desk.services.consultations import (
    confirm_purpose,
    decline_consultation,
    file_consultation,
    place_desk,
    save_draft,
    triage_consultation,
    withdraw_consultation,
)
from kakehashi.desk.services.effects import answer_effect, ask_effects, remind_effect
from kakehashi.desk.services.intake import attach_files, dismiss_arrival, receive_consultation, take_arrival, take_mails
from kakehashi.desk.services.reuse import adopt_case, report_reuse, tick_step
from kakehashi.desk.services.solved_cases import (
    check_solved_case,
    decide_findings,
    draft_solved_case,
    edit_solved_case,
    publish_solved_case,
    retire_solved_case,
    submit_solved_case,
)
from kakehashi.desk.services.support import (
    assign_supporter,
    promote_consultation,
    record_cycle,
    resolve_consultation,
    wait_for,
)

__all__ = [
    "adopt_case",
    "answer_effect",
    "ask_effects",
    "assign_supporter",
    "attach_files",
    "check_solved_case",
    "confirm_purpose",
    "decide_findings",
    "decline_consultation",
    "dismiss_arrival",
    "draft_solved_case",
    "edit_solved_case",
    "file_consultation",
    "place_desk",
    "promote_consultation",
    "publish_solved_case",
    "receive_consultation",
    "record_cycle",
    "remind_effect",
    "report_reuse",
    "resolve_consultation",
    "retire_solved_case",
    "save_draft",
    "submit_solved_case",
    "take_arrival",
    "take_mails",
    "tick_step",
    "triage_consultation",
    "wait_for",
    "withdraw_consultation",
]
