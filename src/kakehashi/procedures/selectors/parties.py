"""Who else stands behind a draft or an application, and whether they agree to it as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, open_answers
from kakehashi.kernel.ids import uuid7
from kakehashi.procedures.domain.representation import ProxyKind, content_digest
from kakehashi.procedures.models import (
    Application,
    Consent,
    ConsentState,
    CoSigning,
    Draft,
    FilingRule,
    Procedure,
    Proxy,
    Role,
)

__all__ = [
    "NOBODY",
    "Parties",
    "addresses_of",
    "digest_of",
    "kind_of",
    "parties_of_application",
    "parties_of_draft",
    "proxy_of",
    "rule_of",
]


@dataclass(frozen=True)
class Parties:
    """Proxy and consents of one filing. A consent counts for the `digest` of a draft or the `number` of an application's answers."""

    proxy: Proxy | None = None
    consents: list[Consent] = field(default_factory=list)
    digest: str = ""
    number: int | None = None

    def __bool__(self) -> bool:
        return self.proxy is not None or bool(self.consents)

    @property
    def co_signers(self) -> list[Consent]:
        """Those who sign together with the applicant."""
        return [each for each in self.consents if each.role == Role.CO_SIGNER]

    @property
    def missing(self) -> list[Consent]:
        """Who has not agreed to what stands here now."""
        return [each for each in self.consents if self.standing(each) != "agreed"]

    @property
    def unasked(self) -> list[Consent]:
        """Who has not been asked about what stands here now, or has refused it."""
        return [each for each in self.missing if self.standing(each) != "waiting"]

    @property
    def rows(self) -> list[tuple[Consent, str]]:
        """Each consent with its standing."""
        return [(each, self.standing(each)) for each in self.consents]

    def standing(self, consent: Consent) -> str:
        """`agreed`, `changed` (agreed to something else), `declined`, `waiting` or `unasked`."""
        if consent.state == ConsentState.AGREED:
            if self.number is not None:
                return "agreed" if consent.answers_number == self.number else "changed"
            return "agreed" if consent.digest == self.digest else "changed"
        if consent.state == ConsentState.DECLINED:
            return "declined"
        return "waiting" if self.number is not None or consent.asked_digest == self.digest else "unasked"


NOBODY = Parties()
"""The applicant files alone."""


def rule_of(procedure: Procedure) -> FilingRule:
    """The rule of a procedure; an unsaved one that allows nothing when nobody wrote one."""
    found: FilingRule | None = FilingRule.objects.filter(procedure=procedure).first()
    return found or FilingRule(procedure=procedure, co_signing=CoSigning.NONE)


def proxy_of(filing_key: UUID) -> Proxy | None:
    """Who files for somebody else, None when the applicant files."""
    found: Proxy | None = Proxy.objects.select_related("proof_file").filter(filing_key=filing_key).first()
    return found


def kind_of(proxy: Proxy | None) -> ProxyKind | None:
    """The kind of a proxy, None for none."""
    return ProxyKind(proxy.kind) if proxy else None


def addresses_of(application: Application | None) -> set[str]:
    """The addresses, in small letters, whose owners may open the application's page: the applicant's and a proxy's.

    None, a receipt number that nobody has, is asked for like any other: the time of the answer must not tell.
    """
    proxy = proxy_of(application.idempotency_key if application else uuid7())
    found = {application.applicant_email if application else ""}
    if proxy is not None and kind_of(proxy) is not ProxyKind.MESSENGER:
        found.add(proxy.email)
    return {each.lower() for each in found if each}


def digest_of(
    version: FormVersion, answers: Mapping[str, Any], filing_key: UUID, proxy: Proxy | None, consents: list[Consent]
) -> str:
    """The digest of what is agreed to; the answers are judged and opened here, so that draft and application give the same."""
    return content_digest(
        key=f"{settings.SECRET_KEY}:{filing_key}",
        version=str(version.id),
        answers=clean_answers(version, open_answers(answers)).values,
        proxy=(proxy.kind, proxy.name) if proxy else None,
        signers=[f"{each.role}:{each.name}" for each in consents],
    )


def _consents(filing_key: UUID) -> list[Consent]:
    return list(Consent.objects.filter(filing_key=filing_key).order_by("role", "id"))


def parties_of_draft(draft: Draft) -> Parties:
    """Of a draft, with the digest of what it says; nothing is asked for one whose applicant files alone."""
    if not draft.has_parties:
        return NOBODY
    key = draft.idempotency_key
    proxy, consents = proxy_of(key), _consents(key)
    digest = digest_of(draft.form_version, draft.answers, key, proxy, consents) if consents else ""
    return Parties(proxy, consents, digest)


def parties_of_application(application: Application) -> Parties:
    """Of an application, for its case: two queries."""
    key = application.idempotency_key
    return Parties(proxy_of(key), _consents(key), number=application.answers_number)
