"""Root addresses: every room is mounted by its own name; `--surface` decides which half a process serves."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from kakehashi.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([path("", views.home, name="home")], "site"))),
    path("accounts/", include("allauth.urls")),
]

for _room in settings.ROOMS:
    _urls = import_module(f"kakehashi.{_room}.urls")
    if settings.CONFIG.surface != "public" and _urls.staff_urlpatterns:
        urlpatterns.append(path(f"staff/{_room}/", include((_urls.staff_urlpatterns, f"{_room}-staff"))))
    if settings.CONFIG.surface != "staff" and _urls.resident_urlpatterns:
        urlpatterns.append(path(f"{_room}/", include((_urls.resident_urlpatterns, _room))))
    # Pages of a ground room that stand outside any government, such as choosing one after sign-in.
    urlpatterns += getattr(_urls, "root_urlpatterns", [])
