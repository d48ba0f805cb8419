"""窓口受付: applications that came by counter or post stand in the same queue as the online ones."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.cases.services import open_case, post_message
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import make_receipt
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models import Application, Channel, Procedure
from kakehashi.procedures.models.application import subject_of
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.services.handling import record

__all__ = ["record_counter_application"]


@service
def record_counter_application(
    *,
    actor: Actor,
    procedure: Procedure,
    government_code: str,
    applicant_name: str,
    channel: Channel,
    arrived_on: dt.date,
    idempotency_key: UUID,
    applicant_email: str = "",
    note: str = "",
) -> Application:
    """Record an application on paper; the same key again returns the first one.

    It counts in 利用率 as not online. The paper itself stays where it is; `note` says where. Raises
    DomainError for a day to come, no name, or a procedure without a department in charge.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    if procedure.department is None:
        raise DomainError("所管課が決まっていません。先に台帳で決めてください。", field="applicant_name")
    if not applicant_name.strip():
        raise DomainError("氏名・名称を入力してください。", field="applicant_name")
    if arrived_on > clock.today():
        raise DomainError("到達日は今日までの日にしてください。", field="arrived_on")
    if channel is Channel.ONLINE:
        raise DomainError("窓口か郵送を選んでください。", field="channel")
    first = _recorded(idempotency_key)
    if first is not None:
        return first
    application = Application(
        id=uuid7(),
        receipt_number=make_receipt(government_code, arrived_on),
        procedure=procedure,
        idempotency_key=idempotency_key,
        channel=channel,
        applicant_name=applicant_name.strip()[:200],
        applicant_email=applicant_email,
        accepts_electronic_notice=False,
        arrived_at=clock.now(),
        arrived_on=arrived_on,
    )
    try:
        with transaction.atomic():
            application.case = open_case(
                actor=actor,
                kind=APPLICATION,
                subject=subject_of(procedure.name, application.applicant_name),
                source_id=application.id,
                department=procedure.department,
                requester_name=application.applicant_name,
                due_on=clock_of(application).due_on,
                state_label=FACES[State.SUBMITTED].label,
            )
            application.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one recorded it.
        first = _recorded(idempotency_key)
        if first is None:
            raise
        return first
    record(actor, "procedures.application.recorded", application, {"channel": channel.value})
    if note.strip():
        post_message(actor=actor, case=application.case, thread="internal", body=note.strip())
    return application


def _recorded(idempotency_key: UUID) -> Application | None:
    found: Application | None = Application.objects.filter(idempotency_key=idempotency_key).first()
    return found
