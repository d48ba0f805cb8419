"""今の電子決裁との共存: applications go out for a decision, decisions come back as rows of a CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.eforms.selectors import latest_version
from kakehashi.exchange.hooks import Column, Handover, HandoverRow, Intake, Paper, Taken
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.folding import fold
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.procedures.domain.kinds import ROADS, Result
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Procedure, Stage
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.application_paper import application_pdf
from kakehashi.procedures.selectors.applications import attachments_of, described_answers
from kakehashi.procedures.services.deciding import record_outside_decision
from kakehashi.procedures.services.handling import accept_application

__all__ = ["DECISIONS", "WAITING_FOR_DECISION"]

_MOST_QUESTIONS = 200
_FIELDS = {
    "receipt": "受付番号",
    "procedure": "手続",
    "basis": "根拠",
    "department": "所管課",
    "applicant": "申請者",
    "arrived_on": "到達日",
    "channel": "方法",
    "due_on": "期限",
    "answers": "申請の内容（全部）",
    "attachments": "添付",
}
_ANSWER = "answer:"


def _fields() -> list[tuple[str, str]]:
    """What may stand in the list: the facts, all answers in one cell, and each question of the online forms by itself."""
    questions: dict[str, None] = {}
    online = Procedure.objects.filter(stage=Stage.ONLINE, form__isnull=False).select_related("form")
    for procedure in online.order_by("id")[:_MOST_QUESTIONS]:
        version = latest_version(procedure.form)
        for step in version.definition["steps"] if version else ():
            questions.update(dict.fromkeys(str(each["label"]) for each in step.get("fields", ()) if each.get("label")))
    labels = list(questions)[:_MOST_QUESTIONS]
    return [*_FIELDS.items(), *[(f"{_ANSWER}{label}", f"回答：{label}") for label in labels]]


def _rows(handed: Any) -> Iterator[HandoverRow]:
    kinds = [kind.value for kind, road in ROADS.items() if road.needs_proposal]
    rows = Application.objects.filter(procedure__kind__in=kinds)
    # Where decisions are made here, only what has no 起案 goes out; elsewhere also what was under decision here before.
    if room_is_on(current_government_id(), "approvals"):
        rows = rows.filter(state=State.ACCEPTED, proposal_id__isnull=True)
    else:
        rows = rows.filter(state__in=(State.ACCEPTED, State.DECIDING))
    rows = rows.exclude(id__in=handed).select_related("procedure__department", "form_version", "case")
    for each in rows.order_by("arrived_at", "id").iterator(chunk_size=100):
        yield HandoverRow(each.id, _values(each), _papers(each))


def _values(application: Application) -> dict[str, str]:
    answers = [pair for _, pairs in described_answers(application) for pair in pairs]
    department, case = application.procedure.department, application.case
    return {
        "receipt": application.receipt_label,
        "procedure": application.procedure.name,
        "basis": application.procedure.legal_basis,
        "department": department.name if department else "",
        "applicant": application.applicant_name,
        "arrived_on": application.arrived_on.isoformat(),
        "channel": application.get_channel_display(),
        "due_on": case.due_on.isoformat() if case and case.due_on else "",
        "answers": " / ".join(f"{label}：{text}" for label, text in answers if text),
        "attachments": "、".join(str(each["name"]) for each in attachments_of(application)),
        **{f"{_ANSWER}{label}": text for label, text in answers},
    }


def _papers(application: Application) -> list[Paper]:
    number = application.receipt_number
    papers = [Paper(f"{number}_申請.pdf", lambda: application_pdf(application))]
    for at, reference in enumerate(attachments_of(application), 1):
        stored = StoredFile.objects.filter(id=reference["id"]).first()
        if stored is not None and stored.may_leave:
            papers.append(Paper(f"{number}_添付{at}_{stored.name}", lambda stored=stored: read_file(stored)))  # type: ignore[misc]
    return papers


def _url(application_id: UUID) -> str:
    return reverse("procedures-staff:application", args=[application_id])


def _title(application_id: UUID) -> str:
    found = Application.objects.filter(id=application_id).select_related("procedure").first()
    return f"{found.procedure.name}（{found.applicant_name}）" if found else ""


WAITING_FOR_DECISION = Handover(
    label="決裁へ渡す申請",
    purpose="審査が終わった申請を、今お使いの電子決裁へ渡します。",
    room="procedures",
    permission=ProceduresPermission.READ_APPLICATIONS.value,
    subject_kind=APPLICATION,
    usual=("receipt", "procedure", "department", "applicant", "arrived_on", "due_on", "answers", "attachments"),
    fields=_fields,
    rows=_rows,
    url=_url,
    title=_title,
    numbers=("decision", "document", "file"),
)

_YES = {fold(word) for word in ("あり", "有", "済", "確認済", "○", "〇", "はい", "yes", "true", "1")}
_RESULTS = {fold(result.label): result for result in Result if result.label}


def _taken(actor: Actor, values: Mapping[str, str]) -> Taken:
    """One row: the application by its receipt number, the result in the field's word, number and day of the decision."""
    application = _application(values["receipt"])
    result = _result(application, values["result"])
    name = f"{application.receipt_label} {application.procedure.name}"
    if (
        application.state in (State.DELIVERING, State.COMPLETED)
        and application.outside_number == values["number"].strip()
    ):
        return Taken(f"{name}：前に記録しています。", is_new=False)
    if application.state == State.SUBMITTED:
        accept_application(actor=actor, application=application)
    try:
        record_outside_decision(
            actor=actor, application=application, result=result, number=values["number"],
            decided_on=_day(values["decided_on"]), document_number=values.get("document_number", ""),
            reason=values.get("reason", ""), teaching_confirmed=fold(values.get("teaching", "")) in _YES,
        )  # fmt: skip
    except Stale as error:
        raise DomainError(f"この申請は「{application.state_label}」なので、結果を記録できません。") from error
    return Taken(f"{name}：{result.label}（{values['number']}）")


