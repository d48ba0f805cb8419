"""Addresses of the cases room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.cases.views import batches, desk, inquiries, staff, texts, time_spent

_CASE = "<uuid:case_id>/"

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.inbox, name="inbox"),
    path("batch/", staff.batch, name="batch"),
    path("undo/", staff.undo, name="undo"),
    path("batches/<uuid:batch_id>/", batches.batch_page, name="batch-page"),
    path("batches/<uuid:batch_id>/run/", batches.run, name="batch-run"),
    path("batches/<uuid:batch_id>/undo/", batches.undo, name="batch-undo"),
    path("filters/", staff.keep_filter, name="keep-filter"),
    path("filters/<uuid:filter_id>/drop/", staff.drop_filter, name="drop-filter"),
    path("labels/", texts.labels, name="labels"),
    path("labels/<uuid:label_id>/", texts.label, name="label"),
    path("labels/<uuid:label_id>/drop/", texts.drop_label_page, name="drop-label"),
    path("templates/", texts.templates, name="templates"),
    path("templates/new/", texts.template, name="new-template"),
    path("templates/<uuid:template_id>/", texts.template, name="template"),
    path("templates/<uuid:template_id>/drop/", texts.drop_template, name="drop-template"),
    path("inquiries/<uuid:inquiry_id>/", inquiries.inquiry, name="inquiry"),
    path("inquiries/<uuid:inquiry_id>/withdraw/", inquiries.withdraw, name="withdraw-inquiry"),
    path("hand-over/<uuid:person_id>/", desk.hand_over, name="hand-over"),
    path("time/", time_spent.time_page, name="time"),
    path("time/rows/", time_spent.rows, name="time-rows"),
    path(_CASE, staff.case, name="case"),
    path(f"{_CASE}as-resident/", staff.as_resident, name="as-resident"),
    path(f"{_CASE}messages/", staff.message, name="message"),
    path(f"{_CASE}messages/<uuid:message_id>/pin/", desk.pin, name="pin"),
    path(f"{_CASE}assign/", staff.assign, name="assign"),
    path(f"{_CASE}follow/", desk.follow, name="follow"),
    path(f"{_CASE}labels/", desk.labels_of_case, name="case-labels"),
    path(f"{_CASE}inquiry/", inquiries.ask, name="ask"),
    path(f"{_CASE}transfer/", desk.transfer, name="transfer"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
