"""証明書の検証: what the public half must know so that anybody with the paper in hand can ask about it there.

Only what the page shows: title, number, days, whether it was revoked. A revocation is never taken back, whatever order bundles come in.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Case, CharField, QuerySet, Value, When

from kakehashi.exchange.hooks import Arrived, Waiting, Written
from kakehashi.exchange.selectors import unsent
from kakehashi.kernel import clock
from kakehashi.procedures.models import CarriedCertificate, Certificate

__all__ = ["CERTIFICATE", "apply_certificate", "pending_certificates", "unsent_certificates", "write_certificate"]

CERTIFICATE = "procedures.certificate"
_FIELDS = ("token", "title", "document_number")


def _mark() -> Case:
    return Case(When(revoked_at__isnull=False, then=Value("revoked")), default=Value(""), output_field=CharField())


def unsent_certificates() -> QuerySet[Certificate]:
    """Certificates of which the other half does not know, or does not know that they were revoked."""
    return unsent(Certificate.objects.all(), CERTIFICATE, _mark())


def pending_certificates(limit: int) -> list[Waiting]:
    """The first of them, each with its mark."""
    rows = unsent_certificates().order_by("id").annotate(mark=_mark())
    return [Waiting(each, mark) for each, mark in rows.values_list("id", "mark")[:limit]]


def write_certificate(certificate_id: UUID) -> Written | None:
    """What the verification page says of one certificate."""
    found: Certificate | None = Certificate.objects.filter(id=certificate_id).first()
    if found is None:
        return None
    data = {name: getattr(found, name) for name in _FIELDS} | {
        "issued_on": found.issued_on.isoformat(),
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "revoked_at": found.revoked_at.isoformat() if found.revoked_at else None,
    }
    return Written(data, clock.now())


def apply_certificate(arrived: Arrived) -> None:
    """Let the public half answer for it."""
    data = arrived.data
    revoked = dt.datetime.fromisoformat(data["revoked_at"]) if data["revoked_at"] else None
    made, is_new = CarriedCertificate.objects.get_or_create(
        id=arrived.item_id,
        defaults={
            "token": data["token"][:26],
            "title": data["title"][:300],
            "document_number": data["document_number"][:60],
            "issued_on": dt.date.fromisoformat(data["issued_on"]),
            "valid_until": dt.date.fromisoformat(data["valid_until"]) if data["valid_until"] else None,
            "revoked_at": revoked,
        },
    )
    if not is_new and revoked is not None and made.revoked_at is None:
        made.revoked_at = revoked
        made.save(update_fields=["revoked_at"])
