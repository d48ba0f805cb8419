"""窓口受付: applications that came by counter or post stand in the same queue as the online ones.

Staff type them into the procedure's own form; a procedure without a published form is recorded by name only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.cases.services import open_case, post_message
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, latest_version, seal_answers
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.selectors import acting_staff
from kakehashi.procedures.domain.applicant import applicant_of
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import make_receipt
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models import Application, Channel, Draft, Procedure
from kakehashi.procedures.models.application import subject_of
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.selectors.reception import reception_of
from kakehashi.procedures.services.drafts import KEPT_DAYS
from kakehashi.procedures.services.handling import record
from kakehashi.procedures.services.intake import Intake, note_intake
from kakehashi.procedures.services.reception import give_place_back, take_place

__all__ = ["record_counter_application", "start_counter_draft"]


@service
def start_counter_draft(
    *,
    actor: Actor,
    procedure: Procedure,
    channel: Channel,
    arrived_on: dt.date,
    idempotency_key: UUID,
    note: str = "",
    accepts_electronic_notice: bool = False,
) -> Draft:
    """窓口受付を始める: a draft of the procedure's form that the member of staff fills in. The same key gives the same draft.

    The procedure need not be online. Raises DomainError as `record_counter_application`, and without a published form.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    _check(procedure, channel, arrived_on)
    version = latest_version(procedure.form) if procedure.form else None
    if version is None:
        raise DomainError("この手続には、公開した様式がありません。", code="no_form")
    values = {
        "procedure": procedure,
        "form_version": version,
        "typed_by": acting_staff(actor),
        "channel": channel,
        "arrived_on": arrived_on,
        "note": note.strip()[:2000],
        "accepts_electronic_notice": accepts_electronic_notice,
        "expires_at": clock.now() + dt.timedelta(days=KEPT_DAYS),
    }
    draft: Draft = Draft.objects.get_or_create(idempotency_key=idempotency_key, defaults=values)[0]
    if draft.typed_by_id is None:
        raise DomainError("もう一度、はじめからお願いします。", code="key")
    return draft


@service
def record_counter_application(
    *,
    actor: Actor,
    procedure: Procedure,
    government_code: str,
    channel: Channel,
    arrived_on: dt.date,
    idempotency_key: UUID,
    applicant_name: str = "",
    applicant_email: str = "",
    note: str = "",
    version: FormVersion | None = None,
    answers: Mapping[str, Any] | None = None,
    accepts_electronic_notice: bool = False,
    intake: Intake | None = None,
) -> Application:
    """Record an application on paper; the same key again returns the first one.

    It counts in 利用率 as not online. `answers` are what staff typed into `version` of the form; they are judged here, and
    what is missing or wrong on the paper stays out: an application has arrived with its faults, and a 補正 asks for the
    rest (行政手続法7条). The name is the form's where it has one. The paper itself stays where it is; `note` says where.
    `intake` is how it came, what it lacks, and its scans.
    Raises DomainError for a day to come, no name, or a procedure without a department in charge.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    _check(procedure, channel, arrived_on)
    typed = clean_answers(version, answers or {}).values if version is not None else {}
    who = applicant_of(version.definition, typed) if version is not None else applicant_of({"steps": []}, {})
    name = who.name or applicant_name.strip()[:200]
    if not name:
        raise DomainError("氏名・名称を入力してください。", field="applicant_name")
    first = _recorded(idempotency_key)
    if first is not None:
        return first
    reception = reception_of(procedure)
    took = take_place(reception)
    application = Application(
        id=uuid7(),
        receipt_number=make_receipt(government_code, arrived_on),
        procedure=procedure,
        form_version=version,
        answers=seal_answers(version, typed) if version is not None else typed,
        idempotency_key=idempotency_key,
        channel=channel,
        applicant_name=name,
        applicant_email=who.email or applicant_email,
        accepts_electronic_notice=accepts_electronic_notice,
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
        if took:
            give_place_back(reception)
        first = _recorded(idempotency_key)
        if first is None:
            raise
        return first
    payload = {"channel": channel.value} | ({"version": str(version.id)} if version is not None else {})
    record(actor, "procedures.application.recorded", application, payload)
    if intake is not None:
        note_intake(actor=actor, application=application, intake=intake)
    if note.strip():
        post_message(actor=actor, case=application.case, thread="internal", body=note.strip())
    return application


def _check(procedure: Procedure, channel: Channel, arrived_on: dt.date) -> None:
    if procedure.department is None:
        raise DomainError("所管課が決まっていません。先に台帳で決めてください。", code="no_department")
    if arrived_on > clock.today():
        raise DomainError("到達日は今日までの日にしてください。", field="arrived_on")
    if channel is Channel.ONLINE:
        raise DomainError("窓口か郵送を選んでください。", field="channel")


def _recorded(idempotency_key: UUID) -> Application | None:
    found: Application | None = Application.objects.filter(idempotency_key=idempotency_key).first()
    return found
