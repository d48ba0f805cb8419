"""What a decision page shows of a 減免."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.procedures.models import Payment

__all__ = ["describe", "load", "url"]


def load(source_id: UUID) -> dict[str, Any] | None:
    """The payment with its application; None when it is gone."""
    payment = Payment.objects.select_related("application__procedure").filter(id=source_id).first()
    return {"payment": payment} if payment is not None else None


def describe(source_id: UUID) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headed rows that are frozen with the proposal."""
    payment = Payment.objects.select_related("application", "procedure").get(id=source_id)
    rows = [("手続", payment.procedure.name), ("手数料", f"{payment.amount:,}円")]
    if payment.application is not None:
        rows += [("受付番号", payment.application.receipt_label), ("申請者", payment.application.applicant_name)]
    return [("手数料の減免", rows)]


def url(source_id: UUID) -> str:
    """The page of the payment."""
    return reverse("procedures-staff:payment", args=[source_id])
