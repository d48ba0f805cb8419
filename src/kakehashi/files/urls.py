"""Addresses of the files room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.files import views

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:file_id>", views.download_for_staff, name="download"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:file_id>", views.download, name="download"),
]
