"""Addresses of the eforms room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.eforms.views import banks, blocks, conditions, papers, publishing, resident, staff, versions

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("papers/", papers.papers_page, name="papers"),
    path("papers/list", papers.papers_fragment, name="papers-list"),
    path("papers/<uuid:paper_id>/", papers.review_page, name="review"),
    path("papers/<uuid:paper_id>/<slug:key>/<slug:judgement>", papers.judge, name="judge"),
    path("banks/", banks.banks, name="banks"),
    path("blocks/", blocks.blocks_page, name="blocks"),
    path("<uuid:form_id>/blocks", blocks.insert, name="insert-block"),
    path("<uuid:form_id>/blocks/<int:at>", blocks.follow, name="follow-block"),
    path("<uuid:form_id>/versions", versions.versions, name="versions"),
    path("<uuid:form_id>/file", versions.write_file, name="write-file"),
    path("<uuid:form_id>/read-file", versions.read_file, name="read-file"),
    path("<uuid:form_id>/", staff.edit, name="edit"),
    path("<uuid:form_id>/conditions/<slug:key>", conditions.condition_page, name="condition"),
    path("<uuid:form_id>/trial", publishing.trial, name="trial"),
    path("<uuid:form_id>/publish", publishing.publish, name="publish"),
    path("<uuid:form_id>/<slug:name>", staff.act, name="act"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:version_id>/<slug:step_key>", resident.step, name="step"),
    path("<uuid:version_id>/<slug:step_key>/address/<slug:field_key>", resident.address, name="address"),
]
