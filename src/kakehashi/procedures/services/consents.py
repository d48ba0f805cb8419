"""同意: everybody named reads the whole of the answers and agrees to exactly those; then the application goes out.

Whoever agrees, declines, changes an answer or hands in holds the draft's row meanwhile. So two who agree at the same moment
come one after the other, and a change comes before an agreement, which then sees it, or after it, which then is void.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from kakehashi.eforms.selectors import clean_answers
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.services import count_try
from kakehashi.procedures.domain.applicant import applicant_of
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.identity import IdentityCheck, satisfies
from kakehashi.procedures.models import Application, Consent, ConsentState, CoSigning, Draft, DraftWish, Proxy
from kakehashi.procedures.selectors.applications import get_application, get_draft, handed_in_as
from kakehashi.procedures.selectors.parties import (
    Parties,
    digest_of,
    parties_of_application,
    parties_of_draft,
    rule_of,
)
from kakehashi.procedures.selectors.reception import reception_of
from kakehashi.procedures.services import consent_mails as mails
from kakehashi.procedures.services.drafts import KEPT_DAYS
from kakehashi.procedures.services.handling import record
from kakehashi.procedures.services.resuming import LINKS_PER_ADDRESS
from kakehashi.procedures.services.submit_application import IdentityNeeded, Incomplete, submit_draft

__all__ = [
    "Asked",
    "agree",
    "ask_consents",
    "asked_of_token",
    "decline",
    "hand_in_with_parties",
    "remind_consents",
]

_REMIND_AFTER = dt.timedelta(days=3)
_MOST_REMINDERS = 3
_CHUNK = 500


class Asked:
    """What one person is asked about: their consent, and the draft or the application it is about, with its parties."""

    def __init__(self, consent: Consent, draft: Draft | None, application: Application | None) -> None:
        self.consent, self.draft, self.application = consent, draft, application
        if application is not None and application.form_version is not None:
            known = parties_of_application(application)
            digest = digest_of(
                application.form_version, application.answers, consent.filing_key, known.proxy, known.consents
            )
            self.parties = Parties(known.proxy, known.consents, digest, known.number)
        else:
            assert draft is not None
            self.parties = parties_of_draft(draft)

    @property
    def is_over(self) -> bool:
        """Whether the application has come to its end."""
        return self.application is not None and not self.application.is_open

    @property
    def digest(self) -> str:
        """The digest of what stands there now; it travels with the page, so that an agreement is to what was read."""
        return self.parties.digest


def asked_of_token(token: str, *, locks: bool = False) -> Asked | None:
    """What a mailed link asks about; None for a forged, foreign or old one, and when the draft is gone or nobody is asked."""
    salt = f"procedures.consent.{current_government_id()}"
    try:
        consent_id = UUID(signing.loads(token, salt=salt, max_age=KEPT_DAYS * 24 * 3600))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    consent = Consent.objects.filter(id=consent_id, asked_at__isnull=False).first()
    if consent is None:
        return None
    drafts = Draft.objects.select_for_update() if locks else Draft.objects
    row = drafts.filter(idempotency_key=consent.filing_key).only("id").first()
    if locks:
        # Whoever held the row before may have changed the consent as well.
        consent = Consent.objects.filter(id=consent_id).first()
        if consent is None:
            return None
    if consent.application_id is not None:
        return Asked(consent, None, get_application(consent.application_id))
    return Asked(consent, get_draft(row.id), None) if row is not None else None


@service
def ask_consents(
    *, actor: Actor, draft: Draft, accepts_electronic_notice: bool, fetches_at_counter: bool = False
) -> int:
    """Ask everybody who has not agreed to the answers as they stand; give how many were asked.

    Everything but the agreements must be there: complete answers, 本人確認, enough co-signers. With the last agreement the
    application is handed in by itself, with the wishes for the result that are given now. The draft is kept for thirty more days.
    """
    Draft.objects.select_for_update().only("id").get(id=draft.id)
    _check(draft, parties_of_draft(draft))
    now = clock.now()
    draft.accepts_electronic_notice, draft.updated_at = accepts_electronic_notice, now
    draft.expires_at = now + dt.timedelta(days=KEPT_DAYS)
    draft.save(update_fields=["accepts_electronic_notice", "updated_at", "expires_at"])
    DraftWish.objects.filter(draft=draft).delete()
    if fetches_at_counter and not accepts_electronic_notice:
        DraftWish.objects.create(draft=draft, way=Way.COUNTER.value)
    parties = parties_of_draft(draft)
    asked = parties.unasked
    for consent in asked:
        consent.state, consent.asked_digest, consent.asked_at = ConsentState.WAITING, parties.digest, now
        consent.digest, consent.answered_at, consent.reason, consent.reminders, consent.reminded_at = (
            "",
            None,
            "",
            0,
            None,
        )
        consent.save()
        if count_try(limit=LINKS_PER_ADDRESS, subject=consent.email):
            mails.ask(actor=actor, consent=consent, draft=draft, proxy=parties.proxy)
    return len(asked)


def _check(draft: Draft, parties: Parties) -> None:
    checked = clean_answers(draft.form_version, draft.answers)
    if checked.errors:
        raise Incomplete(checked.errors)
    email = applicant_of(draft.form_version.definition, checked.values).email or draft.email
    if not satisfies(IdentityCheck(draft.procedure.identity_check), draft.proof, email):
        raise IdentityNeeded
    lacking = rule_of(draft.procedure).least_co_signers - len(parties.co_signers)
    if lacking > 0:
        sentence = ngettext(
            "いっしょに申請する人を、あと%(n)s人書いてください。",
            "いっしょに申請する人を、あと%(n)s人書いてください。",
            lacking,
        )
        raise DomainError(sentence % {"n": lacking})


@service
def agree(*, actor: Actor, token: str, seen_digest: str) -> tuple[Asked, Application | None]:
    """同意する to what was read (`seen_digest`); gives the application when this was the last agreement and it went out.

    Agreeing twice changes nothing. Raises Stale when the answers changed after the page was made, or the link is over.
    """
    asked = asked_of_token(token, locks=True)
    if asked is None or asked.is_over or asked.digest != seen_digest:
        raise Stale
    consent, parties = asked.consent, asked.parties
    if parties.standing(consent) != "agreed":
        consent.state, consent.answered_at = ConsentState.AGREED, clock.now()
        consent.digest = asked.digest if asked.application is None else ""
        consent.answers_number, consent.reason = parties.number, ""
        consent.save()
        if asked.application is not None:
            payload = {"consent": str(consent.id), "role": consent.role}
            record(actor, "procedures.consent.agreed", asked.application, payload)
    if asked.draft is None:
        return asked, asked.application
    return asked, _hand_in_if_all_agree(asked.draft)


def _hand_in_if_all_agree(draft: Draft) -> Application | None:
    """The application when everybody was asked about this and agrees; what stands against it, the applicant is told on the page."""
    parties = parties_of_draft(draft)
    were_asked = all(each.asked_digest == parties.digest for each in parties.consents)
    if parties.missing or not were_asked:
        return None
    applicant = AnonymousActor(government_id=current_government_id(), label="申請者")
    try:
        with transaction.atomic():
            return hand_in_with_parties(
                actor=applicant,
                draft=draft,
                accepts_electronic_notice=draft.accepts_electronic_notice,
                fetches_at_counter=DraftWish.objects.filter(draft=draft, way=Way.COUNTER.value).exists(),
            )
    except DomainError:
        # Such as a procedure that closed meanwhile: the agreement stands all the same.
        return None


@service
def decline(*, actor: Actor, token: str, reason: str) -> Asked:
    """同意しない, with a reason or without; whoever wrote the answers is told. Raises Stale when the link is over."""
    asked = asked_of_token(token, locks=True)
    if asked is None or asked.is_over:
        raise Stale
    consent = asked.consent
    if consent.state == ConsentState.DECLINED:
        return asked
    consent.state, consent.reason, consent.answered_at = ConsentState.DECLINED, reason.strip()[:500], clock.now()
    consent.digest, consent.answers_number = "", None
    consent.save()
    if asked.application is not None:
        record(
            actor, "procedures.consent.declined", asked.application, {"consent": str(consent.id), "role": consent.role}
        )
    elif asked.draft is not None:
        mails.tell_of_refusal(actor=actor, consent=consent, draft=asked.draft, proxy=asked.parties.proxy)
    return asked


@service
def hand_in_with_parties(
    *, actor: Actor, draft: Draft, accepts_electronic_notice: bool, fetches_at_counter: bool = False
) -> Application:
    """Hand in what others stand behind; the same draft again gives the first application.

    Raises DomainError while somebody's agreement is missing that must be there first: the principal's always, the
    co-signers' unless the procedure lets them follow.
    """
    Draft.objects.select_for_update().only("id").get(id=draft.id)
    parties = parties_of_draft(draft)
    done = handed_in_as(draft)
    if done is not None:
        return get_application(done)
    _check(draft, parties)
    may_follow = rule_of(draft.procedure).co_signing == CoSigning.MAY_FOLLOW
    waits_for = [each for each in parties.missing if not may_follow or each not in parties.co_signers]
    if waits_for:
        names = "、".join(each.name for each in waits_for)
        raise DomainError(gettext("まだ同意していない人がいます：%(names)s") % {"names": names}, code="consent")
    application = submit_draft(
        actor=actor,
        draft=draft,
        government_code=get_government(draft.government_id).code,
        email=parties.proxy.email if parties.proxy else "",
        accepts_electronic_notice=accepts_electronic_notice,
        fetches_at_counter=fetches_at_counter,
        reception=reception_of(draft.procedure),
    )
    _attach(actor, draft, application, parties)
    return application


def _attach(actor: Actor, draft: Draft, application: Application, parties: Parties) -> None:
    """Let the parties be the application's, ask those who may follow, and note it in the journal without a name."""
    agreed = [each for each in parties.consents if parties.standing(each) == "agreed"]
    key = draft.idempotency_key
    Consent.objects.filter(id__in=[each.id for each in agreed]).update(answers_number=application.answers_number)
    Proxy.objects.filter(filing_key=key).update(application=application)
    if parties.proxy is not None:
        mails.tell_proxy_received(actor=actor, application=application, proxy=parties.proxy)
    for consent in parties.consents:
        if parties.standing(consent) not in {"unasked", "changed"}:
            continue
        consent.state, consent.asked_at, consent.reminders, consent.reminded_at = (
            ConsentState.WAITING,
            clock.now(),
            0,
            None,
        )
        consent.save()
        if count_try(limit=LINKS_PER_ADDRESS, subject=consent.email):
            mails.ask(actor=actor, consent=consent, draft=draft, proxy=parties.proxy)
    Consent.objects.filter(filing_key=key).update(application=application, digest="", asked_digest="")
    payload = {
        "proxy": parties.proxy.kind if parties.proxy else "",
        "proof": parties.proxy.proof if parties.proxy else "",
        "asked": len(parties.consents),
        "agreed": len(agreed),
    }
    record(actor, "procedures.parties.noted", application, payload)


@service
def remind_consents(*, actor: Actor) -> int:
    """Remind whoever has been silent for three days, at most three times; called by the worker in each government's scope."""
    since = clock.now() - _REMIND_AFTER
    silent = Q(reminded_at__isnull=True) | Q(reminded_at__lt=since)
    due = Consent.objects.filter(
        silent, state=ConsentState.WAITING, asked_at__lt=since, reminders__lt=_MOST_REMINDERS
    ).order_by("asked_at")
    count = 0
    for consent in due[:_CHUNK]:
        consent.reminders, consent.reminded_at = consent.reminders + 1, clock.now()
        consent.save(update_fields=["reminders", "reminded_at"])
        draft = (
            Draft.objects.select_related("procedure")
            .filter(idempotency_key=consent.filing_key, expires_at__gt=clock.now())
            .first()
        )
        if draft is not None:
            proxy = Proxy.objects.filter(filing_key=consent.filing_key).first()
            mails.ask(actor=actor, consent=consent, draft=draft, proxy=proxy, again=True)
            count += 1
    return count
