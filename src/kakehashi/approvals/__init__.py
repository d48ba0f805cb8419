"""approvals (起案・決裁): a decision is asked for, circulated by post, decided once, and issued.

Owns: proposals (起案) with steps, opinions and attachments; matters and the 専決 table with dates; number series.
Verbs: install_rule_pack, draft_, edit_, submit_, recall_, endorse_, consent, return_, decide_, act_for_decider,
pull_up_, post_review_, undo_decision, issue_, skip_issue, withdraw_, reject_proposal, notice_pdf, decision_pdf.
Called by: procedures, desk (a source registers itself in `hooks`); files its 原議 through records.
"""
