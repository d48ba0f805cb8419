"""Addresses of the exchange room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.exchange.views import peer, staff, systems

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
    path("systems/", systems.index, name="systems"),
    path("systems/out/<str:code>/", systems.layout, name="layout"),
    path("systems/out/<str:code>/make/", systems.hand_over, name="hand-over"),
    path("systems/out/<str:code>/<uuid:subject_id>/", systems.numbers, name="numbers"),
    path("systems/in/<str:code>/", systems.take, name="take"),
    path("systems/in/<str:code>/sample/", systems.sample, name="sample"),
    path("systems/runs/<uuid:run_id>/", systems.run, name="run"),
    path("systems/runs/<uuid:run_id>/apply/", systems.apply, name="apply"),
    path("systems/runs/<uuid:run_id>/report/", systems.report, name="report"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("call/", peer.call, name="call"),
]
