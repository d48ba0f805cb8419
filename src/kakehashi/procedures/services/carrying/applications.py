"""申請・補正の回答・取下げ・開封: what residents do on the public side, on its way to the staff.

Each is applied once by its id. An answer carries the number of its version, so that a late one never replaces a newer one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from kakehashi.cases.services import build_case, post_message
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, describe_answers, open_answers, seal_answers
from kakehashi.exchange.domain.actors import exchange_actor
from kakehashi.exchange.hooks import Arrived, NotYet, Waiting, Written
from kakehashi.exchange.models import IncomingItem, ItemState
from kakehashi.exchange.selectors import came_through, unsent
from kakehashi.files.models import StoredFile
from kakehashi.governments.selectors import get_government
from kakehashi.journal.selectors import events_for
from kakehashi.journal.services import build_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.batching import insert_together
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.identity import Shown
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.domain.standard_period import Unit, read_clock, read_closings
from kakehashi.procedures.domain.states import FACES, Act, State
from kakehashi.procedures.models import AnswerVersion, Application, Channel, Correction, IssuedDocument, Procedure
from kakehashi.procedures.models.application import subject_of
from kakehashi.procedures.selectors.applications import every_attachment
from kakehashi.procedures.selectors.clocks import period_rule_of
from kakehashi.procedures.selectors.deliveries import chosen_way
from kakehashi.procedures.services.delivering import keep_wish, note_arrival_elsewhere
from kakehashi.procedures.services.handling import move_application, record, withdraw_application

__all__ = [
    "APPLICATION_ITEM",
    "apply_answer",
    "apply_application",
    "apply_delivery",
    "apply_withdrawal",
    "came_from_residents",
    "is_withdrawal_known",
    "pending_deliveries",
    "stored_files",
    "unsent_answers",
    "unsent_applications",
    "unsent_deliveries",
    "unsent_withdrawals",
    "waiting_rows",
    "write_answer",
    "write_application",
    "write_delivery",
    "write_withdrawal",
]

APPLICATION_ITEM = "procedures.application"
_APPLICANT = "申請者"
TOO_LATE = (
    "取下げの申出が届きましたが、決定の手続に入ったあとでしたので、そのままでは取り下げられません。"
    "担当からご連絡します。"
)


def waiting_rows(rows: QuerySet[Any], limit: int) -> list[Waiting]:
    """The first rows as things that wait to be sent and never change."""
    return [Waiting(each) for each in rows.order_by("id").values_list("id", flat=True)[:limit]]


def stored_files(references: list[dict[str, Any]]) -> list[StoredFile]:
    """The stored files behind references among answers; one that is gone is left out."""
    return list(StoredFile.objects.filter(id__in=[each["id"] for each in references]))


def unsent_applications() -> QuerySet[Application]:
    """Applications filed online here that the staff side has not been sent."""
    return unsent(Application.objects.filter(channel=Channel.ONLINE), APPLICATION_ITEM)


def write_application(application_id: UUID) -> Written | None:
    """An application as it was filed, with its attachments."""
    found: Application | None = (
        Application.objects.select_related("form_version", "resident").filter(id=application_id).first()
    )
    if found is None or found.form_version is None:
        return None
    first: AnswerVersion | None = found.older_answers.order_by("number").first()
    answers = first.answers if first else found.answers
    now_attached = every_attachment(found)
    found.answers = answers
    data = {
        "receipt_number": found.receipt_number,
        "procedure": str(found.procedure_id),
        "form_version": str(found.form_version_id),
        "idempotency_key": str(found.idempotency_key),
        "language": found.language,
        "name": found.applicant_name,
        "email": found.applicant_email,
        "answers": open_answers(answers),
        "accepts_electronic_notice": found.accepts_electronic_notice,
        "delivery": chosen_way(found).value,
        "arrived_at": found.arrived_at.isoformat(),
        "shown": found.shown,
        "identity": str(found.resident) if found.shown == Shown.PERSON and found.resident else "",
    }
    return Written(data, found.arrived_at, stored_files(every_attachment(found) or now_attached))


def apply_application(arrived: Arrived) -> None:
    """Put a resident's application into the staff's inbox, as if it had been filed there at the moment it was."""
    if Application.objects.filter(id=arrived.item_id).exists():
        return
    data = arrived.data
    procedure = Procedure.objects.select_related("department").filter(id=data["procedure"]).first()
    version = FormVersion.objects.filter(id=data["form_version"]).first()
    if procedure is None or procedure.department is None or version is None:
        raise NotYet("手続か様式の版が、この側にありません。")
    application, problems = _application(arrived, procedure, version)
    _insert(arrived, application)
    keep_wish(application, Way(arrived.data.get("delivery", chosen_way(application).value)))
    _note(arrived, application, [*arrived.changed_files, *problems])


def _application(arrived: Arrived, procedure: Procedure, version: FormVersion) -> tuple[Application, list[str]]:
    data = arrived.data
    number = normalise_receipt(str(data["receipt_number"]))
    if not number.startswith(get_government(arrived.government_id).code):
        raise DomainError("ほかの団体の受付番号です。")
    answers, problems = _judged(version, dict(data["answers"]))
    arrived_at = min(dt.datetime.fromisoformat(data["arrived_at"]), clock.now())
    application = Application(
        id=arrived.item_id,
        receipt_number=number,
        procedure=procedure,
        form_version=version,
        idempotency_key=UUID(data["idempotency_key"]),
        channel=Channel.ONLINE,
        language=str(data["language"])[:10],
        applicant_name=(str(data["name"]).strip() or "（氏名なし）")[:200],
        applicant_email=str(data["email"])[:254],
        answers=answers,
        accepts_electronic_notice=bool(data["accepts_electronic_notice"]),
        shown=Shown(data["shown"]).value,
        arrived_at=arrived_at,
        arrived_on=arrived_at.astimezone(clock.JST).date(),
    )
    if data["identity"]:
        problems.append(f"本人確認：公開側で外部の認証により確認した人は「{str(data['identity'])[:100]}」です。")
    return application, problems


def _judged(version: FormVersion, answers: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The answers, judged again by this side's rules, and what does not fit.

    What arrived has legally arrived: a rule that has changed meanwhile does not undo it, and staff are told. Only answers
    that could not even be shown are refused.
    """
    checked = clean_answers(version, answers)
    if not checked.errors:
        return seal_answers(version, checked.values), []
    try:
        describe_answers(version, answers)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DomainError("回答の形が、様式と合いません。") from error
    return seal_answers(version, answers), [f"回答の確認：{text}" for text in dict.fromkeys(checked.errors.values())]


