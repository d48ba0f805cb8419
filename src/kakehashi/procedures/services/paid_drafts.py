"""前払い: an application that waited for its fee is handed in when the money has come, whether the browser comes back or not."""

from __future__ import annotations

from kakehashi.governments.selectors import get_government
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.procedures.domain.reception import reception_from_row
from kakehashi.procedures.models import Application, Payment
from kakehashi.procedures.selectors.applications import get_draft
from kakehashi.procedures.services.consents import hand_in_with_parties
from kakehashi.procedures.services.submit_application import submit_draft

__all__ = ["hand_in_paid_draft"]


def hand_in_paid_draft(payment: Payment) -> Application | None:
    """Hand in the draft of a payment made beforehand; None when there is none, or it cannot be handed in (staff see that).

    The applicant has pressed the button of the last page with these answers; what was missing was the money.
    """
    if payment.application_id is not None or payment.draft_id is None:
        return None
    application = Application.objects.filter(idempotency_key=payment.key).first()
    if application is None:
        application = _handed_in(payment)
    if application is not None:
        payment.application = application
        payment.save(update_fields=["application", "trouble"])
    return application


def _handed_in(payment: Payment) -> Application | None:
    try:
        draft = get_draft(payment.draft_id) if payment.draft_id else None
    except NotFound:
        draft = None
    if draft is None:
        _trouble(payment, "支払い済みですが、申請の下書きがありません。")
        return None
    electronic = bool(payment.chosen.get("electronic"))
    actor = AnonymousActor(government_id=payment.government_id, label="申請者")
    try:
        if draft.has_parties:
            return hand_in_with_parties(
                actor=actor,
                draft=draft,
                accepts_electronic_notice=electronic,
                fetches_at_counter=bool(payment.chosen.get("counter")),
            )
        return submit_draft(
            actor=actor,
            draft=draft,
            government_code=get_government(payment.government_id).code,
            accepts_electronic_notice=electronic,
            fetches_at_counter=bool(payment.chosen.get("counter")),
            reception=reception_from_row(draft.procedure.reception_row),
        )
    except DomainError as error:
        _trouble(payment, f"支払い済みですが、申請を受け付けられませんでした：{error.message}")
        return None


def _trouble(payment: Payment, sentence: str) -> None:
    payment.trouble = sentence[:200]
    payment.save(update_fields=["trouble"])
