"""Addresses of the procedures room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.procedures import api
from kakehashi.procedures.views import (
    resident_apply,
    resident_consent,
    resident_find,
    resident_mine,
    resident_parties,
    resident_resume,
    staff_applications,
    staff_counter,
    staff_filing,
    staff_inventory,
    staff_papers,
    staff_protected,
    staff_rates,
)

_PROCEDURE = "inventory/<uuid:procedure_id>/"
_APPLICATION = "applications/<uuid:application_id>/"

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff_applications.list_page, name="applications"),
    path(_APPLICATION, staff_applications.application_page, name="application"),
    path(f"{_APPLICATION}accept/", staff_applications.accept, name="accept"),
    path(f"{_APPLICATION}confirm/", staff_applications.confirm, name="confirm"),
    path(f"{_APPLICATION}correction/", staff_applications.correction, name="correction"),
    path(f"{_APPLICATION}propose/", staff_applications.propose, name="propose"),
    path(f"{_APPLICATION}outside/", staff_applications.outside, name="outside"),
    path(f"{_APPLICATION}undo/", staff_applications.undo, name="undo"),
    path(f"{_APPLICATION}paper/", staff_applications.paper, name="paper"),
    path(f"{_APPLICATION}export/", staff_applications.export_one, name="export"),
    path(f"{_APPLICATION}original/", staff_papers.print_original, name="print-original"),
    path(f"{_APPLICATION}protected/", staff_protected.protected, name="protected"),
    path(f"{_APPLICATION}documents/<uuid:document_id>/", staff_applications.document, name="document"),
    path("inventory/", staff_inventory.inventory_page, name="inventory"),
    path("inventory/import/", staff_inventory.import_page, name="import"),
    path("inventory/rates/", staff_rates.rates_page, name="rates"),
    path("inventory/priority/", staff_rates.priority_page, name="priority"),
    path("inventory/rules/", staff_rates.rules_page, name="rules"),
    path("inventory/rules/<uuid:rule_id>/", staff_rates.rule_page, name="rule"),
    path("inventory/rules/<uuid:rule_id>/close/", staff_rates.close_rule, name="close-rule"),
    path("inventory/new/", staff_inventory.new_page, name="new"),
    path(_PROCEDURE, staff_inventory.procedure_page, name="procedure"),
    path(f"{_PROCEDURE}edit/", staff_inventory.edit_page, name="edit"),
    path(f"{_PROCEDURE}texts/<slug:language>/", staff_inventory.text_page, name="text"),
    path(f"{_PROCEDURE}exclude/", staff_inventory.exclude, name="exclude"),
    path(f"{_PROCEDURE}include/", staff_inventory.include, name="include"),
    path(f"{_PROCEDURE}review/", staff_inventory.review, name="review"),
    path(f"{_PROCEDURE}measure/", staff_rates.measure_page, name="measure"),
    path(f"{_PROCEDURE}form/", staff_inventory.make_form, name="make-form"),
    path(f"{_PROCEDURE}paper/", staff_papers.from_paper, name="from-paper"),
    path(f"{_PROCEDURE}filing/", staff_filing.filing_page, name="filing"),
    path(f"{_PROCEDURE}open/", staff_inventory.publish, name="open"),
    path(f"{_PROCEDURE}close/", staff_inventory.unpublish, name="close"),
    path(f"{_PROCEDURE}counter/", staff_counter.counter, name="counter"),
    path("counter/<uuid:draft_id>/", staff_counter.confirm_page, name="counter-confirm"),
    path("counter/<uuid:draft_id>/steps/<slug:step_key>/", staff_counter.step_page, name="counter-step"),
    path("counter/<uuid:draft_id>/discard/", staff_counter.discard, name="counter-discard"),
]

_OWN = "mine/<uuid:application_id>/"

resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident_find.search_page, name="search"),
    path("<uuid:procedure_id>/", resident_find.procedure_page, name="procedure"),
    path("<uuid:procedure_id>/start/", resident_find.start, name="start"),
    path("drafts/<uuid:draft_id>/steps/<slug:step_key>/", resident_apply.step_page, name="step"),
    path("drafts/<uuid:draft_id>/confirm/", resident_apply.confirm_page, name="confirm"),
    path("drafts/<uuid:draft_id>/submit/", resident_apply.submit, name="submit"),
    path("drafts/<uuid:draft_id>/saved/", resident_resume.saved_page, name="saved"),
    path("drafts/<uuid:draft_id>/discard/", resident_apply.discard, name="discard"),
    path("drafts/<uuid:draft_id>/who/", resident_parties.who_page, name="who"),
    path("drafts/<uuid:draft_id>/proxy/<slug:kind>/", resident_parties.proxy_page, name="proxy"),
    path("drafts/<uuid:draft_id>/together/", resident_parties.co_signers_page, name="co-signers"),
    path("drafts/<uuid:draft_id>/together/<uuid:consent_id>/", resident_parties.remove, name="remove-co-signer"),
    path("drafts/<uuid:draft_id>/ask/", resident_apply.ask, name="ask"),
    path("consent/<str:token>/", resident_consent.consent_page, name="consent"),
    path("consent/<str:token>/agree/", resident_consent.agree_page, name="agree"),
    path("consent/<str:token>/decline/", resident_consent.decline_page, name="decline"),
    path("resume/<str:token>/", resident_resume.resume, name="resume"),
    path("mine/", resident_mine.mine_page, name="mine"),
    path("mine/find/", resident_mine.find, name="find"),
    path("mine/code/", resident_mine.code_page, name="code"),
    path("mine/links/", resident_resume.send_again, name="send-again"),
    path("mine/leave/", resident_apply.leave, name="leave"),
    path(_OWN, resident_mine.application_page, name="application"),
    path(f"{_OWN}receipt/", resident_mine.receipt_page, name="receipt"),
    path(f"{_OWN}message/", resident_mine.message, name="message"),
    path(f"{_OWN}correction/", resident_mine.begin_correction, name="begin-correction"),
    path(f"{_OWN}accesses/", resident_mine.accesses, name="accesses"),
    path(f"{_OWN}withdraw/", resident_mine.withdraw, name="withdraw"),
    path(f"{_OWN}documents/<uuid:document_id>/", resident_mine.document, name="document"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("procedures/", api.procedures, name="procedures"),
    path("applications/", api.applications, name="applications"),
    path(_APPLICATION, api.application, name="application"),
    path(f"{_APPLICATION}files/<uuid:file_id>/", api.attachment, name="attachment"),
    path(f"{_APPLICATION}acceptance/", api.acceptance, name="acceptance"),
    path(f"{_APPLICATION}decision/", api.decision, name="decision"),
    path(f"{_APPLICATION}messages/", api.message, name="message"),
]
