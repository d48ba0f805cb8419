"""起案する, and what 決裁・施行 do to an application.

Staff never grant or refuse alone: they propose. The callbacks run in the transaction of approvals; a
proposal that is not the application's present one changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import wants_amount
from kakehashi.approvals.services import draft_proposal
from kakehashi.cases.services import post_message
from kakehashi.exchange.services import record_outside_number
from kakehashi.files.services import store_file
from kakehashi.governments.selectors import get_government, room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.deliveries import Standing, Way
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.names import APPLICATION, FILE_PURPOSE_ISSUED
from kakehashi.procedures.domain.states import Act, State
from kakehashi.procedures.domain.teaching import Basis, is_taught, law_of_reasons
from kakehashi.procedures.models import Application, IssuedDocument
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.selectors.letters import Proposed
from kakehashi.procedures.selectors.payments import amount_due, is_paid_up
from kakehashi.procedures.services.certificates import make_certificate
from kakehashi.procedures.services.delivering import begin_delivery
from kakehashi.procedures.services.handling import move_application, record
from kakehashi.procedures.services.letters import built_in_letter, keep_letter_use, notice_of
from kakehashi.procedures.services.mails import tell_applicant

_MOST_REASON = 4000

__all__ = [
    "Disposition",
    "decided",
    "decision_undone",
    "ended",
    "given_back",
    "issued",
    "propose_application",
    "proposed",
    "record_outside_decision",
]

_MAILS = {Way.ELECTRONIC: "issued", Way.POST: "posted", Way.COUNTER: "pickup"}
REFUSE_MATTER = "disposition.refuse"
_MATTERS = {Result.PERMITTED: "disposition.permit", Result.GRANTED: "disposition.grant"}


@dataclass(frozen=True, slots=True)
class Disposition:
    """What the section proposes. `reason` is shown to the applicant for a refusal (行政手続法8条).

    `is_partial`: it grants less than was asked, or with a burden; that part is a refusal too, so its reason is shown as well.
    """

    result: Result
    reason: str
    conditions: str = ""
    amount: int | None = None
    is_partial: bool = False

    @property
    def proposed(self) -> Proposed:
        """What of it a letter may show."""
        return Proposed(self.result, self.reason, self.conditions, self.amount, self.is_partial)


def _check_fee(application: Application, result: Result) -> None:
    """What is granted goes out when its fee is paid or forgiven; a refusal owes nothing more. No query without a fee."""
    if result.is_refusal or result is Result.DECLINED or not application.procedure.fee_when:
        return
    amount = amount_due(application.procedure, application.form_version, application.answers)
    if not is_paid_up(application.idempotency_key, amount):
        raise DomainError(
            f"手数料（{amount:,}円）がまだ納められていません。支払いを依頼するか、減免を起案してください。",
            code="unpaid",
        )


def matter_of(application: Application, result: Result) -> str:
    """The 決裁事項: the standing 専決 for 申込 and 証明, the full road for a 処分 and every refusal."""
    road = application.procedure.road
    if result.is_refusal:
        return REFUSE_MATTER
    return road.standing_matter or application.procedure.matter_code or _MATTERS.get(result, "disposition")


@service
def propose_application(*, actor: Actor, application: Application, draft: Disposition) -> Proposal:
    """起案する: one click makes the draft with its notice; deciding it is not ours.

    Called again while a draft is open, it returns that draft. Raises DomainError for a result the
    kind does not have, for a refusal without reasons, for an amount that the rules need and nobody gave, Stale when the application is not in examination.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    road = application.procedure.road
    if draft.result not in road.results or not road.needs_proposal:
        raise DomainError("この種類の手続では選べない結果です。", field="result")
    if not draft.reason.strip():
        missing = (
            f"拒否する処分には理由が必要です（{_law(application)}）。"
            if draft.result.is_refusal
            else "起案の理由を書いてください。"
        )
        raise DomainError(missing, field="reason")
    locked: Application = Application.objects.select_for_update().get(id=application.id)
    if locked.state != State.ACCEPTED:
        raise Stale("この申請は、いま起案できる状態ではありません。最新の状態を確かめてください。")
    if locked.proposal_id is not None:
        return Proposal.objects.get(id=locked.proposal_id)
    _check_fee(application, draft.result)
    government = get_government(application.government_id)
    label = f"{application.procedure.name}（{application.applicant_name}）"
    proposal: Proposal = draft_proposal(
        actor=actor,
        matter_code=matter_of(application, draft.result),
        subject=f"{label}について"[:200],
        request=f"{application.procedure.name}について、別紙のとおり{draft.result.label}としてよいか伺います。",
        reason=draft.reason.strip(),
        source_kind=APPLICATION,
        source_id=application.id,
        case=application.case,
        notice=notice_of(application, draft.proposed, government),
        amount=draft.amount,
        idempotency_key=uuid7(),
    )
    if draft.amount is None and wants_amount(proposal.matter_code, proposal.department, clock.today()):
        raise DomainError("この結果は、金額によって決裁者が変わります。金額を記入してください。", field="amount")
    application.proposal_id, application.proposed_result = proposal.id, draft.result.value
    application.save(update_fields=["proposal_id", "proposed_result"])
    keep_letter_use(application, proposal, draft.result)
    payload = {"proposal": str(proposal.id), "result": draft.result.value}
    record(actor, "procedures.application.proposed", application, payload)
    return proposal


