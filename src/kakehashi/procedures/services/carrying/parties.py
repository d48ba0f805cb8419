"""代理人と同意: who stands behind an application, on its way from the public side to the staff.

Both are sent again when somebody answers after it was handed in; what is written here replaces what was there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from kakehashi.exchange.hooks import Arrived, NotYet, Waiting, Written
from kakehashi.exchange.selectors import unsent
from kakehashi.files.models import StoredFile
from kakehashi.kernel import clock
from kakehashi.procedures.domain.representation import Proof, ProxyKind
from kakehashi.procedures.models import Application, Channel, Consent, ConsentState, Proxy, Role

__all__ = [
    "apply_consent",
    "apply_proxy",
    "pending_consents",
    "unsent_consents",
    "unsent_proxies",
    "write_consent",
    "write_proxy",
]

CONSENT_ITEM, PROXY_ITEM = "procedures.consent", "procedures.proxy"


def unsent_proxies() -> QuerySet[Proxy]:
    """Proxies of applications that were handed in here and are not known to the staff side."""
    return unsent(Proxy.objects.filter(application__channel=Channel.ONLINE), PROXY_ITEM)


def write_proxy(proxy_id: UUID) -> Written | None:
    """Who files for somebody else, with the paper that shows it."""
    found: Proxy | None = Proxy.objects.select_related("proof_file").filter(id=proxy_id).first()
    if found is None or found.application_id is None:
        return None
    data = {
        "application": str(found.application_id), "kind": found.kind, "name": found.name, "email": found.email,
        "phone": found.phone, "relationship": found.relationship, "proof": found.proof,
        "file": str(found.proof_file_id or ""),
    }  # fmt: skip
    return Written(data, found.noted_at, [found.proof_file] if found.proof_file else [])


def apply_proxy(arrived: Arrived) -> None:
    """Put it beside the application on the staff side."""
    data, application = arrived.data, _application(arrived.data["application"])
    file = StoredFile.objects.filter(id=data["file"]).first() if data["file"] else None
    values: dict[str, Any] = {
        "filing_key": application.idempotency_key, "application": application, "kind": ProxyKind(data["kind"]).value,
        "name": str(data["name"])[:100], "email": str(data["email"])[:254], "phone": str(data["phone"])[:30],
        "relationship": str(data["relationship"])[:100], "proof": Proof(data["proof"]).value, "proof_file": file,
    }  # fmt: skip
    Proxy.objects.update_or_create(id=arrived.item_id, defaults=values)


def _mark() -> Concat:
    """What makes a consent another one: its state and the moment of its answer."""
    moment = Coalesce(Cast("answered_at", CharField()), Value(""))
    return Concat("state", Value(" "), moment, output_field=CharField())


def unsent_consents() -> QuerySet[Consent]:
    """Consents to applications that were handed in here, each again when it was answered."""
    return unsent(Consent.objects.filter(application__channel=Channel.ONLINE), CONSENT_ITEM, _mark())


def pending_consents(limit: int) -> list[Waiting]:
    """The first of them, each with its mark."""
    rows = unsent_consents().order_by("id").annotate(mark=_mark())
    return [Waiting(each, mark) for each, mark in rows.values_list("id", "mark")[:limit]]


def write_consent(consent_id: UUID) -> Written | None:
    """Who was asked, and what they said."""
    found: Consent | None = Consent.objects.filter(id=consent_id).first()
    if found is None or found.application_id is None:
        return None
    data = {
        "application": str(found.application_id), "role": found.role, "name": found.name, "email": found.email,
        "state": found.state, "reason": found.reason, "number": found.answers_number,
        "answered_at": found.answered_at.isoformat() if found.answered_at else None,
    }  # fmt: skip
    return Written(data, found.answered_at or clock.now())


def apply_consent(arrived: Arrived) -> None:
    """Put it beside the application on the staff side."""
    data, application = arrived.data, _application(arrived.data["application"])
    values: dict[str, Any] = {
        "filing_key": application.idempotency_key, "application": application, "role": Role(data["role"]),
        "name": str(data["name"])[:100], "email": str(data["email"])[:254], "state": ConsentState(data["state"]),
        "reason": str(data["reason"])[:500], "answers_number": int(data["number"]) if data["number"] else None,
        "answered_at": dt.datetime.fromisoformat(data["answered_at"]) if data["answered_at"] else None,
    }  # fmt: skip
    Consent.objects.update_or_create(id=arrived.item_id, defaults=values)


def _application(application_id: str) -> Application:
    found: Application | None = Application.objects.filter(id=UUID(application_id)).first()
    if found is None:
        raise NotYet("申請がまだ届いていません。")
    return found