def _application(text: str) -> Application:
    try:
        number = normalise_receipt(text)
    except ValueError as error:
        raise DomainError(f"受付番号「{text[:40]}」：{error}") from error
    found: Application | None = (
        Application.objects.select_related("procedure", "case").filter(receipt_number=number).first()
    )
    if found is None:
        raise DomainError(f"受付番号「{text[:40]}」の申請はありません。")
    return found


def _result(application: Application, text: str) -> Result:
    found = _RESULTS.get(fold(text))
    if found is None or found not in application.procedure.road.results:
        words = "・".join(each.label for each in application.procedure.road.results)
        raise DomainError(f"結果「{text[:20]}」は、この手続では選べません（{words}）。")
    return found


def _day(text: str) -> dt.date:
    try:
        return parse_wareki(text)
    except WarekiError as error:
        raise DomainError(str(error)) from error


DECISIONS = Intake(
    label="決裁の結果",
    purpose="今お使いの電子決裁で決まった結果と番号を、申請に記録して手続を完了します。",
    room="procedures",
    permission=ProceduresPermission.PROPOSE_APPLICATIONS.value,
    columns=(
        Column("receipt", "受付番号", True, ("申請番号", "受付No", "整理番号", "管理番号"), "申請の受付番号"),
        Column(
            "result",
            "結果",
            True,
            ("決定", "処分", "審査結果", "決裁結果", "判定", "可否"),
            "許可・交付決定・不許可・却下など",
        ),
        Column("number", "決裁番号", True, ("起案番号", "伺い番号", "決裁No"), "今の電子決裁の番号"),
        Column(
            "decided_on", "決裁日", True, ("決裁年月日", "決定日", "決定年月日"), "令和8年11月21日、2026-11-21 など"
        ),
        Column("document_number", "文書番号", False, ("施行番号", "文書記号番号", "発番"), "通知書の番号"),
        Column("reason", "拒否の理由", False, ("処分の理由", "理由", "不許可理由"), "不許可・却下・一部許可では必ず"),
        Column(
            "teaching", "教示", False, ("教示の有無", "教示確認"), "通知書に理由と教示があれば「あり」。拒否では必ず"
        ),
    ),
    apply=_taken,
    sample={"result": "許可", "number": "総決第123号", "decided_on": "令和8年11月21日", "document_number": "総第45号"},
)
