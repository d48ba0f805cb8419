"""Wiring of the records room."""

from django.apps import AppConfig

EVENTS = {
    "records.receipt.registered": "収受",
    "records.receipt.linked": "収受文書と案件の結び付け",
    "records.receipt.distributed": "収受文書の配布",
    "records.receipt.completed": "収受文書の完結",
    "records.receipt.corrected": "収受文書の訂正",
    "records.receipt.voided": "収受番号を欠番にする",
    "records.disposal_list.made": "満了一覧の作成",
    "records.disposal_list.proposed": "廃棄・移管・延長の申出",
    "records.disposal_list.confirmed": "廃棄・移管・延長の確認",
    "records.disposal_list.sent_back": "廃棄・移管・延長の差戻し",
    "records.disposal_list.execution_begun": "廃棄・移管・延長の執行",
    "records.certificate.made": "廃棄・移管の証明",
    "records.file.destroyed": "簿冊の廃棄",
    "records.file.stopped": "廃棄・移管の中止",
    "records.file.packed": "移管の包み",
    "records.file.transferred": "簿冊の移管",
    "records.mail.imported": "メールの取込み",
    "records.mail.set_aside": "メールを収受しない",
    "records.mailbox.connected": "メールの受け口をつなぐ",
    "records.mailbox.switched": "メールの受け口の切替え",
    "records.disclosure.received": "開示請求の受付",
    "records.disclosure.found": "開示請求の対象文書",
    "records.disclosure.dropped": "対象文書から外す",
    "records.disclosure.marked": "開示しない部分の指定",
    "records.disclosure.unmarked": "開示しない部分の指定を外す",
    "records.disclosure.judged": "文書ごとの開示の判断",
    "records.disclosure.decided": "開示決定等",
    "records.disclosure.exported": "開示する文書の作成",
    "records.paper.placed": "紙の保管場所",
    "records.paper.original_designated": "原本の指定",
    "records.paper.let_go": "紙の処分",
    "records.document.filed": "文書の整理",
    "records.document.moved": "文書を別の冊に移す",
    "records.document.completed": "文書の完結",
    "records.file.held": "廃棄の保留",
    "records.hold.released": "保留の解除",
    "records.file.extended": "保存期間の延長",
    "records.file.event_recorded": "起算の事由の確定",
    "records.file.left_use": "常用の終了",
    "records.file.opened": "簿冊の作成",
    "records.file.described": "簿冊の記載の変更",
    "records.file.start_chosen": "起算日の指定",
    "records.file.reassigned": "簿冊の所管替え",
    "records.schedule.installed": "分類表・保存期間の制定",
}


class RecordsConfig(AppConfig):
    """The records room."""

    name = "kakehashi.records"
    label = "records"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.cases.hooks import CaseKind, register_case_kind
        from kakehashi.files.hooks import MEGABYTE, OFFICE_FILES, register_access
        from kakehashi.journal.hooks import SubjectKind, register_dossier_part, register_events, register_subject
        from kakehashi.records import permissions, selectors
        from kakehashi.records.hooks import RecordSource, register_source
        from kakehashi.records.selectors.addresses import (
            disclosure_of_case,
            document_url,
            no_renditions,
            receipt_of_case,
            receipt_url,
        )
        from kakehashi.records.services.receiving import forget_receipts
        from kakehashi.search.hooks import SearchKind, register_kind

        read = permissions.RecordsPermission.READ
        register_subject("records.document", SubjectKind("公文書", lambda _: {}))
        register_subject("records.receipt", SubjectKind("収受文書", selectors.describe_receipts))
        register_subject("records.mail", SubjectKind("届いたメール", selectors.describe_mails))
        register_access("records.receipt", selectors.may_read_receipt_file, max_bytes=200 * MEGABYTE)
        register_subject("records.disclosure", SubjectKind("開示請求", selectors.describe_disclosures))
        register_case_kind(
            "records.disclosure", CaseKind(label="開示請求", staff_url=disclosure_of_case, has_public_thread=False)
        )
        register_access(
            "records.disclosure",
            selectors.may_read_disclosure_file,
            families=frozenset({"archive"}),
            max_bytes=2000 * MEGABYTE,
        )
        register_access(
            "records.mail",
            selectors.may_read_receipt_file,
            families=OFFICE_FILES | {"mail"},
            max_bytes=60 * MEGABYTE,
        )
        register_access("records.certificate", selectors.may_read_disposal_file, max_bytes=100 * MEGABYTE)
        register_access(
            "records.transfer",
            selectors.may_read_disposal_file,
            families=frozenset({"archive"}),
            max_bytes=2000 * MEGABYTE,
        )
        register_case_kind(
            "records.receipt", CaseKind(label="収受文書", staff_url=receipt_of_case, has_public_thread=False)
        )
        register_source("records.receipt", RecordSource("収受文書", receipt_url, no_renditions, forget=forget_receipts))
        register_kind("records.document", SearchKind("公文書", document_url, permission=read))
        register_kind("records.receipt", SearchKind("収受文書", receipt_url, permission=read))
        register_events("records", EVENTS)
        register_dossier_part("records", selectors.dossier_part)
        self.offer_links()

    def offer_links(self) -> None:
        """The entries of the navigation."""
        from django.utils.translation import gettext_noop

        from kakehashi.kernel.navigation import Link, register_resident_link, register_staff_link
        from kakehashi.records import permissions

        read = permissions.RecordsPermission.READ
        register_staff_link(
            Link(
                room="records",
                label="文書管理",
                url_name="records-staff:index",
                icon="records",
                order=40,
                permission=read,
            )
        )
        register_resident_link(
            Link(
                room="records",
                label=gettext_noop("公文書の一覧"),
                url_name="records:registry",
                icon="records",
                order=70,
            )
        )
        register_staff_link(
            Link(
                room="records",
                label="開示請求",
                url_name="records-staff:disclosures",
                icon="records",
                order=42,
                permission=permissions.RecordsPermission.DISCLOSE,
                under="records-staff:index",
            )
        )
        register_staff_link(
            Link(
                room="records",
                label="収受",
                url_name="records-staff:receipts",
                icon="records",
                order=41,
                permission=read,
                under="records-staff:index",
            )
        )
