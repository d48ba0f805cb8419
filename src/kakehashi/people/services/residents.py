"""Residents: known by an address they confirmed, or by an outside identity. No account and no password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import ProtectedError

from kakehashi.kernel import clock
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.domain.claims import VouchedFacts
from kakehashi.people.models import MailCode, Resident

SESSION_RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in resident: `provider` names the outside identity they came through ("" for a mail code) and `facts` is what it said.

    The facts live in the session only; they reach a form when the visitor asks for it.
    """

    resident: Resident
    provider: str = ""
    facts: VouchedFacts = field(default_factory=VouchedFacts)

    @property
    def is_identified(self) -> bool:
        """Whether somebody vouched for the person, not only for a mailbox."""
        return bool(self.resident.identity_subject)


@service
def confirm_resident(*, mail_code: MailCode) -> Resident:
    """The resident behind an address that a mail code has just confirmed; made when there is none yet.

    Raises ValueError for a code that was not used: only `confirm_mail_code` may vouch for an address.
    """
    if mail_code.used_at is None or mail_code.is_decoy:
        raise ValueError("the code has not been confirmed")
    resident = (
        Resident.objects.select_for_update().filter(email=mail_code.email, identity_subject="").order_by("id").first()
    )
    if resident is None:
        resident = Resident(email=mail_code.email)
    resident.confirmed_at = clock.now()
    resident.save()
    return resident


@service
def identify_resident(*, issuer: str, subject: str, name: str = "", verified_email: str = "") -> Resident:
    """The resident whom an outside provider vouches for (デジタル認証アプリ, GビズID); made at the first visit.

    An address alone never joins two residents: whoever owns a mailbox is not thereby the person of the card.
    """
    resident = Resident.objects.select_for_update().filter(identity_issuer=issuer, identity_subject=subject).first()
    if resident is None:
        resident = Resident(identity_issuer=issuer, identity_subject=subject)
    resident.name = name[:100] or resident.name
    resident.email = verified_email or resident.email
    resident.confirmed_at = clock.now()
    resident.save()
    return resident


def sign_in_resident(
    *, session: SessionBase, resident: Resident, provider: str = "", facts: VouchedFacts | None = None
) -> None:
    """Remember the resident in the visitor's session, for this government only, under a new session key."""
    session.cycle_key()
    session[SESSION_RESIDENT] = {
        "id": str(resident.id),
        "government": str(current_government_id()),
        "provider": provider,
        "facts": facts.as_dict() if facts else {},
    }


def sign_out_resident(*, session: SessionBase) -> None:
    """Forget the resident and everything else in the session."""
    session.flush()


def resident_id_of(session: SessionBase) -> UUID | None:
    """The resident of this government in the session, or None."""
    kept = session.get(SESSION_RESIDENT)
    if not isinstance(kept, dict) or kept.get("government") != str(current_government_id()):
        return None
    try:
        return UUID(str(kept.get("id")))
    except ValueError:
        return None


def visitor_of(session: SessionBase) -> Visitor | None:
    """The resident who is signed in in this session; a member of staff may be a resident, too."""
    resident_id = resident_id_of(session)
    resident = Resident.objects.filter(id=resident_id).first() if resident_id else None
    if resident is None:
        return None
    kept = session[SESSION_RESIDENT]
    return Visitor(resident, str(kept.get("provider") or "")[:60], VouchedFacts.from_dict(kept.get("facts")))


def forget_residents(before: date, limit: int) -> int:
    """Forget residents who last confirmed who they are before a day; gives the number.

    Whoever still has an application or a draft stays until its own clock has run out.
    """
    day = datetime.combine(before, time(), clock.JST)
    forgotten = 0
    for resident in Resident.objects.filter(confirmed_at__lt=day).order_by("confirmed_at")[:limit]:
        try:
            resident.delete()
        except ProtectedError:
            continue
        forgotten += 1
    return forgotten
