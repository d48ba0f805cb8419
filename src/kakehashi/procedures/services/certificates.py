"""証明書: made with the 施行, verified by anybody who holds it, revoked and reissued as acts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services.papers import notice_document
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import peer
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.adapters.signing_key import load_signing_key
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.journal.services import history_of
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.documents import CertificateDocument, render_pdf
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.later import later
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.certificates import format_token, make_token
from kakehashi.procedures.domain.deliveries import Standing
from kakehashi.procedures.domain.offline_certificates import Statement, key_name, sign_statement
from kakehashi.procedures.models import Application, Certificate, IssuedDocument
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.letters import letter_of_proposal
from kakehashi.procedures.services.delivering import begin_delivery, open_again
from kakehashi.procedures.services.handling import record

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")

__all__ = [
    "certificate_pdf",
    "make_certificate",
    "reissue_certificate",
    "revoke_certificate",
    "signed_words",
    "verification_address",
    "verifier_keys",
]


def make_certificate(*, application: Application, document: IssuedDocument, proposal: Proposal) -> Certificate | None:
    """The certificate of a document just issued, when its letter was written as one; None for other letters."""
    version = letter_of_proposal(proposal.id)
    if version is None or not version.is_certificate:
        return None
    issued_on = proposal.issued_on or clock.today()
    return _new(application, document, issued_on, _last_day(issued_on, version.valid_days))


def _last_day(issued_on: dt.date, days: int | None) -> dt.date | None:
    return issued_on + dt.timedelta(days=days) if days is not None else None


def _new(
    application: Application, document: IssuedDocument, issued_on: dt.date, valid_until: dt.date | None
) -> Certificate:
    made: Certificate = Certificate.objects.create(
        application=application,
        document=document,
        token=make_token(),
        title=document.title,
        document_number=document.document_number,
        issued_on=issued_on,
        valid_until=valid_until,
    )
    return made


def certificate_pdf(certificate: Certificate, proposal: Proposal) -> bytes:
    """The certificate as PDF: the words that were decided, with the code of its verification page."""
    government = get_government(certificate.government_id)
    address = verification_address(government, certificate.token)
    notice = notice_document(proposal)
    until = f"\n有効期限：{format_wareki(certificate.valid_until)}まで" if certificate.valid_until else ""
    document = CertificateDocument(
        title=certificate.title,
        document_number=certificate.document_number,
        issued_on=format_wareki(certificate.issued_on),
        addressee=notice.addressee,
        issuer=notice.issuer,
        issuer_name=notice.issuer_name,
        text=notice.text,
        rows=notice.rows,
        qr=_modules(address),
        signed_qr=_modules(signed_words(certificate), level="m"),
        signed_text="署名（インターネットなしで確かめる）",
        verify_text=(
            "この証明書が有効かどうかは、二次元コードのページで、だれでも確かめられます。"
            f"文書番号と発行日が、この紙と同じであることも見てください。{until}\n"
            f"検証の符号：{format_token(certificate.token)}\n{address}"
        ),
        contact=notice.contact,
        footer=certificate.document_number,
    )
    return render_pdf(document, made_at=certificate.created_at)


def verification_address(government: Government, token: str) -> str:
    """Where anybody asks about a certificate: on the staff half of split networks it is a page of the public half.

    The public half's address is the one that was given when the halves were paired, or, where bundles go as files,
    `KAKEHASHI_PUBLIC_URL`. With neither the paper names the path on the address of this half, and its second code is checked
    without any server.
    """
    page = f"/procedures/verify/{token}/"
    other = peer()
    if other is not None and other.our_side == Side.STAFF and "/exchange/" in other.url:
        return other.url.split("/exchange/")[0] + page
    is_staff_half = settings.CONFIG.surface == "staff" or (other is not None and other.our_side == Side.STAFF)
    if is_staff_half and settings.CONFIG.public_url:
        return f"{settings.CONFIG.public_url}/{government.slug}{page}"
    if settings.CONFIG.surface == "staff":
        return f"{settings.CONFIG.base_url}/{government.slug}{page}"
    return absolute_url(government, "procedures:verify", token)


def signed_words(certificate: Certificate) -> str:
    """The text of the second code: what the certificate says, signed with the key that signs the journal."""
    government = get_government(certificate.government_id)
    statement = Statement(
        government=government.name,
        title=certificate.title,
        document_number=certificate.document_number,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        token=certificate.token,
    )
    return sign_statement(statement, government.code, load_signing_key(settings.JOURNAL_KEY))


def verifier_keys(government: Government) -> list[tuple[VerifierKey, dt.datetime | None]]:
    """The keys with which certificates of a town are checked, the present one first, the others with the moment of their end.

    Those of an installation it was moved from are among them.
    """
    name, history = key_name(government.code), history_of(government.id)
    return [(VerifierKey(name, public), until) for public, until in history.keys()]  # noqa: SIM118


def _modules(text: str, level: str = "q") -> tuple[str, ...]:
    """The code as rows of 0 and 1; level Q still reads when a stamp or a fold covers a quarter, M when it covers a seventh."""
    code = segno.make(text, error=level, micro=False, encoding="utf-8")
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix)


@service
def revoke_certificate(*, actor: Actor, certificate: Certificate, reason: str) -> Certificate:
    """証明書を失効させる: from now on its page says that it is not valid. Raises DomainError without a reason, Stale the second time."""
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    if not reason.strip():
        raise DomainError("失効させる理由を書いてください。", field="reason")
    changed = Certificate.objects.filter(id=certificate.id, revoked_at__isnull=True).update(
        revoked_at=clock.now(), revoked_reason=reason.strip()[:300]
    )
    if not changed:
        raise Stale("この証明書は、もう失効しています。")
    certificate.refresh_from_db()
    payload = {"certificate": str(certificate.id), "number": certificate.document_number}
    record(actor, "procedures.certificate.revoked", certificate.application, payload)
    return certificate


@service
def reissue_certificate(*, actor: Actor, certificate: Certificate, reason: str) -> Certificate:
    """証明書を再発行する: the same words with a new code, delivered the way the applicant chose; the old one is revoked by it.

    Raises DomainError for a certificate that was replaced already or whose decision is not here.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    old: Certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("application__procedure", "application__case", "document")
        .get(id=certificate.id)
    )
    if old.replaced_by_id is not None:
        raise Stale("この証明書は、もう再発行しています。")
    proposal = Proposal.objects.filter(id=old.application.proposal_id).first()
    if proposal is None:
        raise DomainError("決裁の記録がないので、再発行できません。")
    if old.revoked_at is None:
        revoke_certificate(actor=actor, certificate=old, reason=reason)
    document = IssuedDocument.objects.create(
        application=old.application,
        title=f"{old.document.title.removesuffix('（再発行）')}（再発行）",
        document_number=old.document_number,
        source_id=uuid7(),
        by_post=old.document.by_post,
    )
    new = _new(old.application, document, clock.today(), old.valid_until)
    Certificate.objects.filter(id=old.id).update(replaced_by=new)
    act_id = uuid7()
    delivery = begin_delivery(actor=actor, application=old.application, document=document)
    payload = {"certificate": str(new.id), "old": str(old.id), "number": new.document_number}
    record(actor, "procedures.certificate.reissued", old.application, payload, act_id)
    if delivery.standing == Standing.WAITING:
        open_again(actor, old.application, act_id)
    return new