def _insert(arrived: Arrived, application: Application) -> None:
    procedure = application.procedure
    due = read_clock(
        arrived_on=application.arrived_on,
        today=clock.today(),
        days=procedure.standard_processing_days,
        unit=Unit(procedure.standard_processing_unit),
        closings=read_closings(period_rule_of(procedure).closings),
    )
    actor = exchange_actor(arrived.government_id, _APPLICANT, is_staff=False)
    application.case = build_case(
        actor=actor,
        kind=APPLICATION,
        subject=subject_of(procedure.name, application.applicant_name),
        source_id=application.id,
        department=procedure.department,
        requester_name=application.applicant_name,
        due_on=due.due_on,
        state_label=FACES[State.SUBMITTED].label,
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
            "happened_at": application.arrived_at.isoformat(),
        },
    )
    insert_together([application.case, application, event])


def _note(arrived: Arrived, application: Application, lines: list[str]) -> None:
    """Tell the staff on the internal thread what was changed on the way."""
    if lines and application.case is not None:
        body = "外から届いた内容について、次のことを行いました・確認しました。\n" + "\n".join(
            f"・{line}" for line in lines
        )
        post_message(actor=_program(arrived), case=application.case, thread="internal", body=body[:5000])


def _program(arrived: Arrived) -> Actor:
    return system_actor(arrived.government_id, "外との受け渡し")


def unsent_answers() -> QuerySet[Correction]:
    """Answered 補正 that the staff side does not know of; a withdrawal closes a 補正 without answering it."""
    answered = Correction.objects.filter(answered_at__isnull=False).exclude(application__state=State.WITHDRAWN)
    return unsent(answered.filter(application__answers_number__gt=1), "procedures.correction_answer")


def write_answer(correction_id: UUID) -> Written | None:
    """The applicant's new answers with the number of their version."""
    correction: Correction | None = (
        Correction.objects.select_related("application__form_version").filter(id=correction_id).first()
    )
    if correction is None or correction.answered_at is None:
        return None
    application: Application = correction.application
    data = {
        "application": str(application.id),
        "answers": open_answers(application.answers),
        "number": application.answers_number,
        "answered_at": correction.answered_at.isoformat(),
    }
    return Written(data, correction.answered_at, stored_files(every_attachment(application)))


def _application_here(application_id: str) -> Application:
    found: Application | None = (
        Application.objects.select_for_update(of=("self",))
        .select_related("procedure", "case", "form_version")
        .filter(id=UUID(application_id))
        .first()
    )
    if found is None:
        raise NotYet("申請がまだ届いていません。")
    return found


def apply_answer(arrived: Arrived) -> None:
    """補正の回答: the newest version stands, older ones are kept, and examination goes on."""
    data = arrived.data
    application = _application_here(data["application"])
    correction: Correction | None = Correction.objects.filter(id=arrived.item_id, application=application).first()
    if correction is None:
        raise DomainError("この申請に、その補正の依頼はありません。")
    if application.form_version is None:
        raise DomainError("様式のない申請です。")
    answers, problems = _judged(application.form_version, dict(data["answers"]))
    number, answered_at = int(data["number"]), dt.datetime.fromisoformat(data["answered_at"])
    _keep_version(application, number, answers)
    Correction.objects.filter(id=correction.id).update(
        answered_at=answered_at, answered_on=answered_at.astimezone(clock.JST).date()
    )
    actor, act_id = exchange_actor(arrived.government_id, _APPLICANT, is_staff=False), uuid7()
    if application.state == State.CORRECTING:
        move_application(
            actor=actor, application=application, act=Act.ANSWER_CORRECTION, act_id=act_id,
            accepted_at=application.accepted_at or clock.now(),
        )  # fmt: skip
    payload = {"correction": str(correction.id), "version": number, "happened_at": answered_at.isoformat()}
    record(actor, "procedures.correction.answered", application, payload, act_id)
    _note(arrived, application, [*arrived.changed_files, *problems])


