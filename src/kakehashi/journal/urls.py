"""Addresses of the journal room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.journal.views import staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("proof/", staff.proof, name="proof"),
    path("proof/download/", staff.download, name="download"),
    path("proof/verify.py", staff.verifier, name="verifier"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
