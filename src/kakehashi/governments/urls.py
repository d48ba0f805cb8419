"""Addresses of the governments room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.governments.views import staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("rooms/", staff.rooms, name="rooms"),
    path("rooms/switch/", staff.switch, name="switch"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
