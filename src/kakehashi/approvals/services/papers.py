"""Papers made from a proposal when somebody first asks for them: the notice and the 原議."""

from __future__ import annotations

import datetime as dt
import hashlib

from kakehashi.approvals.adapters.seal import SealFailed, seal_pdf
from kakehashi.approvals.domain.digests import attachment_entry, digested_text
from kakehashi.approvals.models import Proposal, SealKind
from kakehashi.approvals.selectors import current_steps, opinions_on
from kakehashi.approvals.selectors.paper_rows import decision_rows, head_of, stamp_boxes
from kakehashi.approvals.selectors.seals import seal_settings
from kakehashi.approvals.services.acts import record
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file, stored_file
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.documents import DecisionDocument, NoticeDocument, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki

PAPER = "approvals.paper"


def notice_document(proposal: Proposal) -> NoticeDocument:
    """The notice as it stands: with number and date after 施行, as a preview with （施行時に付番） before."""
    notice = proposal.notice
    if not notice:
        raise DomainError("この起案には、外へ出す通知がありません。")
    government = Government.objects.get(id=proposal.government_id)
    head = head_of(proposal.issued_on or clock.today())
    return NoticeDocument(
        title=notice["title"],
        document_number=proposal.document_number or "（番号は施行時に付きます）",
        issued_on=format_wareki(proposal.issued_on) if proposal.issued_on else "（日付は施行日になります）",
        addressee=notice["addressee"],
        issuer=f"{head[0]} {head[1]}".strip() or government.name,
        issuer_name=government.name,
        text=notice["text"],
        rows=tuple((label, text) for label, text in notice.get("rows", [])),
        reason_heading=notice.get("reason_heading") or "理由",
        reason=notice.get("reason", ""),
        instructions=tuple((head_, text) for head_, text in notice.get("instructions", [])),
        contact=notice.get("contact", ""),
        footer=proposal.document_number,
        **_seal_words(proposal, head[0] or government.name),
    )


def _seal_words(proposal: Proposal, title: str) -> dict[str, str]:
    """公印省略, or the drawn seal with the word that the file itself is signed."""
    if proposal.seal != SealKind.ELECTRONIC:
        return {}
    word = "（電子署名により公印に代えます）" if proposal.is_issued else "（施行のときに電子署名を付けます）"
    return {"seal": word, "seal_mark": f"{title}之印"}


def notice_pdf(*, proposal: Proposal) -> bytes:
    """The notice (通知書) as PDF. Raises DomainError when nothing goes out.

    Before 施行 it is a preview. After it, what was made when first asked for is given again.
    """
    if proposal.is_issued:
        return read_file(keep_notice(actor=system_actor(proposal.government_id), proposal=proposal))
    return _render_notice(proposal)


@service
def keep_notice(*, actor: Actor, proposal: Proposal) -> StoredFile:
    """The stored notice of an issued proposal; the first call makes it, every later one gives the same file."""
    current = Proposal.objects.select_for_update().get(id=proposal.id)
    if not current.is_issued:
        raise DomainError("施行していない起案の通知は、まだありません。")
    if current.notice_file_id is None:
        name = f"{current.notice.get('title') or '通知'}_{current.document_number}.pdf"
        stored = store_file(actor=actor, name=name, content=_sealed(actor, current), purpose=PAPER)
        current.notice_file_id = stored.id
        current.save(update_fields=["notice_file_id"])
        return stored
    return stored_file(current.notice_file_id)


def _sealed(actor: Actor, proposal: Proposal) -> bytes:
    return seal_paper(actor=actor, proposal=proposal, pdf=_render_notice(proposal))


def seal_paper(*, actor: Actor, proposal: Proposal, pdf: bytes) -> bytes:
    """A paper of a decision as it leaves: signed where the decision asks for the electronic seal (電子公印), else as it is.

    Raises DomainError when it cannot be signed. The seal is written into the journal of the proposal.
    """
    if proposal.seal != SealKind.ELECTRONIC:
        return pdf
    government = Government.objects.get(id=proposal.government_id)
    settings = seal_settings(government)
    if settings is None:
        raise DomainError("電子公印の鍵がありません。運用の担当者に確かめてください。", code="seal")
    try:
        sealed = seal_pdf(pdf, settings, reason=proposal.document_number, place=government.name)
    except SealFailed as error:
        raise DomainError(str(error), code="seal") from error
    facts = {"signer": sealed.signer, "level": sealed.level, "sha256": hashlib.sha256(sealed.pdf).hexdigest()}
    record(actor, "sealed", proposal, facts)
    return sealed.pdf


def _render_notice(proposal: Proposal) -> bytes:
    return render_pdf(notice_document(proposal), made_at=_made_at(proposal.issued_at))


def decision_document(proposal: Proposal) -> DecisionDocument:
    """The 原議 with its stamp sheet, attachments and digest."""
    government = Government.objects.get(id=proposal.government_id)
    return DecisionDocument(
        subject=proposal.subject,
        government=government.name,
        proposal_number=proposal.number,
        issuer_name=government.name,
        stamps=stamp_boxes(current_steps(proposal)),
        rows=decision_rows(proposal),
        request=proposal.request,
        reason=proposal.reason,
        sections=tuple(
            (heading, "\n".join(f"{label}: {text}" for label, text in rows)) for heading, rows in proposal.sections
        ),
        opinions=tuple((f"{o.author_label}\n{o.get_kind_display()}", o.text) for o in opinions_on(proposal)),
        attachments=tuple((a.name, a.sha256) for a in proposal.attachments.all()),
        digest=proposal.digest,
        footer=proposal.number,
    )


def decision_pdf(*, proposal: Proposal) -> bytes:
    """The 原議 as PDF/A; what was decided lies inside as a file whose SHA-256 is the digest printed on it."""
    return render_pdf(
        decision_document(proposal),
        made_at=_made_at(proposal.decided_at),
        data=frozen_content(proposal).decode() if proposal.digest else None,
    )


def frozen_content(proposal: Proposal) -> bytes:
    """Body and attachments as JSON, the very bytes whose SHA-256 is the digest of the proposal."""
    entries = [attachment_entry(a.name, a.sha256, a.size) for a in proposal.attachments.all()]
    return digested_text(proposal.body, entries)


def _made_at(moment: dt.datetime | None) -> dt.datetime:
    return moment or clock.now()