def _application_of(proposal: Proposal) -> Application | None:
    found: Application | None = (
        Application.objects.select_related("procedure", "case").filter(proposal_id=proposal.id).first()
    )
    return found


def proposed(*, actor: Actor, proposal: Proposal) -> None:
    """回議に出た: the application is 起案・決裁中 from now on. A refusal without reasons or 教示 does not leave the section."""
    application = _application_of(proposal)
    if application is not None:
        check_notice(application, proposal)
        act_id = uuid7()
        move_application(actor=actor, application=application, act=Act.PROPOSE, act_id=act_id)


def _law(application: Application) -> str:
    return law_of_reasons(Basis(application.procedure.basis))


def check_notice(application: Application, proposal: Proposal) -> None:
    """Stop a refusal whose notice lost its reasons or its 教示 on the way, and any 処分 whose notice lost the 教示.

    Raises DomainError (行政手続法8条, 行政不服審査法82条, 行政事件訴訟法46条).
    """
    result = Result(application.proposed_result)
    notice = proposal.notice or {}
    if result.is_refusal and not str(notice.get("reason") or "").strip():
        raise DomainError(
            f"拒否する処分の通知に、理由がありません（{_law(application)}）。通知の理由を書いてください。"
        )
    appealable = result.is_refusal or application.procedure.kind == Kind.DISPOSITION
    if appealable and not is_taught(json.dumps(notice, ensure_ascii=False)):
        raise DomainError(
            "処分の通知に、教示（審査請求と取消訴訟）がありません（行政不服審査法第82条、行政事件訴訟法第46条）。"
        )


def given_back(*, actor: Actor, proposal: Proposal) -> None:
    """差戻し・引戻し: the section has it again; the draft stays the application's own."""
    application = _application_of(proposal)
    if application is not None and application.state == State.DECIDING:
        act_id = uuid7()
        move_application(actor=actor, application=application, act=Act.PROPOSAL_RETURNED, act_id=act_id)
        record(actor, "procedures.application.returned", application, {"proposal": str(proposal.id)}, act_id)


def ended(*, actor: Actor, proposal: Proposal) -> None:
    """否決・取下げ of the proposal: the application is not refused by that; a new 起案 may follow."""
    given_back(actor=actor, proposal=proposal)
    Application.objects.filter(proposal_id=proposal.id).update(proposal_id=None, proposed_result="")


def decided(*, actor: Actor, proposal: Proposal) -> None:
    """決裁: the result is fixed. Nothing leaves before 施行."""
    application = _application_of(proposal)
    if application is None:
        return
    act_id = uuid7()
    move_application(
        actor=actor,
        application=application,
        act=Act.DECIDE,
        act_id=act_id,
        result=application.proposed_result,
        decided_at=clock.now(),
        days_to_decision=clock_of(application).elapsed,
    )
    payload = {"proposal": str(proposal.id), "result": application.result}
    record(actor, "procedures.application.decided", application, payload, act_id)


def decision_undone(*, actor: Actor, proposal: Proposal) -> None:
    """元に戻す within ten seconds of the decision."""
    application = _application_of(proposal)
    if application is not None:
        changes = {"result": "", "decided_at": None, "days_to_decision": None}
        act_id = uuid7()
        move_application(actor=actor, application=application, act=Act.DECISION_UNDONE, act_id=act_id, **changes)


def issued(*, actor: Actor, proposal: Proposal) -> None:
    """施行: the notice goes the way the applicant asked for; the application is complete when it is on their page, posted or handed over."""
    application = _application_of(proposal)
    if application is None:
        return
    act_id = uuid7()
    document = IssuedDocument.objects.create(
        application=application,
        title=str(proposal.notice.get("title") or proposal.subject),
        document_number=proposal.document_number,
        source_id=proposal.id,
        by_post=not application.accepts_electronic_notice,
    )
    make_certificate(application=application, document=document, proposal=proposal)
    delivery = begin_delivery(actor=actor, application=application, document=document)
    is_out = delivery.standing != Standing.WAITING
    act, columns = (Act.ISSUE, {"completed_at": clock.now()}) if is_out else (Act.ISSUE_TO_SEND, {})
    move_application(actor=actor, application=application, act=act, act_id=act_id, **columns)
    payload = {"number": proposal.document_number, "proposal": str(proposal.id), "way": delivery.way}
    record(actor, "procedures.document.delivered", application, payload, act_id)
    tell_applicant(actor=actor, application=application, what=_MAILS[Way(delivery.way)], key=f"issued:{proposal.id}")


