"""Every write of the room: verbs, keyword-only."""

from kakehashi.procedures.services.base_files import confirm_signer, forget_signer, receive_base_file
from kakehashi.procedures.services.batches import (
    apply_batch,
    discard_batch,
    lay_out_batch,
    make_batch,
    start_batch,
    take_in_sheet,
)
from kakehashi.procedures.services.consents import (
    agree,
    ask_consents,
    asked_of_token,
    decline,
    hand_in_with_parties,
    remind_consents,
)
from kakehashi.procedures.services.counter import record_counter_application, start_counter_draft
from kakehashi.procedures.services.deciding import Disposition, propose_application, record_outside_decision
from kakehashi.procedures.services.delivering import (
    choose_delivery_way,
    hand_over,
    mark_posted,
    publish_delivery,
    record_arrival,
    record_return,
    send_again,
    write_address,
)
from kakehashi.procedures.services.documents import open_document
from kakehashi.procedures.services.drafts import (
    discard_draft,
    remember_visitor,
    save_step,
    start_correction,
    start_draft,
    sweep_drafts,
)
from kakehashi.procedures.services.effect import (
    ASSUMED,
    clear_assumption,
    measure_handling,
    measure_processing,
    set_assumption,
)
from kakehashi.procedures.services.exclusion_rules import close_exclusion_rule, write_exclusion_rule
from kakehashi.procedures.services.filing_rules import set_filing_rule
from kakehashi.procedures.services.filing_tallies import QUIET_DAYS, count_filings, keep_tallies
from kakehashi.procedures.services.handling import (
    accept_application,
    answer_correction,
    confirm_arrival,
    note_inquiry,
    request_correction,
    withdraw_application,
    write_to_applicant,
)
from kakehashi.procedures.services.handling_rules import count_late, set_appeal_rule, set_period_rule
from kakehashi.procedures.services.import_survey import ImportReport, import_survey
from kakehashi.procedures.services.import_works import ask_work, begin_sheet, begin_survey, run_work
from kakehashi.procedures.services.intake import Intake, Scan, add_scans, note_intake
from kakehashi.procedures.services.inventory import (
    close_procedure,
    confirm_kind,
    create_procedure,
    exclude_procedure,
    include_procedure,
    missing_for_opening,
    open_procedure,
    start_form,
    start_form_from_paper,
    update_procedure,
    write_text,
)
from kakehashi.procedures.services.offering import export_offer, offer_form, withdraw_offer
from kakehashi.procedures.services.parties import add_co_signer, remove_co_signer, remove_proxy, set_proxy
from kakehashi.procedures.services.payments import request_payment
from kakehashi.procedures.services.protected import open_protected
from kakehashi.procedures.services.purge import purge_applications, purge_drafts, purge_public_copies
from kakehashi.procedures.services.reception import set_reception
from kakehashi.procedures.services.resuming import (
    draft_of_token,
    resume_token,
    send_links_again,
    send_resume_link,
    warn_of_expiry,
)
from kakehashi.procedures.services.reuse import reuse_answers
from kakehashi.procedures.services.reviewing import measure_procedure, review_form
from kakehashi.procedures.services.routing import (
    add_routing_rule,
    drop_routing_rule,
    raise_routing_rule,
    route_application,
    route_arrived,
)
from kakehashi.procedures.services.submit_application import (
    IdentityNeeded,
    Incomplete,
    submit_application,
    submit_draft,
)
from kakehashi.procedures.services.taking import accept_base, take_form, tell_of_bases
from kakehashi.procedures.services.taking_over import note_taken_over
from kakehashi.procedures.services.undo_batch import undo_batch
from kakehashi.procedures.services.undoing import undo_last_act, undo_withdrawal
from kakehashi.procedures.services.waiting import measure_waiting

__all__ = [
    "ASSUMED",
    "QUIET_DAYS",
    "Disposition",
    "IdentityNeeded",
    "ImportReport",
    "Incomplete",
    "Intake",
    "Scan",
    "accept_application",
    "accept_base",
    "add_co_signer",
    "add_routing_rule",
    "add_scans",
    "agree",
    "answer_correction",
    "apply_batch",
    "ask_consents",
    "ask_work",
    "asked_of_token",
    "begin_sheet",
    "begin_survey",
    "choose_delivery_way",
    "clear_assumption",
    "close_exclusion_rule",
    "close_procedure",
    "confirm_arrival",
    "confirm_kind",
    "confirm_signer",
    "count_filings",
    "count_late",
    "create_procedure",
    "decline",
    "discard_batch",
    "discard_draft",
    "draft_of_token",
    "drop_routing_rule",
    "exclude_procedure",
    "export_offer",
    "forget_signer",
    "hand_in_with_parties",
    "hand_over",
    "import_survey",
    "include_procedure",
    "keep_tallies",
    "lay_out_batch",
    "make_batch",
    "mark_posted",
    "measure_handling",
    "measure_procedure",
    "measure_processing",
    "measure_waiting",
    "missing_for_opening",
    "note_inquiry",
    "note_intake",
    "note_taken_over",
    "offer_form",
    "open_document",
    "open_procedure",
    "open_protected",
    "propose_application",
    "publish_delivery",
    "purge_applications",
    "purge_drafts",
    "purge_public_copies",
    "raise_routing_rule",
    "receive_base_file",
    "record_arrival",
    "record_counter_application",
    "record_outside_decision",
    "record_return",
    "remember_visitor",
    "remind_consents",
    "remove_co_signer",
    "remove_proxy",
    "request_correction",
    "request_payment",
    "resume_token",
    "reuse_answers",
    "review_form",
    "route_application",
    "route_arrived",
    "run_work",
    "save_step",
    "send_again",
    "send_links_again",
    "send_resume_link",
    "set_appeal_rule",
    "set_assumption",
    "set_filing_rule",
    "set_period_rule",
    "set_proxy",
    "set_reception",
    "start_batch",
    "start_correction",
    "start_counter_draft",
    "start_draft",
    "start_form",
    "start_form_from_paper",
    "submit_application",
    "submit_draft",
    "sweep_drafts",
    "take_form",
    "take_in_sheet",
    "tell_of_bases",
    "undo_batch",
    "undo_last_act",
    "undo_withdrawal",
    "update_procedure",
    "warn_of_expiry",
    "withdraw_application",
    "withdraw_offer",
    "write_address",
    "write_exclusion_rule",
    "write_text",
    "write_to_applicant",
]
