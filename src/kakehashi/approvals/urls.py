"""Addresses of the approvals room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.approvals.views import drafting, lists, paths, proposals

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.index, name="index"),
    path("new/", drafting.new, name="new"),
    path("route/", drafting.route_preview, name="route"),
    path("rules/", lists.rules, name="rules"),
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
