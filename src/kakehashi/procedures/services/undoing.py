"""元に戻す: the opposite of the act just made, while nothing has left the building (docs/decisions/0015).

It is an act of its own and stands in the journal beside the one it takes back. After 施行 nothing is
taken back, and a decision is undone where it was made (approvals).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext

from kakehashi.cases.services import assign_case, reopen_case
from kakehashi.exchange.selectors import our_side
from kakehashi.exchange.services import drop_outside_numbers
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.undo import UNDO_SECONDS
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models import Application, Correction, Draft, IssuedDocument
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.services.handling import record, show_on_case
from kakehashi.procedures.services.mails import cancel_letter

__all__ = ["undo_last_act", "undo_withdrawal"]

_TOO_LATE = "もう元に戻せません。通知が申請者に出たか、時間が過ぎました。"

_WITHDRAWN = "procedures.application.withdrawn"
_NOTHING_DECIDED: dict[str, Any] = {"result": "", "completed_at": None, "days_to_decision": None}

# By the event of the act: the state it led to, and the columns it had set, as they were before.
_UNDOABLE: dict[str, tuple[State, dict[str, Any]]] = {
    "procedures.application.accepted": (State.ACCEPTED, {"accepted_at": None}),
    "procedures.application.completed": (State.COMPLETED, _NOTHING_DECIDED),
    "procedures.correction.requested": (State.CORRECTING, {}),
    "procedures.decision.recorded": (
        State.COMPLETED,
        {
            **_NOTHING_DECIDED,
            "outside_number": "",
            "outside_decided_on": None,
            "decided_at": None,
            "refusal_text": "",
        },
    ),
}


@service
def undo_last_act(*, actor: Actor, application: Application, held: bool = False) -> Application:
    """Take back 受付, 到達確認, 補正の依頼 or a recorded outside decision, by whoever made it, within ten seconds.

    `held`: the act was one of many, whose ten seconds the batch counts and whose letters it has cancelled already.
    Raises DomainError when it is too late: the mail has left, the applicant has begun to answer, or time is over. Raises
    Stale when the application has moved on.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    event = events_for(application.id).last()
    if event is None or event.code not in _UNDOABLE or event.actor_id != actor.id:
        raise Stale
    if (not held and _is_late(event)) or not _nothing_left(actor, application, event, held=held):
        raise DomainError(_TOO_LATE, code="too_late")
    led_to, columns = _UNDOABLE[event.code]
    if led_to is State.COMPLETED and application.state == State.DELIVERING:
        # A letter made elsewhere waited to be posted.
        led_to = State.DELIVERING
    was_accepted = application.accepted_at is not None and event.code != "procedures.application.accepted"
    before = State.ACCEPTED if was_accepted else State.SUBMITTED
    changes = {"state": before.value, **columns}
    if not Application.objects.filter(id=application.id, state=led_to.value).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(application, name, value)
    _put_back(actor, application, event, before)
    return application


@service
def undo_withdrawal(*, actor: Actor, application: Application) -> Application:
    """Take back the applicant's own 取下げ within ten seconds: the application stands where it stood, its 補正 open again.

    The caller has made sure that it is the applicant. Raises Stale when the withdrawal is not the last act, and DomainError
    when it is too late: time is over, or the other half of a split installation will hear of it.
    """
    event = events_for(application.id).last()
    if event is None or event.code != _WITHDRAWN or event.actor_id != actor.id or "before" not in event.payload:
        raise Stale
    if _is_late(event) or our_side() is not None:
        raise DomainError(gettext("もう元に戻せません。続けるときは、新しく申請してください。"), code="too_late")
    before = State(event.payload["before"])
    withdrawn = Application.objects.filter(id=application.id, state=State.WITHDRAWN)
    if not withdrawn.update(state=before.value, completed_at=None):
        raise Stale
    application.state, application.completed_at = before.value, None
    Correction.objects.filter(id__in=event.payload["corrections"]).update(answered_at=None, answered_on=None)
    getattr(application, "_prefetched_objects_cache", {}).pop("corrections", None)
    _put_back(actor, application, event, before)
    return application


def _is_late(event: Event) -> bool:
    return clock.now() - event.occurred_at > dt.timedelta(seconds=UNDO_SECONDS)


def _nothing_left(actor: Actor, application: Application, event: Event, *, held: bool) -> bool:
    """Whether the act has had no outward effect; its mail is held back on the way."""
    correction = event.payload.get("correction")
    if correction and Draft.objects.filter(correction_id=correction).exists():
        return False
    letter = event.payload.get("letter")
    return held or not letter or cancel_letter(actor=actor, application=application, key=letter)


def _put_back(actor: Actor, application: Application, event: Event, before: State) -> None:
    act_id = uuid7()
    if event.code == "procedures.correction.requested":
        Correction.objects.filter(id=event.payload["correction"], answered_at__isnull=True).delete()
        getattr(application, "_prefetched_objects_cache", {}).pop("corrections", None)
    if event.code == "procedures.decision.recorded":
        IssuedDocument.objects.filter(application=application, source_id=event.act_id).delete()
        drop_outside_numbers(actor=actor, subject_kind=APPLICATION, subject_id=application.id)
    case = application.case
    if case is not None:
        if case.closed_at is not None:
            reopen_case(actor=actor, case=case, state_label=FACES[before].label, act_id=act_id)
        show_on_case(actor, application, before, act_id)
        if event.payload.get("took"):
            assign_case(actor=actor, case=case, handler=None, act_id=act_id)
    record(actor, "procedures.application.undone", application, {"undone": event.code}, act_id)
