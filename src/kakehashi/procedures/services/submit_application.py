"""申請を受け取る: the hot path.

One transaction, one INSERT statement for the application, its case, its journal event and its receipt
mail; the same key again inserts nothing. No counter is taken, nobody is notified, nothing is queued:
sweeps of the worker number the case, seal the event and send the mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from kakehashi.cases.services import build_case
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, seal_answers
from kakehashi.journal.services import build_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_together
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.rows import new_row
from kakehashi.procedures.domain.applicant import applicant_of
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.identity import NO_PROOF, IdentityCheck, Proof, satisfies
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.receipt import make_receipt
from kakehashi.procedures.domain.reception import Reception
from kakehashi.procedures.domain.standard_period import Unit, read_clock
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models import Application, Channel, DeliveryWish, Draft, Procedure
from kakehashi.procedures.models.application import subject_of
from kakehashi.procedures.selectors.clocks import closings_known
from kakehashi.procedures.selectors.payments import amount_due, is_paid_up
from kakehashi.procedures.services.mails import build_receipt_notice
from kakehashi.procedures.services.reception import check_reception, give_place_back, take_place

__all__ = ["IdentityNeeded", "Incomplete", "submit_application", "submit_draft"]

_ONCE = ("government_id", "idempotency_key")
_FACE = FACES[State.SUBMITTED]


class Incomplete(DomainError):
    """The answers cannot be handed in; `errors` names each input and what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()), code="incomplete")
        self.errors = dict(errors)


class IdentityNeeded(DomainError):
    """The procedure asks who applies (本人確認), and that has not been shown."""

    def __init__(self) -> None:
        super().__init__(gettext("この手続では、出す前に本人確認がいります。"), code="identity")


def submit_application(
    *,
    actor: Actor,
    procedure: Procedure,
    version: FormVersion,
    answers: Mapping[str, Any],
    government_code: str,
    idempotency_key: UUID,
    language: str = "ja",
    email: str = "",
    proof: Proof = NO_PROOF,
    accepts_electronic_notice: bool = False,
    fetches_at_counter: bool = False,
    and_commit: bool = False,
    reception: Reception | None = None,
) -> Application:
    """Accept an application durably and return it; the same key again returns the first one.

    The answers are validated here, whatever pages did before: fields that are not shown are dropped.
    Arrival is the moment of the record (デジタル手続法6条3項). `proof` says who was signed in;
    `accepts_electronic_notice` that the applicant asked for the result on this page (同法7条1項), else it goes by post,
    or with `fetches_at_counter` is handed over there.
    `reception`: the days and the number of places of this procedure; without one nothing is looked at and nothing is counted.
    `and_commit`: nothing is written after this in the request, so the COMMIT may go along.
    Raises `Incomplete`, `IdentityNeeded`, and DomainError when the procedure has closed; what was begun before it closed may still be handed in while it is a
    matter of its form version only, so closing is judged here and nowhere else.
    """
    if not procedure.is_online or procedure.department is None:
        raise DomainError(gettext("この手続は、いまオンラインで受け付けていません。"), code="closed")
    checked = clean_answers(version, answers)
    if checked.errors:
        raise Incomplete(checked.errors)
    if procedure.fee_when == FeeWhen.BEFORE:
        _check_paid(procedure, version, checked.values, idempotency_key)
    application = _application(procedure, version, checked.values, government_code, idempotency_key, language, email)
    if not satisfies(IdentityCheck(procedure.identity_check), proof, application.applicant_email):
        raise IdentityNeeded
    application.resident_id, application.shown = proof.resident_id, proof.shown.value
    application.accepts_electronic_notice = accepts_electronic_notice
    application.applicant_email = application.applicant_email or proof.email
    rows = _rows(actor, application)
    if fetches_at_counter and not accepts_electronic_notice:
        rows.append(DeliveryWish(application=application, way=Way.COUNTER.value))
    if reception is not None:
        return _submit_limited(application, rows, reception)
    if not insert_together(rows, once=_ONCE, and_commit=and_commit):
        first: Application = Application.objects.get(idempotency_key=idempotency_key)
        return first
    return application


