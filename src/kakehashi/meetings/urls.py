"""Addresses of the meetings room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.meetings.views import agenda, bodies, follow, materials, meetings

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
    path("items/<uuid:item_id>/materials/new/", materials.new_material, name="new-material"),
    path("materials/<uuid:material_id>/", materials.material, name="material"),
    path("materials/<uuid:material_id>/replace/", materials.replace, name="replace-material"),
    path("materials/<uuid:material_id>/remove/", materials.remove, name="remove-material"),
    path("materials/<uuid:material_id>/present/", follow.present, name="present"),
    path("materials/<uuid:material_id>/notes/", materials.write_note, name="write-note"),
    path("materials/<uuid:material_id>/notes/<uuid:note_id>/remove/", materials.remove_note, name="remove-note"),
    path("versions/<uuid:version_id>/pages/<int:page>.webp", materials.picture, name="picture"),
    path("<uuid:meeting_id>/notes/", materials.notes, name="notes"),
    path("<uuid:meeting_id>/follow/", follow.follow, name="follow"),
    path("<uuid:meeting_id>/follow/stage/", follow.stage, name="stage"),
    path("<uuid:meeting_id>/follow/turn/", follow.turn, name="turn"),
    path("<uuid:meeting_id>/follow/leave/", follow.leave, name="leave"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
