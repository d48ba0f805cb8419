"""財政措置: keep the list of schemes, plan to use one, say what came of it, warn before it closes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.desk.domain.funding import WARN_DAYS
from kakehashi.desk.models import Consultation, FundingScheme, FundingState, FundingUse
from kakehashi.desk.permissions import DeskPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice

__all__ = ["plan_funding", "retire_scheme", "settle_funding", "warn_of_closing", "write_scheme"]

SUBJECT, NOTICE = "desk.funding", "desk.funding"
FIELDS = (
    "name", "kind", "provider", "covers", "rate", "ceiling", "conditions", "words", "apply_from", "apply_until", "url",
    "source", "checked_on",
)  # fmt: skip


@service
def write_scheme(*, actor: Actor, values: Mapping[str, Any], scheme: FundingScheme | None = None) -> FundingScheme:
    """Write down a scheme, or change it; `values` maps names of `FIELDS`.

    Raises DomainError without a name, who pays, or where and when that was read, and for an end before the beginning.
    """
    require(actor, DeskPermission.FUNDING_WRITE)
    row = scheme or FundingScheme()
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    for field, message in (
        ("name", "名前を書いてください。"),
        ("provider", "どこが出すかを書いてください。"),
        ("source", "何で読んだか（出典）を書いてください。"),
        ("checked_on", "確かめた日を書いてください。"),
    ):
        if not getattr(row, field):
            raise DomainError(message, field=field, code="required")
    if row.apply_from and row.apply_until and row.apply_until < row.apply_from:
        raise DomainError("受付の終わりが、始まりより前です。", field="apply_until")
    row.save()
    _record(actor, "desk.funding.written", row, {"name": row.name, "is_new": scheme is None})
    return row


@service
def retire_scheme(*, actor: Actor, scheme: FundingScheme, is_retired: bool) -> None:
    """Put a scheme away, or take it out again; what it paid for stays."""
    require(actor, DeskPermission.FUNDING_WRITE)
    scheme.retired_at = clock.now() if is_retired else None
    scheme.save(update_fields=["retired_at"])
    _record(actor, "desk.funding.retired", scheme, {"name": scheme.name, "is_retired": is_retired})


@service
def plan_funding(*, actor: Actor, consultation: Consultation, scheme: FundingScheme) -> FundingUse:
    """Plan to pay for a solution with a scheme; twice is once. Raises DomainError for one that is closed or put away."""
    require(actor, DeskPermission.FUNDING_WRITE)
    if scheme.retired_at is not None or (scheme.apply_until and scheme.apply_until < clock.today()):
        raise DomainError("この財政措置の受付は終わっています。", code="closed")
    use, is_new = FundingUse.objects.get_or_create(
        scheme=scheme, consultation=consultation, defaults={"written_by": actor.label[:200]}
    )
    if is_new:
        payload = {"scheme": scheme.name, "consultation": str(consultation.id)}
        _record(actor, "desk.funding.planned", scheme, payload)
    made: FundingUse = use
    return made


@service
def settle_funding(
    *, actor: Actor, use: FundingUse, state: str, amount: int | None = None, note: str = ""
) -> FundingUse:
    """Say how far it has come: applied, granted (with the amount in thousands of yen), refused, dropped.

    Raises DomainError for an unknown state, or a grant without its amount.
    """
    require(actor, DeskPermission.FUNDING_WRITE)
    if state not in FundingState.values:
        raise DomainError("どうなったかを選んでください。", field="state", code="required")
    if state == FundingState.GRANTED and amount is None:
        raise DomainError("決まった金額（千円）を書いてください。", field="amount", code="required")
    changed = FundingUse.objects.filter(id=use.id, state=use.state).update(
        state=state, amount=amount, note=note.strip()[:300]
    )
    if not changed:
        raise Stale
    use.state, use.amount, use.note = state, amount, note.strip()[:300]
    payload = {"scheme": use.scheme.name, "state": state, "amount": amount, "consultation": str(use.consultation_id)}
    _record(actor, "desk.funding.settled", use.scheme, payload)
    return use


@service
def warn_of_closing(*, actor: Actor) -> int:
    """Tell those who planned to use a scheme that it closes within two weeks; once. Return how many. Run by the worker."""
    today, count = clock.today(), 0
    closing = FundingUse.objects.filter(
        state=FundingState.PLANNED, warned_at__isnull=True,
        scheme__apply_until__gte=today, scheme__apply_until__lte=today + timedelta(days=WARN_DAYS),
    ).select_related("scheme", "consultation__asked_by", "consultation__supporter")  # fmt: skip
    for use in closing[:200]:
        FundingUse.objects.filter(id=use.id).update(warned_at=clock.now())
        person = use.consultation.supporter or use.consultation.asked_by
        send_notice(
            actor=actor,
            kind=NOTICE,
            to=Recipient(person_id=person.id, name=person.name),
            subject=f"受付がもうすぐ終わります：{use.scheme.name}",
            body_text=f"「{use.consultation.task}」に使うことを考えている「{use.scheme.name}」の受付が、もうすぐ終わります。",
            url=reverse("desk-staff:scheme", args=[use.scheme_id]),
            idempotency_key=uuid5(use.id, "closing"),
        )
        count += 1
    return count


def _record(actor: Actor, code: str, scheme: FundingScheme, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=scheme.id, payload=payload)
