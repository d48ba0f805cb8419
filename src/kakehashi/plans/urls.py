"""Addresses of the plans room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.plans.views import dashboards, initiative, nodes, resident, reviews, scales, staff, versions

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("new/", staff.create, name="create"),
    path("<uuid:plan_id>/", staff.plan, name="plan"),
    path("<uuid:plan_id>/edit/", staff.edit, name="edit"),
    path("<uuid:plan_id>/publish/", staff.publish, name="publish"),
    path("<uuid:plan_id>/withdraw/", staff.withdraw, name="withdraw"),
    path("<uuid:plan_id>/policies/new/", nodes.add_policy, name="add-policy"),
    path("<uuid:plan_id>/reviews/", reviews.reviews, name="reviews"),
    path("<uuid:plan_id>/reviews/open/", reviews.open_review, name="open-review"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("reviews/<uuid:review_id>/close/", reviews.close, name="close-review"),
    path("reviews/<uuid:review_id>/remind/", reviews.remind, name="remind-review"),
    path("reviews/lines/<uuid:line_id>/", reviews.line, name="review-line"),
    path("<uuid:plan_id>/versions/", versions.versions, name="versions"),
    path("<uuid:plan_id>/versions/fix/", versions.fix_version, name="fix-version"),
    path("<uuid:plan_id>/sheet/", versions.sheet, name="sheet"),
    path("<uuid:plan_id>/take-in/", versions.take_in, name="take-in"),
    path("<uuid:plan_id>/booklet/", versions.booklet, name="booklet"),
    path("head/", dashboards.head, name="head"),
    path("head/numbers/", dashboards.choose, name="head-numbers"),
    path("sections/", dashboards.sections, name="sections"),
    path("sections/<uuid:department_id>/", dashboards.section, name="section"),
    path("scales/", scales.scales, name="scales"),
    path("scales/new/", scales.edit_scale, name="new-scale"),
    path("scales/<uuid:scale_id>/", scales.edit_scale, name="edit-scale"),
    path("<uuid:plan_id>/evaluations/", scales.evaluations, name="evaluations"),
    path("initiatives/<uuid:initiative_id>/unit/", initiative.unit, name="unit"),
    path("policies/<uuid:policy_id>/programs/new/", nodes.add_program, name="add-program"),
    path("programs/<uuid:program_id>/initiatives/new/", nodes.add_initiative, name="add-initiative"),
    path("<str:kind>/<uuid:node_id>/edit/", nodes.edit_node, name="edit-node"),
    path("<str:kind>/<uuid:node_id>/remove/", nodes.remove_node, name="remove-node"),
    path("initiatives/<uuid:initiative_id>/", initiative.initiative, name="initiative"),
    path("initiatives/<uuid:initiative_id>/report/", initiative.report, name="report"),
    path("initiatives/<uuid:initiative_id>/indicators/new/", initiative.attach, name="attach"),
    path("indicators/<uuid:indicator_id>/targets/", initiative.targets, name="targets"),
    path("indicators/<uuid:indicator_id>/words/", initiative.words, name="words"),
    path("indicators/<uuid:indicator_id>/detach/", initiative.detach, name="detach"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.index, name="index"),
    path("<uuid:plan_id>/", resident.plan, name="plan"),
]
