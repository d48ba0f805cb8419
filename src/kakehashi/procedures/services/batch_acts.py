"""What may be done to many applications at once: 受付, 到達確認, 補正の依頼, 一括起案."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import recall_proposal, submit_proposal
from kakehashi.cases.domain.placeholders import fill, unknown_placeholders
from kakehashi.cases.hooks import BatchAct, BatchField, Values, register_batch_act
from kakehashi.cases.models import Case
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.states import Act, State, allowed_acts
from kakehashi.procedures.models import Application
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.case_pages import placeholders
from kakehashi.procedures.services.deciding import Disposition, propose_application
from kakehashi.procedures.services.handling import accept_application, confirm_arrival, request_correction
from kakehashi.procedures.services.mails import is_told_elsewhere
from kakehashi.procedures.services.undoing import undo_last_act

__all__ = ["register_batch_acts"]

WhyNot = Callable[[Actor, Sequence[Case], Values], dict[UUID, str]]


def register_batch_acts() -> None:
    """Register the acts of this room for the inbox."""
    handle, propose = ProceduresPermission.HANDLE_APPLICATIONS, ProceduresPermission.PROPOSE_APPLICATIONS
    register_batch_act("procedures.accept", BatchAct("受付する", handle, _accept, _refused(Act.ACCEPT), _undo))
    register_batch_act(
        "procedures.confirm",
        BatchAct(
            "到達を確認する（届出）", handle, _confirm, _refused(Act.CONFIRM_ARRIVAL), _undo,
            help_text="届出は、正しく届いていることの確認で完了します（行政手続法第37条）。1件ずつ内容を見てから選んでください。",
        ),
    )  # fmt: skip
    register_batch_act(
        "procedures.correct",
        BatchAct(
            "補正を依頼する", handle, _correct, _refused(Act.REQUEST_CORRECTION), _undo,
            _correction_fields,
            lambda values: [("補正していただきたいこと", values["message"]), ("期限", _day(values["deadline"]))],
            help_text="同じ補正を、選んだ申請のすべてに依頼します。{申請者名}や{受付番号}は、1件ごとに入ります。",
        ),
    )  # fmt: skip
    register_batch_act(
        "procedures.propose",
        BatchAct(
            "起案して回議に出す", propose, _propose, _not_proposable, _recall,
            _propose_fields,
            _proposed_words,
            help_text="申請ごとに1つの起案になります。不許可・却下は、理由を1件ずつ書くため、まとめて起案できません。",
        ),
    )  # fmt: skip


def _correction_fields(actor: Actor) -> list[BatchField]:
    deadline = add_business_days(clock.today(), 10)
    return [
        BatchField("message", "補正していただきたいこと", fault=_unknown_words),
        BatchField("deadline", "期限", "date", initial=deadline.isoformat(), fault=_not_to_come),
    ]


def _unknown_words(text: str) -> str:
    wrong = unknown_placeholders(text)
    return f"差し込めない言葉があります：{'、'.join(wrong)}" if wrong else ""


def _not_to_come(text: str) -> str:
    return "" if dt.date.fromisoformat(text) > clock.today() else "期限は明日以降の日にしてください。"


def _propose_fields(actor: Actor) -> list[BatchField]:
    results = (Result.PERMITTED, Result.GRANTED, Result.APPROVED, Result.ISSUED)
    return [
        BatchField("result", "起案する結果", "choice", [(each.value, each.label) for each in results]),
        BatchField("reason", "理由"),
        BatchField("conditions", "条件・内容", is_required=False),
        BatchField(
            "amount", "1件あたりの金額（円）", is_required=False, fault=_no_amount,
            help_text="金額によって決裁者が変わる事項では、金額がないと起案できません。金額が違う申請は、分けて起案してください。",
        ),
    ]  # fmt: skip


def _no_amount(text: str) -> str:
    try:
        _yen(text)
    except ValidationError:
        return "金額は、0以上の数字で記入してください。"
    return ""


def _yen(text: str) -> int | None:
    """Whole yen as a person writes them (「１，２００円」); None for nothing. Raises ValidationError."""
    amount: int | None = WholeNumberField(min_value=0, max_value=10**12, required=False).clean(text)
    return amount


def _proposed_words(values: Values) -> list[tuple[str, str]]:
    amount = _yen(values.get("amount", ""))
    told = [("結果", Result(values["result"]).label), ("理由", values["reason"])]
    return told if amount is None else [*told, ("1件あたりの金額", f"{amount:,}円")]


def _day(text: str) -> str:
    return format_wareki(dt.date.fromisoformat(text))


def _applications(cases: Sequence[Case]) -> dict[UUID, Application]:
    """The applications of these cases by case; other kinds of work have none. One query."""
    ids = [case.source_id for case in cases if case.kind == APPLICATION]
    rows = Application.objects.select_related("procedure").defer("answers", "procedure__survey").filter(id__in=ids)
    return {row.case_id: row for row in rows if row.case_id is not None}


def _refused(act: Act) -> WhyNot:
    """Why each of the cases cannot take this step."""

    def why_not(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
        found = _applications(cases)
        return {case.id: words for case in cases if (words := _words(found.get(case.id), act))}

    return why_not


def _words(application: Application | None, act: Act) -> str:
    if application is None:
        return "申請ではありません"
    kind, state = Kind(application.procedure.kind), State(application.state)
    if act is Act.ACCEPT and application.procedure.road.arrival_completes:
        return "届出です（到達の確認で完了します）"
    if act is Act.CONFIRM_ARRIVAL and not application.procedure.road.arrival_completes:
        return "届出ではありません"
    return "" if act in allowed_acts(kind, state) else f"いまの状態は「{application.state_label}」です"


def _not_proposable(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
    if not room_is_on(current_government_id(), "approvals"):
        return {case.id: "起案・決裁の機能を使っていません" for case in cases}
    found, reasons = _applications(cases), _refused(Act.PROPOSE)(actor, cases, values)
    wanted = values.get("result")
    for case in cases:
        application = found.get(case.id)
        if case.id in reasons or application is None:
            continue
        if application.proposal_id is not None:
            reasons[case.id] = "起案の下書きがもうあります"
        elif wanted and Result(wanted) not in application.procedure.road.results:
            reasons[case.id] = f"「{Result(wanted).label}」にできない手続です"
    return reasons


def _of(case: Case) -> Application:
    return get_application(case.source_id)


def _accept(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    return _told(accept_application(actor=actor, application=_of(case)))


def _confirm(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    return _told(confirm_arrival(actor=actor, application=_of(case)))


def _correct(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    application = _of(case)
    message = fill(values["message"], {**placeholders(case), "担当課": case.department.name})
    deadline = dt.date.fromisoformat(values["deadline"])
    request_correction(actor=actor, application=application, message=message, deadline=deadline)
    return _told(application)


def _told(application: Application) -> dict[str, Any]:
    # On one half of a split installation the other half tells the applicant: nothing here could hold that back.
    return {"left": is_told_elsewhere(application)}


def _undo(actor: Actor, case: Case, before: dict[str, Any]) -> None:
    if before.get("left"):
        raise DomainError("申請者の側に伝わっています")
    undo_last_act(actor=actor, application=_of(case), held=True)


def _propose(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    amount = _yen(values.get("amount", ""))
    draft = Disposition(Result(values["result"]), values["reason"], values.get("conditions", ""), amount)
    proposal = propose_application(actor=actor, application=_of(case), draft=draft)
    submit_proposal(actor=actor, proposal=proposal)
    return {"proposal": str(proposal.id)}


def _recall(actor: Actor, case: Case, before: dict[str, Any]) -> None:
    proposal = Proposal.objects.filter(id=before["proposal"]).first()
    if proposal is None:
        raise Stale
    recall_proposal(actor=actor, proposal=proposal, reason="まとめて出した起案を元に戻したため")
