"""Addresses of the approvals room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.approvals.views import (
    batches,
    drafting,
    grants,
    lists,
    paths,
    proposals,
    rule_pack_acts,
    rule_packs,
    time_spent,
    waiting,
)

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.index, name="index"),
    path("new/", drafting.new, name="new"),
    path("route/", drafting.route_preview, name="route"),
    path("rules/", rule_packs.rules, name="rules"),
    path("rules/begin/", rule_packs.begin, name="rule-begin"),
    path("rules/import/", rule_pack_acts.read_in, name="rule-import"),
    path("rules/simulate/", rule_pack_acts.simulate, name="rule-simulate"),
    path("rules/<uuid:pack_id>/", rule_packs.pack, name="rule-pack"),
    path("rules/<uuid:pack_id>/workbook.xlsx", rule_pack_acts.workbook, name="rule-workbook"),
    path("rules/<uuid:pack_id>/compare/", rule_pack_acts.compare, name="rule-compare"),
    path("rules/<uuid:pack_id>/enforce/", rule_pack_acts.enforce, name="rule-enforce"),
    path("rules/<uuid:pack_id>/call-off/", rule_pack_acts.call_off, name="rule-call-off"),
    path("rules/<uuid:pack_id>/discard/", rule_packs.discard, name="rule-discard"),
    path("rules/<uuid:pack_id>/<slug:part_key>/", rule_packs.part, name="rule-part"),
    path("rules/<uuid:pack_id>/<slug:part_key>/new/", rule_packs.row, name="rule-row-new"),
    path("rules/<uuid:pack_id>/<slug:part_key>/<int:place>/", rule_packs.row, name="rule-row"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("time/", time_spent.time_page, name="time"),
    path("time/rows/<slug:part>/", time_spent.rows, name="time-rows"),
    path("grants/", grants.grants, name="grants"),
    path("grants/<uuid:grant_id>/end/", grants.end, name="grant-end"),
    path("batch/", batches.plan, name="batch-plan"),
    path("batch/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batch/<uuid:batch_id>/confirm/", batches.confirm, name="batch-confirm"),
    path("batch/<uuid:batch_id>/next/", batches.go_on, name="batch-next"),
    path("<uuid:proposal_id>/", proposals.proposal, name="proposal"),
    path("<uuid:proposal_id>/edit/", drafting.edit, name="edit"),
    path("<uuid:proposal_id>/issue/", proposals.issue, name="issue"),
    path("<uuid:proposal_id>/paper/", paths.paper, name="paper"),
    path("<uuid:proposal_id>/redraft/", paths.redraft, name="redraft"),
    path("<uuid:proposal_id>/notice.pdf", proposals.notice_pdf, name="notice-pdf"),
    path("<uuid:proposal_id>/decision.pdf", proposals.decision_pdf, name="decision-pdf"),
    path("<uuid:proposal_id>/act/<slug:verb>/", proposals.act, name="act"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
