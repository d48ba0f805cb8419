"""The verbs of the desk."""

from kakehashi.desk.services.catalogue import know_tool, retire_tool, set_skill, write_tool
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
from kakehashi.desk.services.escalation import answer_escalation, escalate_consultation, remind_waits
from kakehashi.desk.services.funding import (
    plan_funding,
    retire_scheme,
    settle_funding,
    warn_of_closing,
    write_scheme,
)
from kakehashi.desk.services.intake import attach_files, dismiss_arrival, receive_consultation, take_arrival, take_mails
from kakehashi.desk.services.issues import close_issue, join_issue, leave_issue, raise_issue
from kakehashi.desk.services.joining import merge_consultations, split_consultation
from kakehashi.desk.services.mailbox import connect_mailbox, fetch_mail
from kakehashi.desk.services.manuals import (
    ask_for_manual,
    remind_of_manuals,
    retire_manual,
    revise_manual,
    settle_duty,
    write_manual,
)
from kakehashi.desk.services.promotion import promote_consultation
from kakehashi.desk.services.reuse import adopt_case, report_reuse, tick_step
from kakehashi.desk.services.sharing import choose_figures, renew_shared_figures
from kakehashi.desk.services.solved_cases import (
    check_solved_case,
    decide_findings,
    draft_solved_case,
    edit_solved_case,
    publish_solved_case,
    retire_solved_case,
    submit_solved_case,
)
from kakehashi.desk.services.solving import add_task, decide_option, finish_task, record_cause, write_option
from kakehashi.desk.services.support import (
    assign_supporter,
    record_cycle,
    resolve_consultation,
    wait_for,
)
from kakehashi.desk.services.trials import (
    answer_pulse,
    begin_trial,
    decide_trial,
    extend_trial,
    open_rounds,
)
from kakehashi.desk.services.wishes import (
    answer_wish,
    consult_about_wish,
    pass_wish_up,
    remind_of_wishes,
    see_wish,
    support_wish,
    write_wish,
)

__all__ = [
    "add_task",
    "adopt_case",
    "answer_effect",
    "answer_escalation",
    "answer_pulse",
    "answer_wish",
    "ask_effects",
    "ask_for_manual",
    "assign_supporter",
    "attach_files",
    "begin_trial",
    "check_solved_case",
    "choose_figures",
    "close_issue",
    "confirm_purpose",
    "connect_mailbox",
    "consult_about_wish",
    "decide_findings",
    "decide_option",
    "decide_trial",
    "decline_consultation",
    "dismiss_arrival",
    "draft_solved_case",
    "edit_solved_case",
    "escalate_consultation",
    "extend_trial",
    "fetch_mail",
    "file_consultation",
    "finish_task",
    "join_issue",
    "know_tool",
    "leave_issue",
    "merge_consultations",
    "open_rounds",
    "pass_wish_up",
    "place_desk",
    "plan_funding",
    "promote_consultation",
    "publish_solved_case",
    "raise_issue",
    "receive_consultation",
    "record_cause",
    "record_cycle",
    "remind_effect",
    "remind_of_manuals",
    "remind_of_wishes",
    "remind_waits",
    "renew_shared_figures",
    "report_reuse",
    "resolve_consultation",
    "retire_manual",
    "retire_scheme",
    "retire_solved_case",
    "retire_tool",
    "revise_manual",
    "save_draft",
    "see_wish",
    "set_skill",
    "settle_duty",
    "settle_funding",
    "split_consultation",
    "submit_solved_case",
    "support_wish",
    "take_arrival",
    "take_mails",
    "tick_step",
    "triage_consultation",
    "wait_for",
    "warn_of_closing",
    "withdraw_consultation",
    "write_manual",
    "write_option",
    "write_scheme",
    "write_tool",
    "write_wish",
]
