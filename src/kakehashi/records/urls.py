"""Addresses of the records room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.records.views import papers, receipts, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("disposal/", staff.disposal, name="disposal"),
    path("files/<uuid:file_id>/", staff.file, name="file"),
    path("files/<uuid:file_id>/hold/", staff.hold, name="hold"),
    path("files/<uuid:file_id>/extend/", staff.extend, name="extend"),
    path("holds/<uuid:hold_id>/release/", staff.release, name="release"),
    path("documents/<uuid:document_id>/", staff.document, name="document"),
    path("documents/<uuid:document_id>/paper/", papers.place, name="paper"),
    path("documents/<uuid:document_id>/original/", papers.designate, name="original"),
    path("documents/<uuid:document_id>/paper/gone/", papers.let_go, name="paper-gone"),
    path("papers/", papers.papers, name="papers"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/new/", receipts.new, name="receive"),
    path("receipts/<uuid:receipt_id>/", receipts.receipt, name="receipt"),
    *(
        path(f"receipts/<uuid:receipt_id>/{verb}/", receipts.act, {"verb": verb}, name=f"receipt-{verb}")
        for verb in ("distribute", "link", "file", "complete")
    ),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
