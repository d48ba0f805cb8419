"""What approvals adds to 証明一式: the 原議, the notice, what was decided, its attachments, the rules of that day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import PaperOriginal, Proposal, RulePack
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.packs import document_of
from kakehashi.approvals.selectors.rule_text import pack_behind, rule_text
from kakehashi.approvals.services.papers import decision_pdf, frozen_content, notice_pdf
from kakehashi.files.selectors import read_file, stored_file
from kakehashi.journal.hooks import DossierKind, DossierPart, Frozen, Paper, frozen_text
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.data_keys import KeyGone
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.records.services import office_reading_copy

CASE = "cases.case"
RULES = "approvals.rules"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\s/\\:*?\"'<>|]+")


def proposal_dossier() -> DossierKind:
    """Whose dossier can be taken: every proposal that was submitted once, by whoever may read proposals."""
    return DossierKind(label="起案", number=_number, may_read=_may_read, concerns=_concerns, find=_find)


def _number(proposal_id: UUID) -> str | None:
    found = Proposal.objects.filter(id=proposal_id).exclude(number="").values_list("number", flat=True).first()
    return str(found) if found else None


def _find(number: str) -> UUID | None:
    called = Q(number=number) | Q(document_number=number)
    found: UUID | None = Proposal.objects.filter(called).values_list("id", flat=True).first() if number else None
    return found


def _may_read(actor: Actor, _: UUID) -> bool:
    return actor.can(ApprovalsPermission.READ, current_government_id())


def _concerns(proposal_id: UUID) -> list[tuple[str, UUID]]:
    found = Proposal.objects.filter(id=proposal_id).values_list("source_kind", "source_id")
    return [(kind, source_id) if source_id else (PROPOSAL, proposal_id) for kind, source_id in found]


def dossier_part(kind: str, subject_id: UUID) -> DossierPart | None:
    """The part of one proposal; of a case: that its proposals belong to it."""
    if kind == CASE:
        ids = Proposal.objects.filter(case_id=subject_id).exclude(number="").order_by("created_at")
        return DossierPart(subjects=[(PROPOSAL, each) for each in ids.values_list("id", flat=True)])
    if kind != PROPOSAL:
        return None
    proposal = Proposal.objects.select_related("rule__pack").prefetch_related("attachments").get(id=subject_id)
    folder, pack = safe_name(proposal.number), pack_behind(proposal)
    frozen = [_decided(proposal, folder)] if proposal.digest and not proposal.is_editable else []
    return DossierPart(
        subjects=[] if pack is None else [(RULES, pack.id)],
        papers=[*_papers(proposal, folder), *_reading_copies(proposal, folder)],
        frozen=[*frozen, *([] if pack is None else [_rules(pack)])],
    )


def _papers(proposal: Proposal, folder: str) -> Iterator[Paper]:
    yield Paper(f"{folder}/原議.pdf", decision_pdf(proposal=proposal), "原議。決裁欄・本文・添付の一覧")
    if proposal.is_issued and proposal.is_outward:
        yield Paper(f"{folder}/施行文書.pdf", notice_pdf(proposal=proposal), f"施行した文書 {proposal.document_number}")
    yield Paper(f"{folder}/規程.txt", rule_text(proposal).encode(), "その日の規程の条文")
    for number, scan in enumerate(PaperOriginal.objects.filter(proposal=proposal), start=1):
        content = _content(scan.file_id)
        if content is not None:
            name = f"{folder}/紙の原本/{number:02d}_{safe_name(scan.name)}"
            yield Paper(name, content, f"紙の原本のスキャン（原本の場所：{scan.location or '—'}）")


def _reading_copies(proposal: Proposal, folder: str) -> Iterator[Paper]:
    """Of every attached office file a PDF/A of its words and tables, for whoever has no program for it. The original goes with it."""
    for number, each in enumerate(proposal.attachments.all(), start=1):
        content = _content(each.file_id) if each.media_type.startswith(_OFFICE) else None
        copy = office_reading_copy(content, each.media_type, name=each.name) if content is not None else None
        if copy is not None:
            name, pdf = copy
            path = f"{folder}/添付/{number:02d}_{safe_name(name)}"
            yield Paper(path, pdf, "添付の閲覧用の写し（PDF/A）。原本は、となりのファイル")


def _decided(proposal: Proposal, folder: str) -> Frozen:
    """What was decided, byte for byte as its digest was taken, with every attachment whose content is still there."""
    attachments = []
    for number, each in enumerate(proposal.attachments.all(), start=1):
        content = _content(each.file_id)
        if content is not None:
            attachments.append(Paper(f"{folder}/添付/{number:02d}_{safe_name(each.name)}", content, "添付"))
    text = Paper(f"{folder}/決めた内容.json", frozen_content(proposal), "決めた内容（本文と添付の一覧）")
    return Frozen((PROPOSAL, proposal.id), text, attachments)


def _rules(pack: RulePack) -> Frozen:
    paper = Paper(
        f"規程/{safe_name(pack.label)}.json", frozen_text(document_of(pack).to_json()), "その日の規程の全部の表"
    )
    return Frozen((RULES, pack.id), paper)


def _content(file_id: UUID) -> bytes | None:
    """The bytes of a file; None when they are gone, which the verifier then asks a certificate of destruction for."""
    try:
        return read_file(stored_file(file_id))
    except (NotFound, FileNotFoundError, KeyGone):
        return None


def safe_name(name: str) -> str:
    """A name that any file system and shell takes."""
    return _UNSAFE.sub("_", name).strip("._") or "_"
