"""Addresses of the cases room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.cases.views import staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.inbox, name="inbox"),
    path("batch/", staff.batch, name="batch"),
    path("undo/", staff.undo, name="undo"),
    path("filters/", staff.keep_filter, name="keep-filter"),
    path("filters/<uuid:filter_id>/drop/", staff.drop_filter, name="drop-filter"),
    path("<uuid:case_id>/", staff.case, name="case"),
    path("<uuid:case_id>/as-resident/", staff.as_resident, name="as-resident"),
    path("<uuid:case_id>/messages/", staff.message, name="message"),
    path("<uuid:case_id>/assign/", staff.assign, name="assign"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
