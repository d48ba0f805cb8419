"""desk — 業務DX相談窓口: a staff member's trouble, its purpose and cause, until it is solved and shared.

Owns: Consultation, OodaCycle, SolvedCase, PublishedCase (the copy other governments read), CaseReuse; EffectCheck, Wish, BusinessManual, FundingScheme, ToolTrial, FigureSharing,
ReceivedCase, CaseFeed; Intake, Arrival, Mailbox, RootCause, SolutionOption, Tool, Wait, Escalation, Merge, Split, CrossIssue.
Verbs: save_draft, file_consultation, triage_consultation, confirm_purpose, assign_supporter, record_cycle, wait_for,
resume_consultation, resolve_consultation, decline_consultation, withdraw_consultation, promote_consultation; draft_solved_case,
check_solved_case, mask_solved_case, publish_solved_case, adopt_case, report_reuse, receive_bundle, pull_feed; answer_effect, answer_wish, revise_manual,
plan_funding, decide_trial, choose_figures; receive_consultation, take_mails, fetch_mail, record_cause, write_option, escalate_consultation,
merge_consultations, split_consultation, raise_issue.
Called by: nobody below; `site` wires what a consultation can be promoted to.

目的が先、道具は後。目的と目指す状態が書かれるまで、助言も支援担当の決定もできない。
"""
