"""今の文書管理との共存: issued 原議 go out where the room of records is off; 文書番号 and 簿冊 come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.services.papers import decision_pdf, notice_pdf
from kakehashi.exchange.hooks import Column, Handover, HandoverRow, Intake, Paper, Taken
from kakehashi.exchange.selectors import outside_numbers_of
from kakehashi.exchange.services import record_outside_number
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.wareki import WarekiError, parse_wareki

__all__ = ["RECORD_NUMBERS", "WAITING_FOR_RECORDS"]

_FIELDS = {
    "number": "起案番号",
    "document_number": "文書番号",
    "subject": "件名",
    "department": "所属",
    "drafter": "起案者",
    "drafted_on": "起案日",
    "decided_on": "決裁日",
    "decided_by": "決裁者",
    "issued_on": "施行日",
    "completed_on": "完結日",
    "class_code": "分類",
    "disclosure": "公開区分",
    "digest": "内容の要約値",
}


def _rows(handed: Any) -> Iterator[HandoverRow]:
    rows = Proposal.objects.filter(completed_on__isnull=False, record_document_id__isnull=True).exclude(id__in=handed)
    for each in (
        rows.select_related("department", "matter", "rule").order_by("completed_on", "id").iterator(chunk_size=100)
    ):
        yield HandoverRow(each.id, _values(each), _papers(each))


def _values(proposal: Proposal) -> dict[str, str]:
    return {
        "number": proposal.number,
        "document_number": proposal.document_number,
        "subject": proposal.subject,
        "department": proposal.department.name,
        "drafter": proposal.drafter_label,
        "drafted_on": _day(proposal.submitted_at),
        "decided_on": _day(proposal.decided_at),
        "decided_by": proposal.decided_by_label,
        "issued_on": _day(proposal.issued_on),
        "completed_on": _day(proposal.completed_on),
        "class_code": proposal.class_code,
        "disclosure": proposal.get_disclosure_display(),
        "digest": proposal.digest,
    }


def _day(moment: Any) -> str:
    return moment.isoformat()[:10] if moment else ""


def _papers(proposal: Proposal) -> list[Paper]:
    name = proposal.number or proposal.id.hex[:8]
    papers = [Paper(f"{name}_原議.pdf", lambda: decision_pdf(proposal=proposal))]
    if proposal.notice and proposal.is_issued:
        papers.append(Paper(f"{name}_通知.pdf", lambda: notice_pdf(proposal=proposal)))
    for at, attachment in enumerate(proposal.attachments.all(), 1):
        stored = StoredFile.objects.filter(id=attachment.file_id).first()
        if stored is not None and stored.may_leave:
            papers.append(Paper(f"{name}_添付{at}_{attachment.name}", lambda stored=stored: read_file(stored)))  # type: ignore[misc]
    return papers


def _url(proposal_id: UUID) -> str:
    return reverse("approvals-staff:proposal", args=[proposal_id])


def _title(proposal_id: UUID) -> str:
    subject: str | None = Proposal.objects.filter(id=proposal_id).values_list("subject", flat=True).first()
    return subject or ""


WAITING_FOR_RECORDS = Handover(
    label="文書管理へ渡す原議",
    purpose="完結した原議を、今お使いの文書管理へ渡します（「文書管理」の機能を使わない間に完結したもの）。",
    room="approvals",
    permission=ApprovalsPermission.READ.value,
    subject_kind=PROPOSAL,
    usual=(
        "number",
        "document_number",
        "subject",
        "department",
        "drafter",
        "decided_on",
        "issued_on",
        "completed_on",
        "class_code",
    ),
    fields=lambda: list(_FIELDS.items()),
    rows=_rows,
    url=_url,
    title=_title,
    numbers=("document", "file"),
)


def _taken(actor: Actor, values: Mapping[str, str]) -> Taken:
    """One row: the proposal by its number, and what the other system calls the document and its file."""
    proposal: Proposal | None = Proposal.objects.filter(number=values["number"]).exclude(number="").first()
    if proposal is None:
        raise DomainError(f"起案番号「{values['number'][:40]}」の起案はありません。")
    if proposal.completed_on is None:
        raise DomainError(f"起案番号「{proposal.number}」は、まだ完結していません。")
    wanted = {"document": values.get("document_number", "").strip(), "file": values.get("file", "").strip()}
    known = {each.kind: each.number for each in outside_numbers_of(PROPOSAL, proposal.id)}
    new = {kind: number for kind, number in wanted.items() if number and known.get(kind) != number}
    for kind, number in new.items():
        record_outside_number(
            actor=actor, subject_kind=PROPOSAL, subject_id=proposal.id, kind=kind, number=number,
            title=proposal.subject, dated_on=_read_day(values.get("dated_on", "")),
        )  # fmt: skip
    return Taken(
        f"{proposal.number} {proposal.subject}：{'・'.join(wanted[kind] for kind in wanted)}", is_new=bool(new)
    )


def _read_day(text: str) -> Any:
    try:
        return parse_wareki(text) if text.strip() else None
    except WarekiError as error:
        raise DomainError(str(error)) from error


RECORD_NUMBERS = Intake(
    label="文書番号と簿冊",
    purpose="今お使いの文書管理で付いた文書番号と簿冊を、起案に記録します。",
    room="approvals",
    permission=ApprovalsPermission.ISSUE.value,
    columns=(
        Column("number", "起案番号", True, ("起案No", "伺い番号", "原議番号"), "かけはしの起案番号"),
        Column("document_number", "文書番号", True, ("文書管理番号", "文書No", "登録番号"), "今の文書管理の番号"),
        Column("file", "簿冊", False, ("簿冊名", "ファイル名", "フォルダ"), "保存先の簿冊の名前"),
        Column("dated_on", "登録日", False, ("保存日", "収受日", "登録年月日"), "令和8年11月21日、2026-11-21 など"),
    ),
    apply=_taken,
    sample={
        "number": "8総第12号",
        "document_number": "令8-総-00123",
        "file": "補助金交付（令和8年度）",
        "dated_on": "2026-11-21",
    },
)
