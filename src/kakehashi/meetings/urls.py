"""Addresses of the meetings room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.meetings.views import agenda, bodies, meetings

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", meetings.index, name="index"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.new_body, name="new-body"),
    path("bodies/<uuid:body_id>/", bodies.body, name="body"),
    path("bodies/<uuid:body_id>/edit/", bodies.edit_body, name="edit-body"),
    path("bodies/<uuid:body_id>/call/", meetings.call, name="call"),
    path("<uuid:meeting_id>/", meetings.meeting, name="meeting"),
    path("<uuid:meeting_id>/edit/", meetings.edit, name="edit"),
    path("<uuid:meeting_id>/cancel/", meetings.cancel, name="cancel"),
    path("<uuid:meeting_id>/step/<slug:verb>/", meetings.step, name="step"),
    path("<uuid:meeting_id>/items/new/", agenda.new_item, name="new-item"),
    path("items/<uuid:item_id>/edit/", agenda.edit_item, name="edit-item"),
    path("items/<uuid:item_id>/remove/", agenda.remove_item, name="remove-item"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
