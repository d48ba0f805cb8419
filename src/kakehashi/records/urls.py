"""Addresses of the records room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.records.views import staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("disposal/", staff.disposal, name="disposal"),
    path("files/<uuid:file_id>/", staff.file, name="file"),
    path("files/<uuid:file_id>/hold/", staff.hold, name="hold"),
    path("files/<uuid:file_id>/extend/", staff.extend, name="extend"),
    path("holds/<uuid:hold_id>/release/", staff.release, name="release"),
    path("documents/<uuid:document_id>/", staff.document, name="document"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
