"""Addresses of the journal room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.journal.views import accesses, anchors, dossiers, retention, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("proof/", staff.proof, name="proof"),
    path("proof/download/", staff.download, name="download"),
    path("proof/verify.py", staff.verifier, name="verifier"),
    path("proof/print/", anchors.printing, name="printing"),
    path("proof/print/<uuid:anchor_id>.pdf", anchors.printed_pdf, name="printed-pdf"),
    path("proof/witness/", anchors.witnesses, name="witnesses"),
    path("proof/witness/ask/", anchors.ask, name="witness-ask"),
    path("proof/witness/sign/", anchors.sign, name="witness-sign"),
    path("proof/witness/receive/", anchors.receive, name="witness-receive"),
    path("dossier/<str:kind>/<uuid:subject_id>/", dossiers.dossier, name="dossier"),
    path("accesses/", accesses.index, name="accesses"),
    path("accesses/disclosure/", accesses.disclosure, name="disclosure"),
    path("accesses/rule/", accesses.rule, name="access-rule"),
    path("accesses/reason/", accesses.reason, name="reason"),
    path("accesses/retention/", retention.index, name="retention"),
    path("accesses/retention/<str:code>/", retention.edit, name="retention-edit"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
