"""A consultation becomes a thing of another room, in one click; its thread stays where it is and is found from there."""

from __future__ import annotations

from kakehashi.desk.domain.states import ConsultationState
from kakehashi.desk.hooks import Promotion, get_promotion
from kakehashi.desk.models import Consultation, Promoted
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.movement import SUBJECT
from kakehashi.desk.services.support import require_purpose
from kakehashi.governments.selectors import room_is_on
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


@service
def promote_consultation(*, actor: Actor, consultation: Consultation, kind: str, choice: str = "") -> str:
    """Turn a consultation into a thing of another room, such as a procedure; return the path of its page.

    One thing of each kind: a second call returns the first. Raises DomainError before the purpose is confirmed, for a choice
    that is not offered and for a room that is off; UnknownKey for a kind nobody registered.
    """
    require(actor, DeskPermission.SUPPORT)
    require_purpose(consultation)
    # Two people press at once: the second waits here, and then finds what the first has made.
    locked = Consultation.objects.select_for_update().get(id=consultation.id)
    if made := Promoted.objects.filter(consultation=locked, kind=kind).first():
        url: str = made.url
        return url
    if locked.status is ConsultationState.MERGED:
        raise DomainError("統合済みの相談です。統合先の相談から作ってください。", code="wrong_state")
    promotion = get_promotion(kind)
    require(actor, promotion.permission)
    if not room_is_on(consultation.government_id, kind.partition(".")[0]):
        raise DomainError(
            f"この団体では「{promotion.label}」の機能を使っていません。今の方法で進め、相談の記録に書きとめてください。"
        )
    url = _start(actor, consultation, promotion, choice)
    Promoted.objects.create(
        consultation=consultation, kind=kind, label=promotion.label, url=url, promoted_by=actor.label[:200],
        object_id=promotion.object_of(url) if promotion.object_of else None,
    )  # fmt: skip
    if not consultation.promoted_url:
        consultation.promoted_url, consultation.promoted_kind = url, kind
        consultation.save(update_fields=["promoted_url", "promoted_kind"])
    record_event(
        actor=actor, code="desk.consultation.promoted", subject_kind=SUBJECT, subject_id=consultation.id,
        payload={"kind": kind, "url": url, "state": promotion.label},
    )  # fmt: skip
    return url


def _start(actor: Actor, consultation: Consultation, promotion: Promotion, choice: str) -> str:
    if promotion.choices is not None and promotion.start_at is not None:
        if choice not in {value for value, _ in promotion.choices(actor, consultation)}:
            raise DomainError(f"{promotion.label}をどこに作るかを選んでください。", field="choice", code="required")
        return promotion.start_at(actor, consultation, choice)
    if promotion.start is None:
        message = f"the promotion to {promotion.label} has nothing to start"
        raise ValueError(message)
    return promotion.start(actor, consultation)
