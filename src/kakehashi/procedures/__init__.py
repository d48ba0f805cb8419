"""手続・申請 (procedures): the middle of the road.

Owns the inventory of procedures (手続台帳), their public pages, drafts, applications, 補正 and the
documents issued to applicants. Verbs: import_survey, create_procedure, open_procedure,
start_draft, save_step, submit_application, accept_application, confirm_arrival,
request_correction, answer_correction, propose_application, record_outside_decision.
Called by residents' pages, staff pages, the command line and, through hooks, by approvals
(決裁・施行 move an application) and by desk (a consultation becomes a procedure).

手続の台帳、公開ページ、下書き、申請、補正、交付物を持つ。届出は到達で完了し、申込・証明は専決、
処分だけが起案・決裁を通る。職員がひとりで許可・拒否することはない。
"""
