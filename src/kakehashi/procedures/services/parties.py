"""代理人と連署する人を書く: kept beside the draft under the key that the application will have, too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from kakehashi.files.models import StoredFile
from kakehashi.files.services import discard_file
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.representation import PROOFS, Proof, ProxyKind
from kakehashi.procedures.models import Consent, CoSigning, Draft, Proxy, Role
from kakehashi.procedures.selectors.parties import proxy_of, rule_of
from kakehashi.procedures.services.filing_rules import MOST_CO_SIGNERS

__all__ = ["add_co_signer", "forget_parties", "remove_co_signer", "remove_proxy", "set_proxy"]

# A name travels in mails to others: it must not be able to carry a link or an address.
_NOT_IN_NAMES = re.compile(r"[/@<>:\\\x00-\x1f]")


def _name(text: str) -> str:
    name = text.strip()[:100]
    if not name or _NOT_IN_NAMES.search(name):
        raise DomainError(gettext("氏名を確かめてください。記号は使えません。"), field="name")
    return name


def _locked(draft: Draft) -> None:
    """Nobody agrees or hands in while the parties change."""
    Draft.objects.select_for_update().only("id").get(id=draft.id)


def _mark(draft: Draft, has_parties: bool) -> None:
    if draft.has_parties != has_parties:
        draft.has_parties = has_parties
        draft.save(update_fields=["has_parties"])


@service
def set_proxy(
    *,
    actor: Actor,
    draft: Draft,
    kind: ProxyKind,
    name: str,
    email: str,
    relationship: str,
    phone: str = "",
    proof: Proof,
    proof_file: StoredFile | None = None,
    principal_name: str = "",
    principal_email: str = "",
) -> Proxy:
    """Say who files for the person whose name stands in the answers, and by what that is shown; replaces what was said before.

    With `Proof.CONFIRMATION` the principal is asked by mail before anything is handed in (`principal_name`, `principal_email`);
    the other proofs are a file. Raises DomainError for what the procedure does not take or what is missing.
    """
    _locked(draft)
    rule = rule_of(draft.procedure)
    allowed = [each for each in PROOFS[kind] if kind is not ProxyKind.VOLUNTARY or each.value in rule.proofs]
    if kind.value not in rule.proxies or proof not in allowed:
        raise DomainError(gettext("この手続では、その申請のしかたはできません。"), field="proof")
    before = proxy_of(draft.idempotency_key)
    confirms = proof is Proof.CONFIRMATION
    if not confirms and proof_file is None:
        proof_file = before.proof_file if before is not None and before.proof == proof else None
        if proof_file is None:
            raise DomainError(gettext("証明する書類を付けてください。"), field="file")
    if confirms and principal_email.strip().lower() == email.strip().lower():
        raise DomainError(gettext("本人のメールアドレスは、代理の人と別にしてください。"), field="principal_email")
    values: dict[str, Any] = {
        "kind": kind.value, "name": _name(name), "email": email, "phone": phone.strip()[:30],
        "relationship": relationship.strip()[:100], "proof": proof.value, "proof_file": None if confirms else proof_file,
    }  # fmt: skip
    proxy, _ = Proxy.objects.update_or_create(filing_key=draft.idempotency_key, defaults=values)
    if before is not None and before.proof_file is not None and before.proof_file_id != proxy.proof_file_id:
        discard_file(actor=actor, stored_file=before.proof_file)
    _set_principal(draft, principal_name if confirms else "", principal_email)
    _mark(draft, True)
    return proxy


def _set_principal(draft: Draft, name: str, email: str) -> None:
    """The consent of the principal, or none; the same person keeps what they said."""
    rows = Consent.objects.filter(filing_key=draft.idempotency_key, role=Role.PRINCIPAL)
    if not name:
        rows.delete()
        return
    rows.exclude(email=email).delete()
    _save_consent(draft, Role.PRINCIPAL, _name(name), email)


def _save_consent(draft: Draft, role: Role, name: str, email: str) -> Consent:
    key = {"filing_key": draft.idempotency_key, "email": email}
    try:
        with transaction.atomic():
            consent, made = Consent.objects.get_or_create(
                **key, defaults={"role": role, "name": name, "language": draft.language}
            )
    except IntegrityError:
        consent, made = Consent.objects.get(**key), False
    if not made and (consent.role, consent.name) != (role, name):
        if consent.role != role:
            raise DomainError(gettext("同じメールアドレスの人が、もういます。"), field="email")
        consent.name = name
        consent.save(update_fields=["name"])
    return consent


@service
def remove_proxy(*, actor: Actor, draft: Draft) -> None:
    """The applicant files for themselves after all."""
    _locked(draft)
    before = proxy_of(draft.idempotency_key)
    if before is None:
        return
    before.delete()
    if before.proof_file is not None:
        discard_file(actor=actor, stored_file=before.proof_file)
    Consent.objects.filter(filing_key=draft.idempotency_key, role=Role.PRINCIPAL).delete()
    _settle(draft)


@service
def add_co_signer(*, actor: Actor, draft: Draft, name: str, email: str) -> Consent:
    """Name one more person who signs; the same address again is the same person.

    Raises DomainError when the procedure takes none, or there are too many.
    """
    _locked(draft)
    if rule_of(draft.procedure).co_signing == CoSigning.NONE:
        raise DomainError(gettext("この手続では、その申請のしかたはできません。"), field="name")
    theirs = Consent.objects.filter(filing_key=draft.idempotency_key, role=Role.CO_SIGNER)
    if theirs.exclude(email=email).count() >= MOST_CO_SIGNERS:
        raise DomainError(gettext("いっしょに申請する人は、10人までです。"), field="name")
    consent = _save_consent(draft, Role.CO_SIGNER, _name(name), email)
    _mark(draft, True)
    return consent


@service
def remove_co_signer(*, actor: Actor, draft: Draft, consent_id: UUID) -> None:
    """Take somebody off again; what the others agreed to is another paper then."""
    _locked(draft)
    Consent.objects.filter(filing_key=draft.idempotency_key, role=Role.CO_SIGNER, id=consent_id).delete()
    _settle(draft)


def _settle(draft: Draft) -> None:
    """Whether anybody is left to ask about, now or because the procedure wants co-signers."""
    key = draft.idempotency_key
    left = Proxy.objects.filter(filing_key=key).exists() or Consent.objects.filter(filing_key=key).exists()
    _mark(draft, left or rule_of(draft.procedure).least_co_signers > 0)


def forget_parties(*, actor: Actor, drafts: Iterable[Draft]) -> None:
    """With drafts that are dropped go those who stood behind them, unless they were handed in."""
    keys = [each.idempotency_key for each in drafts if each.has_parties]
    if not keys:
        return
    Consent.objects.filter(filing_key__in=keys, application=None).delete()
    for proxy in Proxy.objects.select_related("proof_file").filter(filing_key__in=keys, application=None):
        proxy.delete()
        if proxy.proof_file is not None:
            discard_file(actor=actor, stored_file=proxy.proof_file)