def _keep_version(application: Application, number: int, answers: dict[str, Any]) -> None:
    """Place a version among the others by its number; only the newest one is the application's own."""
    if not 1 < number <= 1_000:
        raise DomainError("回答の版の番号が正しくありません。")
    if number <= application.answers_number:
        AnswerVersion.objects.get_or_create(application=application, number=number, defaults={"answers": answers})
        return
    AnswerVersion.objects.get_or_create(
        application=application, number=application.answers_number, defaults={"answers": application.answers}
    )
    application.answers, application.answers_number = answers, number
    application.save(update_fields=["answers", "answers_number"])


def unsent_withdrawals() -> QuerySet[Application]:
    """Applications withdrawn here that the staff side does not know of."""
    return unsent(Application.objects.filter(state=State.WITHDRAWN, channel=Channel.ONLINE), "procedures.withdrawal")


def write_withdrawal(application_id: UUID) -> Written | None:
    """取下げ with its reason."""
    found: Application | None = Application.objects.filter(id=application_id, state=State.WITHDRAWN).first()
    if found is None:
        return None
    event = events_for(found.id).filter(code="procedures.application.withdrawn").last()
    reason = str(event.payload.get("reason", "")) if event else ""
    return Written({"application": str(found.id), "reason": reason}, found.completed_at or clock.now())


def apply_withdrawal(arrived: Arrived) -> None:
    """取下げ: possible until the 起案; one that comes later is told to both, and the staff side's state stands."""
    application = _application_here(arrived.data["application"])
    actor = exchange_actor(arrived.government_id, _APPLICANT, is_staff=False)
    if application.state in (State.WITHDRAWN, State.DELIVERING, State.COMPLETED):
        return
    try:
        withdraw_application(actor=actor, application=application, reason=str(arrived.data["reason"]))
    except Stale:
        if application.case is not None:
            post_message(actor=_program(arrived), case=application.case, thread="public", body=TOO_LATE)


def unsent_deliveries() -> QuerySet[IssuedDocument]:
    """Letters that stand on their applicant's page here; sent again when the applicant opens one."""
    return unsent(IssuedDocument.objects.all(), "procedures.delivery", _opened_mark())


def _opened_mark() -> Coalesce:
    return Coalesce(Cast("first_opened_at", CharField()), Value(""))


def pending_deliveries(limit: int) -> list[Waiting]:
    """The first of them, each with the moment it was opened."""
    rows = unsent_deliveries().order_by("id").annotate(opened=_opened_mark())
    return [Waiting(each, opened) for each, opened in rows.values_list("id", "opened")[:limit]]


def write_delivery(document_id: UUID) -> Written | None:
    """When a letter was recorded on the applicant's page (デジタル手続法7条3項: that is its arrival), and first opened."""
    found: IssuedDocument | None = IssuedDocument.objects.filter(id=document_id).first()
    if found is None:
        return None
    opened = found.first_opened_at
    data = {
        "application": str(found.application_id),
        "delivered_at": found.delivered_at.isoformat(),
        "opened_at": opened.isoformat() if opened else None,
    }
    return Written(data, opened or found.delivered_at)


def apply_delivery(arrived: Arrived) -> None:
    """The staff side learns when the letter reached the applicant's page and when it was first opened."""
    application = _application_here(arrived.data["application"])
    document: IssuedDocument | None = IssuedDocument.objects.filter(id=arrived.item_id, application=application).first()
    if document is None:
        raise DomainError("この申請に、その交付物はありません。")
    was_opened = document.first_opened_at is not None
    document.delivered_at = dt.datetime.fromisoformat(arrived.data["delivered_at"])
    told = arrived.data["opened_at"]
    document.first_opened_at = dt.datetime.fromisoformat(told) if told else document.first_opened_at
    document.save(update_fields=["delivered_at", "first_opened_at"])
    note_arrival_elsewhere(document.delivered_at, document)
    if told and not was_opened:
        actor = exchange_actor(arrived.government_id, _APPLICANT, is_staff=False)
        payload = {"document": str(arrived.item_id), "happened_at": told}
        record(actor, "procedures.document.opened", application, payload)


def came_from_residents() -> QuerySet[Application]:
    """On the staff side: the applications that came from the public side; whatever happens to them goes back."""
    return came_through(APPLICATION_ITEM, Application.objects.all())


def is_withdrawal_known() -> Exists:
    """Whether the row's applicant's withdrawal has come to the staff side; for `annotate` on applications."""
    return Exists(
        IncomingItem.objects.filter(kind="procedures.withdrawal", item_id=OuterRef("pk"), state=ItemState.APPLIED)
    )
