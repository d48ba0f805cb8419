"""Addresses of the eforms room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.eforms.views import resident

staff_urlpatterns: list[URLPattern | URLResolver] = []
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:version_id>/<slug:step_key>", resident.step, name="step"),
    path("<uuid:version_id>/<slug:step_key>/address/<slug:field_key>", resident.address, name="address"),
]
