"""Addresses of the exchange room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.exchange import api
from kakehashi.exchange.views import peer, staff, systems, webhooks

_HOOK = "webhooks/<uuid:webhook_id>/"

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
    path("webhooks/", webhooks.index, name="webhooks"),
    path(_HOOK, webhooks.webhook, name="webhook"),
    path(f"{_HOOK}change/", webhooks.change, name="webhook-change"),
    path(f"{_HOOK}drop/", webhooks.drop, name="webhook-drop"),
    path(f"{_HOOK}pause/", webhooks.pause, name="webhook-pause"),
    path(f"{_HOOK}resume/", webhooks.resume, name="webhook-resume"),
    path(f"{_HOOK}test/", webhooks.test, name="webhook-test"),
    path(f"{_HOOK}rotate/", webhooks.rotate, name="webhook-rotate"),
    path(f"{_HOOK}end-old/", webhooks.end_old, name="webhook-end-old"),
    path(f"{_HOOK}replay/", webhooks.replay, name="webhook-replay"),
    path(f"{_HOOK}messages/<uuid:message_id>/", webhooks.message, name="webhook-message"),
    path(f"{_HOOK}messages/<uuid:message_id>/resend/", webhooks.resend, name="webhook-resend"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("call/", peer.call, name="call"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("webhooks/", api.webhooks_list, name="webhooks"),
    path(f"{_HOOK}messages/", api.webhook_messages, name="webhook-messages"),
    path(f"{_HOOK}messages/<uuid:message_id>/replay/", api.webhook_resend, name="webhook-resend"),
    path(f"{_HOOK}replay/", api.webhook_replay, name="webhook-replay"),
    path(f"{_HOOK}test/", api.webhook_test, name="webhook-test"),
]
