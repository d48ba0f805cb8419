"""Addresses of the exchange room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.exchange.views import peer, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("bundles/", staff.bundles, name="bundles"),
    path("write/", staff.write, name="write"),
    path("read/", staff.read, name="read"),
    path("call/", staff.call, name="call"),
    path("retry/", staff.retry, name="retry"),
    path("bundles/<uuid:bundle_id>/again/", staff.again, name="again"),
    path("pairing/", staff.pairing, name="pairing"),
    path("pairing/card/", staff.card, name="card"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("call/", peer.call, name="call"),
]
