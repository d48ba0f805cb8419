"""Addresses of the files room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.files.views import downloads, uploads

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("uploads/", uploads.begin_for_staff, name="upload"),
    path("uploads/<uuid:upload_id>/", uploads.state_for_staff, name="upload-state"),
    path("uploads/<uuid:upload_id>/<int:number>/", uploads.part_for_staff, name="upload-part"),
    path("uploads/<uuid:upload_id>/finish/", uploads.finish_for_staff, name="upload-finish"),
    path("<uuid:file_id>", downloads.download_for_staff, name="download"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("uploads/", uploads.begin, name="upload"),
    path("uploads/<uuid:upload_id>/", uploads.state, name="upload-state"),
    path("uploads/<uuid:upload_id>/<int:number>/", uploads.part, name="upload-part"),
    path("uploads/<uuid:upload_id>/finish/", uploads.finish, name="upload-finish"),
    path("<uuid:file_id>", downloads.download, name="download"),
]
