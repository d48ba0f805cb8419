"""Paper: registered with its place, which copy is the 原本, and letting the paper go when it may."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.records.models import Document, DocumentFile, Medium, Original, PaperItem, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.registry import holds_on


@service
def register_paper(*, actor: Actor, document: Document, place: str, sheets: int | None = None) -> PaperItem:
    """Note where the paper of a document lies, or that it was moved; a new paper gets a code to write on it.

    The record file is then of both media. Raises DomainError without a place. Event `records.paper.placed`.
    """
    require(actor, RecordsPermission.FILE)
    if not place.strip():
        raise DomainError("紙の保管場所を記入してください。", field="place")
    paper = PaperItem.objects.select_for_update().filter(document=document).first()
    if paper is None:
        paper = PaperItem(document=document, code=f"P{document.id.hex[-10:].upper()}")
    paper.place, paper.sheets = place.strip(), sheets
    paper.save()
    has_files = DocumentFile.objects.filter(document__record_file_id=document.record_file_id).exists()
    medium = Medium.MIXED if has_files else Medium.PAPER
    document.record_file.medium = medium
    document.record_file.save(update_fields=["medium"])
    _record(actor, "placed", paper, {"place": paper.place, "code": paper.code})
    return paper


@service
def designate_original(
    *, actor: Actor, paper: PaperItem, original: Original, clause: str, may_go_on: dt.date | None = None
) -> PaperItem:
    """Say which of paper and scan is the 原本 under which clause. For a scan the actor has compared it with the paper.

    `may_go_on` is the first day the paper of a compared scan may go, not before today. Raises DomainError without a clause,
    without a scan, and for a paper that is gone. Event `records.paper.original_designated`.
    """
    require(actor, RecordsPermission.MANAGE)
    locked = _locked(paper)
    if not clause.strip():
        raise DomainError("原本の扱いを定める条項を記入してください。", field="clause")
    if original == Original.SCAN:
        if not DocumentFile.objects.filter(document_id=locked.document_id).exists():
            raise DomainError("スキャンしたファイルのない文書は、電子を原本にできません。", field="original")
        if may_go_on is None or may_go_on < clock.today():
            raise DomainError("紙を処分できる日は、今日以後の日にしてください。", field="may_go_on")
    is_scan = original == Original.SCAN
    locked.original, locked.clause = original, clause.strip()
    locked.may_go_on = may_go_on if is_scan else None
    locked.compared_by_label = actor.label if is_scan else ""
    locked.compared_on = clock.today() if is_scan else None
    locked.save()
    facts = {"original": original, "clause": locked.clause, "may_go_on": str(locked.may_go_on or "")}
    _record(actor, "original_designated", locked, facts)
    return locked


@service
def let_paper_go(*, actor: Actor, paper: PaperItem) -> PaperItem:
    """The paper of a compared scan was thrown away. Refused before its day, while a hold lies on the file, and where the paper
    is the 原本: that goes with its record file. Event `records.paper.let_go`.
    """
    require(actor, RecordsPermission.MANAGE)
    locked = _locked(paper)
    record_file = RecordFile.objects.select_for_update().get(id=locked.document.record_file_id)
    if locked.original != Original.SCAN or locked.may_go_on is None:
        raise DomainError("紙が原本の文書は、簿冊とともに保存します。紙だけを処分することはできません。")
    if locked.may_go_on > clock.today():
        raise DomainError("紙を処分できる日になっていません。")
    if holds_on(record_file).exists():
        raise DomainError("廃棄の保留があるあいだは、紙を処分できません。")
    locked.gone_on, locked.gone_by_label = clock.today(), actor.label
    locked.save(update_fields=["gone_on", "gone_by_label"])
    _record(actor, "let_go", locked, {"code": locked.code})
    return locked


def _locked(paper: PaperItem) -> PaperItem:
    found = PaperItem.objects.select_for_update(of=("self",)).select_related("document").get(id=paper.id)
    if found.gone_on is not None:
        raise Stale("この紙は、すでに処分されています。")
    return found


def _record(actor: Actor, verb: str, paper: PaperItem, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code=f"records.paper.{verb}",
        subject_kind="records.document",
        subject_id=paper.document_id,
        payload=payload,
    )
