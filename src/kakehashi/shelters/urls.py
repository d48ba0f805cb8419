"""Addresses of the shelters room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.shelters.views import resident

staff_urlpatterns: list[URLPattern | URLResolver] = []
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.places, name="places"),
]
