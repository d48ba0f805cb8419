"""Addresses of the shelters room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.shelters.views import resident, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("compare/", staff.compare, name="compare"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.places, name="places"),
]
