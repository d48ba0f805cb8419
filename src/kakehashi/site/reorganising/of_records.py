"""What records hold for sections: files, receipts, mails, disposal lists, 開示請求."""

from __future__ import annotations

from django.urls import reverse

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.hooks import HandoverItem
from kakehashi.records.models import (
    DisclosureRequest,
    DisposalItem,
    IncomingMail,
    Mailbox,
    Receipt,
    RecordFile,
)
from kakehashi.records.models.disposals import ItemState
from kakehashi.records.models.receipts import MailState
from kakehashi.records.models.registry import FileState
from kakehashi.records.services import carry_files, carry_receipts
from kakehashi.site.reorganising.describing import of_section


def _file_item(row: RecordFile) -> HandoverItem:
    return HandoverItem(
        f"{fiscal_year_label(row.record_fiscal_year)} {row.name}",
        reverse("records-staff:file", args=[row.id]),
        f"満了日 {format_wareki(row.expires_on)}" if row.expires_on else "満了日は未定",
    )


FILES = of_section(
    "簿冊（保存中）",
    lambda: RecordFile.objects.filter(state=FileState.KEPT),
    _file_item,
    moves="当日の朝、{heir}の管理になります。起算日も満了日も変わりません（同じ年度・同じ標準ファイルの簿冊が{heir}にあるときは、その次の冊になります）。",
    breaks="管理する課がなくなります。",
    carry=carry_files,
)

RECEIPTS = of_section(
    "完結していない収受文書",
    lambda: Receipt.objects.filter(completed_on__isnull=True),
    lambda row: HandoverItem(row.title, reverse("records-staff:receipt", args=[row.id]), f"収受番号 {row.number}"),
    moves="当日の朝、{heir}の文書になります。収受番号は変わりません。",
    breaks="処理する課がなくなります。",
    carry=carry_receipts,
)

MAILBOXES = of_section(
    "メールの受け口",
    Mailbox.objects.all,
    lambda row: HandoverItem(row.name, reverse("records-staff:mailboxes"), row.host),
    moves="当日の朝から、{heir}あてとして取り込みます。",
    breaks="取り込んだメールの課がなくなります。",
)

MAILS = of_section(
    "収受を待つメール",
    lambda: IncomingMail.objects.filter(state=MailState.WAITING),
    lambda row: HandoverItem(row.subject, reverse("records-staff:mail", args=[row.id])),
    moves="当日の朝、{heir}あてになります。",
    breaks="収受する課がなくなります。",
    stops=False,
)

DISPOSALS = of_section(
    "満了一覧の簿冊（執行していないもの）",
    lambda: DisposalItem.objects.filter(
        state__in=[ItemState.WAITING, ItemState.REVIEWING, ItemState.APPROVED, ItemState.PACKED]
    ).select_related("record_file"),
    lambda row: HandoverItem(
        row.record_file.name,
        reverse("records-staff:disposal-list", args=[row.disposal_list_id]),
        row.get_state_display(),
    ),
    moves="当日の朝、{heir}が申し出て、確かめるものになります。済んだ確認は残ります。",
    breaks="申し出る課がなくなり、一覧が終わらなくなります。",
)

DISCLOSURES = of_section(
    "決定していない開示請求",
    lambda: DisclosureRequest.objects.filter(decided_on__isnull=True),
    lambda row: HandoverItem(
        f"開示請求 {row.number}",
        reverse("records-staff:disclosure", args=[row.id]),
        f"期限 {format_wareki(row.due_on)}",
    ),
    moves="当日の朝、{heir}の請求になります。決定の期限は変わりません。",
    breaks="決定する課がなくなります。",
)

KINDS = {
    "records.files": FILES,
    "records.receipts": RECEIPTS,
    "records.mailboxes": MAILBOXES,
    "records.mails": MAILS,
    "records.disposals": DISPOSALS,
    "records.disclosures": DISCLOSURES,
}
