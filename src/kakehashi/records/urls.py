"""Addresses of the records room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.records.views import (
    disclosures,
    disposals,
    finding,
    mails,
    papers,
    receipts,
    record_files,
    resident,
    staff,
)

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("find/", finding.find, name="find"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/new/", disclosures.new, name="disclosure-new"),
    path("disclosures/<uuid:request_id>/", disclosures.disclosure, name="disclosure"),
    path("disclosures/<uuid:request_id>/take/", disclosures.take, name="disclosure-take"),
    path("disclosures/<uuid:request_id>/decide/", disclosures.decide, name="disclosure-decide"),
    path("disclosures/<uuid:request_id>/export/", disclosures.export, name="disclosure-export"),
    path("disclosures/documents/<uuid:target_id>/drop/", disclosures.drop, name="disclosure-drop"),
    path("disclosures/documents/<uuid:target_id>/judge/", disclosures.judge, name="disclosure-judge"),
    path(
        "disclosures/documents/<uuid:target_id>/<uuid:file_id>/<int:page>/", disclosures.sheet, name="disclosure-sheet"
    ),
    path(
        "disclosures/documents/<uuid:target_id>/<uuid:file_id>/<int:page>/picture/",
        disclosures.picture,
        name="disclosure-picture",
    ),
    path("disclosures/marks/<uuid:mark_id>/unmark/", disclosures.unmark, name="disclosure-unmark"),
    path("disposals/", disposals.lists, name="disposals"),
    path("disposals/register/", disposals.disposed, name="disposed"),
    path("disposals/<uuid:list_id>/", disposals.disposal_list, name="disposal-list"),
    path("disposals/<uuid:list_id>/progress/", disposals.progress, name="disposal-progress"),
    path("disposals/<uuid:list_id>/act/", disposals.act, name="disposal-act"),
    path("disposals/<uuid:list_id>/execute/", disposals.execute, name="disposal-execute"),
    path("packages/<uuid:package_id>/accept/", disposals.accept, name="package-accept"),
    path("disposal/", staff.disposal, name="disposal"),
    path("files/new/", record_files.new, name="file-new"),
    path("files/<uuid:file_id>/documents/new/", record_files.add, name="document-new"),
    *(
        path(f"files/<uuid:file_id>/{what}/", record_files.change, {"what": what}, name=f"file-{what}")
        for what in ("describe", "event", "leave", "start", "reassign")
    ),
    path("files/<uuid:file_id>/", staff.file, name="file"),
    path("files/<uuid:file_id>/hold/", staff.hold, name="hold"),
    path("files/<uuid:file_id>/extend/", staff.extend, name="extend"),
    path("holds/<uuid:hold_id>/release/", staff.release, name="release"),
    path("documents/<uuid:document_id>/", staff.document, name="document"),
    path("documents/<uuid:document_id>/paper/", papers.place, name="paper"),
    path("documents/<uuid:document_id>/move/", record_files.move, name="document-move"),
    path("documents/<uuid:document_id>/original/", papers.designate, name="original"),
    path("documents/<uuid:document_id>/paper/gone/", papers.let_go, name="paper-gone"),
    path("papers/", papers.papers, name="papers"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/new/", receipts.new, name="receive"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<uuid:mail_id>/", mails.mail, name="mail"),
    path("mails/<uuid:mail_id>/aside/", mails.aside, name="mail-aside"),
    path("mailboxes/", mails.mailboxes, name="mailboxes"),
    path("mailboxes/<uuid:mailbox_id>/switch/", mails.switch, name="mailbox-switch"),
    path("receipts/<uuid:receipt_id>/", receipts.receipt, name="receipt"),
    *(
        path(f"receipts/<uuid:receipt_id>/{verb}/", receipts.act, {"verb": verb}, name=f"receipt-{verb}")
        for verb in ("distribute", "link", "file", "complete", "correct", "void")
    ),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [path("", resident.registry, name="registry")]