def submit_draft(
    *,
    actor: Actor,
    draft: Draft,
    government_code: str,
    reception: Reception | None,
    email: str = "",
    accepts_electronic_notice: bool = False,
    fetches_at_counter: bool = False,
    and_commit: bool = False,
) -> Application:
    """Hand in what a draft holds: `submit_application` with its form, answers, key, language and proof.

    `email` stands in where the draft has no address of its own. Raises what `submit_application` raises.
    """
    return submit_application(
        actor=actor,
        procedure=draft.procedure,
        version=draft.form_version,
        answers=draft.answers,
        government_code=government_code,
        idempotency_key=draft.idempotency_key,
        language=draft.language,
        email=draft.email or email,
        proof=draft.proof,
        accepts_electronic_notice=accepts_electronic_notice,
        fetches_at_counter=fetches_at_counter,
        and_commit=and_commit,
        reception=reception,
    )


def _submit_limited(application: Application, made: list[models.Model], reception: Reception) -> Application:
    """Accept it if it is the day and a place is left. What was accepted before under the same key stays accepted."""
    rows = Application.objects.filter(idempotency_key=application.idempotency_key)
    before: Application | None = rows.first()
    if before is not None:
        return before
    check_reception(reception)
    took = take_place(reception)
    if not insert_together(made, once=_ONCE):
        if took:
            give_place_back(reception)
        first: Application = rows.get()
        return first
    return application


def _check_paid(procedure: Procedure, version: FormVersion, answers: Mapping[str, Any], key: UUID) -> None:
    """前払い: asked only where a fee is due beforehand; every other procedure costs no query."""
    if not is_paid_up(key, amount_due(procedure, version, answers)):
        raise DomainError(gettext("この手続では、先に手数料を支払ってください。"), code="unpaid")


def _application(
    procedure: Procedure,
    version: FormVersion,
    answers: dict[str, Any],
    government_code: str,
    idempotency_key: UUID,
    language: str,
    email: str,
) -> Application:
    who = applicant_of(version.definition, answers)
    now, today = clock.now(), clock.today()
    return new_row(
        Application,
        id=uuid7(),
        receipt_number=make_receipt(government_code, today),
        procedure=procedure,
        form_version=version,
        idempotency_key=idempotency_key,
        channel=Channel.ONLINE.value,
        language=language,
        applicant_name=who.name or "（氏名なし）",
        applicant_email=who.email or email,
        answers=seal_answers(version, answers),
        arrived_at=now,
        arrived_on=today,
    )


def _rows(actor: Actor, application: Application) -> list[models.Model]:
    """The application and what is written with it; the first row decides whether the others are."""
    procedure = application.procedure
    due = read_clock(
        arrived_on=application.arrived_on,
        today=application.arrived_on,
        days=procedure.standard_processing_days,
        unit=Unit(procedure.standard_processing_unit),
        closings=closings_known(procedure),
    )
    application.case = build_case(
        actor=actor,
        kind=APPLICATION,
        subject=subject_of(procedure.name, application.applicant_name),
        source_id=application.id,
        department=procedure.department,
        requester_name=application.applicant_name,
        due_on=due.due_on,
        state_label=_FACE.label,
    )
    event = build_event(
        actor=actor,
        code="procedures.application.submitted",
        subject_kind=APPLICATION,
        subject_id=application.id,
        payload={
            "receipt": application.receipt_number,
            "procedure": str(procedure.id),
            "version": str(application.form_version_id),
        },
    )
    rows: list[models.Model] = [application, application.case, event]
    notice = build_receipt_notice(actor=actor, application=application)
    if notice is not None:
        rows.append(notice)
    return rows
