"""起案する, and what 決裁・施行 do to an application.

Staff never grant or refuse alone: they propose. The callbacks run in the transaction of approvals; a
proposal that is not the application's present one changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import NoticeDraft, draft_proposal
from kakehashi.exchange.services import record_outside_number
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.selectors import get_government, room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.names import APPLICATION, FILE_PURPOSE_ISSUED
from kakehashi.procedures.domain.states import Act, State
from kakehashi.procedures.domain.teaching import Basis, Decider, reason_heading, teaching_paragraphs
from kakehashi.procedures.models import Application, IssuedDocument
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.services.handling import move_application, record
from kakehashi.procedures.services.mails import tell_applicant

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

REFUSE_MATTER = "disposition.refuse"
_MATTERS = {Result.PERMITTED: "disposition.permit", Result.GRANTED: "disposition.grant"}
_TITLES = {
    Result.APPROVED: "利用決定通知書",
    Result.DECLINED: "利用についてのお知らせ",
    Result.ISSUED: "証明書交付通知書",
    Result.PERMITTED: "許可通知書",
    Result.GRANTED: "交付決定通知書",
    Result.REFUSED: "不許可通知書",
    Result.DISMISSED: "却下通知書",
}
_SENTENCES = {
    Result.APPROVED: "お申込みのあったことについて、承諾することに決定したので通知します。",
    Result.DECLINED: "お申込みのあったことについて、ご希望に沿うことができないので、お知らせします。",
    Result.ISSUED: "請求のあった証明書を交付します。",
    Result.PERMITTED: "申請のあったことについて、次のとおり許可することに決定したので通知します。",
    Result.GRANTED: "申請のあったことについて、次のとおり交付することに決定したので通知します。",
    Result.REFUSED: "申請のあったことについて、次の理由により許可しないことに決定したので通知します。",
    Result.DISMISSED: "申請のあったことについて、次の理由により却下することに決定したので通知します。",
}


@dataclass(frozen=True, slots=True)
class Disposition:
    """What the section proposes. `reason` is shown to the applicant for a refusal (行政手続法8条)."""

    result: Result
    reason: str
    conditions: str = ""
    amount: int | None = None


def decider_of(government: Government) -> Decider:
    """In whose name the disposition is made."""
    is_prefecture = government.kind == GovernmentKind.PREFECTURE
    return Decider(government.name, "知事" if is_prefecture else "長")


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
    kind does not have, for a refusal without reasons, Stale when the application is not in examination.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    road = application.procedure.road
    if draft.result not in road.results or not road.needs_proposal:
        raise DomainError("この種類の手続では選べない結果です。", field="result")
    if not draft.reason.strip():
        missing = (
            "拒否する処分には理由が必要です（行政手続法第8条）。"
            if draft.result.is_refusal
            else "起案の理由を書いてください。"
        )
        raise DomainError(missing, field="reason")
    locked: Application = Application.objects.select_for_update().get(id=application.id)
    if locked.state != State.ACCEPTED:
        raise Stale("この申請は、いま起案できる状態ではありません。最新の状態を確かめてください。")
    if locked.proposal_id is not None:
        return Proposal.objects.get(id=locked.proposal_id)
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
        notice=notice_of(application, draft, government),
        amount=draft.amount,
        idempotency_key=uuid7(),
    )
    application.proposal_id, application.proposed_result = proposal.id, draft.result.value
    application.save(update_fields=["proposal_id", "proposed_result"])
    payload = {"proposal": str(proposal.id), "result": draft.result.value}
    record(actor, "procedures.application.proposed", application, payload)
    return proposal


def notice_of(application: Application, draft: Disposition, government: Government) -> NoticeDraft:
    """The notice word by word: reasons and 教示 where the law asks for them."""
    refusal = draft.result.is_refusal
    shows_teaching = refusal or application.procedure.kind == Kind.DISPOSITION
    rows = [("受付番号", application.receipt_label), ("手続", application.procedure.name)]
    if draft.amount is not None:
        rows.append(("金額", f"{draft.amount:,}円"))
    if draft.conditions.strip():
        rows.append(("条件", draft.conditions.strip()))
    basis = Basis(application.procedure.basis)
    return NoticeDraft(
        title=_TITLES[draft.result],
        addressee=f"{application.applicant_name} 様",
        text=_SENTENCES[draft.result],
        rows=tuple(rows),
        reason_heading=reason_heading(basis, government.name) if refusal else "理由",
        reason=draft.reason.strip() if refusal or draft.result is Result.DECLINED else "",
        instructions=(("教示", "\n".join(teaching_paragraphs(decider_of(government)))),) if shows_teaching else (),
        contact=application.procedure.contact,
    )


def _application_of(proposal: Proposal) -> Application | None:
    found: Application | None = (
        Application.objects.select_related("procedure", "case").filter(proposal_id=proposal.id).first()
    )
    return found


def proposed(*, actor: Actor, proposal: Proposal) -> None:
    """回議に出た: the application is 起案・決裁中 from now on."""
    application = _application_of(proposal)
    if application is not None:
        act_id = uuid7()
        move_application(actor=actor, application=application, act=Act.PROPOSE, act_id=act_id)


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
    """施行: the notice is on the applicant's page or goes by post, as they asked; the mail goes out; the application is complete."""
    application = _application_of(proposal)
    if application is None:
        return
    act_id = uuid7()
    move_application(actor=actor, application=application, act=Act.ISSUE, act_id=act_id, completed_at=clock.now())
    IssuedDocument.objects.create(
        application=application,
        title=str(proposal.notice.get("title") or proposal.subject),
        document_number=proposal.document_number,
        source_id=proposal.id,
        by_post=not application.accepts_electronic_notice,
    )
    way = "electronic" if application.accepts_electronic_notice else "post"
    payload = {"number": proposal.document_number, "proposal": str(proposal.id), "way": way}
    record(actor, "procedures.document.delivered", application, payload, act_id)
    letter = "issued" if application.accepts_electronic_notice else "posted"
    tell_applicant(actor=actor, application=application, what=letter, key=f"issued:{proposal.id}")


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
) -> Application:
    """The decision was made in the town's present 電子決裁: keep its numbers and day, and complete.

    For a government whose approvals room is off. With `notice` (PDF) the letter made there is put on the applicant's page.
    Raises DomainError for a day to come, no number, or a letter that is no PDF.
    """
    require(actor, ProceduresPermission.PROPOSE_APPLICATIONS)
    road = application.procedure.road
    if result not in road.results:
        raise DomainError("この種類の手続では選べない結果です。", field="result")
    if not number.strip():
        raise DomainError("外部の決裁番号を入力してください。", field="number")
    if decided_on > clock.today() or decided_on < application.arrived_on:
        raise DomainError("決裁日は、到達した日から今日までの日にしてください。", field="decided_on")
    if application.state == State.DECIDING and room_is_on(application.government_id, "approvals"):
        raise Stale("この申請は起案・決裁中です。先に引き戻すか、決裁を待ってください。")
    now = clock.now()
    act_id = uuid7()
    move_application(
        actor=actor,
        application=application,
        act=Act.RECORD_OUTSIDE,
        # A 起案 that was under way here decides nothing any more.
        proposal_id=None,
        act_id=act_id,
        result=result.value,
        outside_number=number.strip()[:100],
        outside_decided_on=decided_on,
        decided_at=now,
        completed_at=now,
        days_to_decision=clock_of(application).elapsed,
    )
    letter = f"closed:{act_id}"
    payload = {
        "number": application.outside_number,
        "decided_on": decided_on.isoformat(),
        "result": result.value,
        "letter": letter,
    }
    # The decision is the last event of its act: 「元に戻す」 looks for it there.
    _keep_numbers(actor, application, {"decision": number, "document": document_number}, decided_on, act_id)
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
    title = _TITLES.get(result, "通知書")
    if not notice.startswith(b"%PDF-"):
        raise DomainError("通知書はPDFで選んでください。", field="notice")
    file = store_file(actor=actor, name=f"{title}.pdf", content=notice, purpose=FILE_PURPOSE_ISSUED)
    IssuedDocument.objects.create(
        application=application,
        stored_file=file,
        title=title,
        document_number=document_number.strip()[:60],
        source_id=act_id,
        by_post=not application.accepts_electronic_notice,
    )