@service
def record_outside_decision(
    *,
    actor: Actor,
    application: Application,
    result: Result,
    number: str,
    decided_on: dt.date,
    document_number: str = "",
    notice: bytes | None = None,
    reason: str = "",
    teaching_confirmed: bool = False,
) -> Application:
    """The decision was made in the town's present 電子決裁: keep its numbers and day, and complete.

    For a government whose approvals room is off. With `notice` (PDF) the letter made there is put on the applicant's page.
    A refusal (also in part) needs its `reason` and `teaching_confirmed`, that its letter says the reasons and the 教示: from a page, the API
    and a CSV alike (行政手続法8条, 行政不服審査法82条). Raises DomainError for a day to come, no number, a letter that is no PDF, or a
    refusal without either.
    Told by another system, the reason is also written to the applicant at once.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    road = application.procedure.road
    if result not in road.results:
        raise DomainError("この種類の手続では選べない結果です。", field="result")
    if not number.strip():
        raise DomainError("外部の決裁番号を入力してください。", field="number")
    if result.is_refusal and not reason.strip():
        raise DomainError(f"拒否する処分には、その理由を示してください（{_law(application)}）。", field="reason")
    if result.is_refusal and not teaching_confirmed:
        raise DomainError(
            f"拒否する処分の通知書に、理由と教示が書かれていることを確かめてください（{_law(application)}）。",
            field="teaching_confirmed",
        )
    if decided_on > clock.today() or decided_on < application.arrived_on:
        raise DomainError("決裁日は、到達した日から今日までの日にしてください。", field="decided_on")
    if application.state == State.DECIDING and room_is_on(application.government_id, "approvals"):
        raise Stale("この申請は起案・決裁中です。先に引き戻すか、決裁を待ってください。")
    now = clock.now()
    act_id = uuid7()
    # A letter that was made there and uploaded here is delivered from here, so the case waits for that.
    waits = notice is not None and not application.accepts_electronic_notice
    move_application(
        actor=actor,
        application=application,
        act=Act.RECORD_OUTSIDE_TO_SEND if waits else Act.RECORD_OUTSIDE,
        # A 起案 that was under way here decides nothing any more.
        proposal_id=None,
        act_id=act_id,
        result=result.value,
        outside_number=number.strip()[:100],
        outside_decided_on=decided_on,
        refusal_text=reason.strip()[:_MOST_REASON] if result.is_refusal else "",
        decided_at=now,
        completed_at=None if waits else now,
        days_to_decision=clock_of(application).elapsed,
    )
    letter = f"closed:{act_id}"
    payload = {
        "number": application.outside_number,
        "decided_on": decided_on.isoformat(),
        "result": result.value,
        "letter": letter,
    }
    # A person may take their act back, and a letter on the page says the reason: only another system's word goes out at once.
    if reason.strip() and application.case is not None and actor.kind is ActorKind.MACHINE:
        body = f"{result.label}の理由：{reason.strip()}"
        post_message(actor=actor, case=application.case, thread="public", body=body, act_id=act_id)
    _keep_numbers(actor, application, {"decision": number, "document": document_number}, decided_on, act_id)
    # The decision is the last event of its act: 「元に戻す」 looks for it there.
    record(actor, "procedures.decision.recorded", application, payload, act_id)
    if notice is not None:
        _deliver_letter(actor, application, result, document_number, notice, act_id)
    tell_applicant(actor=actor, application=application, what="closed", key=letter)
    return application


def _keep_numbers(
    actor: Actor, application: Application, numbers: dict[str, str], decided_on: dt.date, act_id: UUID
) -> None:
    """What the other system calls it, so that the application is found by either number."""
    for kind, number in numbers.items():
        if number.strip():
            record_outside_number(
                actor=actor, subject_kind=APPLICATION, subject_id=application.id, kind=kind, number=number,
                title=f"{application.procedure.name}（{application.applicant_name}）", dated_on=decided_on, act_id=act_id,
            )  # fmt: skip


def _deliver_letter(
    actor: Actor, application: Application, result: Result, document_number: str, notice: bytes, act_id: UUID
) -> None:
    """The letter of the other system as a document of the applicant; its source is the act, so that it can be taken back."""
    title = built_in_letter(result).title
    if not notice.startswith(b"%PDF-"):
        raise DomainError("通知書はPDFで選んでください。", field="notice")
    file = store_file(actor=actor, name=f"{title}.pdf", content=notice, purpose=FILE_PURPOSE_ISSUED)
    document = IssuedDocument.objects.create(
        application=application,
        stored_file=file,
        title=title,
        document_number=document_number.strip()[:60],
        source_id=act_id,
        by_post=not application.accepts_electronic_notice,
    )
    begin_delivery(actor=actor, application=application, document=document)
