"""照会・回答, the municipality's side: receive, write, confirm, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse

from kakehashi.cases.domain.phases import Phase
from kakehashi.cases.models import Case
from kakehashi.cases.services import move_case, open_case, reopen_case
from kakehashi.indicators.selectors import people_of
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.plans.domain.inquiries import Checked, answers_from_json, check_answers, from_json
from kakehashi.plans.models import InquiryCall, InquiryReply, InquiryTask, ReplyStage, TaskState
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.inquiries import fill, owner_of

KIND = "plans.inquiry"
NOTICE = "plans.inquiry"


@service
def receive_calls(*, government_id: UUID) -> int:
    """Take up what the prefecture sent: a case in 今日の仕事 with its answers filled in, and a notice of every change. Gives how many calls.

    Run by the worker, and when somebody opens the list. A call is taken up once however often this runs.
    """
    known = {task.call_id: task for task in InquiryTask.objects.select_for_update()}
    count = 0
    for call in InquiryCall.objects.filter(audience_id=government_id).exclude(origin_id=government_id):
        task = known.get(call.id)
        if task is None and call.closed_at is None:
            _receive(government_id, call)
        elif task is not None and task.seen_touch < call.touch:
            _follow(government_id, task, call)
        else:
            continue
        count += 1
    return count


@service
def save_reply(
    *,
    actor: Actor,
    task: InquiryTask,
    call: InquiryCall,
    given: Mapping[str, str],
    reasons: Mapping[str, str],
    note: str = "",
) -> Checked:
    """Keep what was written, complete or not; returns what is still wrong. No official act. Raises Stale, PermissionRefused."""
    require(actor, PlansPermission.ANSWER)
    task = _writable(task, call)
    items = from_json(call.items)
    checked = check_answers(items, given, reasons, answers_from_json(task.values.get("answers", ())))
    task.values = {"answers": [vars(one) for one in checked.answers]}
    task.note, task.written_by, task.written_by_id = note.strip()[:500], actor.label[:200], actor.id
    task.state = TaskState.RETURNED if task.state == TaskState.RETURNED else TaskState.RECEIVED
    task.confirm_note = ""
    task.save()
    return checked


@service
def ask_confirmation(*, actor: Actor, task: InquiryTask, call: InquiryCall) -> None:
    """Ask a manager to confirm before the prefecture gets the answer. Raises DomainError while answers are missing, Stale, PermissionRefused."""
    require(actor, PlansPermission.ANSWER)
    task = _writable(task, call)
    _complete(task, call)
    task.state = TaskState.WAITING
    task.save(update_fields=["state"])
    _move(actor, task, Phase.DECIDING, "確認待ち")
    _record(actor, task, "confirmation_asked", call, {})


@service
def send_back(*, actor: Actor, task: InquiryTask, call: InquiryCall, note: str) -> None:
    """The manager does not confirm yet, and says why. Raises DomainError, Stale, PermissionRefused."""
    require(actor, PlansPermission.CONFIRM)
    task = _locked(task)
    if task.state != TaskState.WAITING:
        raise Stale
    if not note.strip():
        raise DomainError("直してほしいところを書いてください。", field="confirm_note", code="required")
    task.state, task.confirm_note = TaskState.RECEIVED, note.strip()[:500]
    task.save(update_fields=["state", "confirm_note"])
    _move(actor, task, Phase.WORKING, "確認者から差戻し")
    _record(actor, task, "sent_back", call, {"note": task.confirm_note})


@service
def answer_call(*, actor: Actor, task: InquiryTask, call: InquiryCall, not_applicable: bool = False) -> InquiryReply:
    """Give the answer to the prefecture: as written, after confirmation, or as 該当なし. Writes `plans.inquiry.answered`.

    While a manager's confirmation is waited for, only who may confirm answers, and not who wrote it. The same answer a second time
    gives the reply that is there. Raises DomainError for what is missing, Stale after the closing, PermissionRefused.
    """
    task = _locked(task)
    if task.state == TaskState.ANSWERED and task.seen_version == call.version:
        return InquiryReply.objects.filter(origin_id=current_government_id(), inquiry_id=call.inquiry_id).latest(
            "number"
        )
    is_confirmed = task.state == TaskState.WAITING
    require(actor, PlansPermission.CONFIRM if is_confirmed else PlansPermission.ANSWER)
    if is_confirmed and actor.id == task.written_by_id:
        raise DomainError("書いた人とは別の人が確認してください。", code="own_writing")
    if call.closed_at is not None:
        raise Stale("この照会は締め切られました。県に連絡してください。")
    if not not_applicable:
        _complete(task, call)
    reply = _publish(
        call, actor, ReplyStage.NOT_APPLICABLE if not_applicable else ReplyStage.ANSWERED,
        answers=[] if not_applicable else task.values["answers"], note=task.note,
        answered_by=task.written_by or actor.label, confirmed_by=actor.label if is_confirmed else "",
    )  # fmt: skip
    task.state, task.not_applicable = TaskState.ANSWERED, not_applicable
    task.confirmed_by, task.seen_version = reply.confirmed_by, call.version
    task.save()
    _move(actor, task, Phase.DONE, "該当なしと回答" if not_applicable else "回答済み")
    _record(actor, task, "answered", call, {"number": reply.number, "stage": reply.stage, "version": call.version})
    return reply


def _receive(government_id: UUID, call: InquiryCall) -> None:
    actor = system_actor(government_id, call.prefecture_name)
    filled = fill(from_json(call.items))
    task = InquiryTask.objects.create(
        call_id=call.id, inquiry_id=call.inquiry_id, values={"answers": [vars(one) for one in filled.values()]},
        seen_touch=call.touch, seen_version=call.version,
    )  # fmt: skip
    _publish(call, actor, ReplyStage.RECEIVED, answers=[], answered_by="")
    department = _department(call)
    if department is not None:
        task.case = open_case(
            actor=actor, kind=KIND, subject=f"県からの照会：{call.title}", source_id=task.id, department=department,
            requester_name=call.prefecture_name, due_on=call.due_on, state_label="回答を書く",
        )  # fmt: skip
        task.save(update_fields=["case"])
    _record(actor, task, "received", call, {"version": call.version, "due_on": call.due_on.isoformat()})
    _tell(
        actor, task, call, f"県から照会が届きました：{call.title}", "分かる値は入っています。確かめて回答してください。"
    )


def _follow(government_id: UUID, task: InquiryTask, call: InquiryCall) -> None:
    """What changed since the municipality last looked: a new version, a return, a reminder, the closing, the result."""
    actor = system_actor(government_id, call.prefecture_name)
    if call.version > task.seen_version:
        _refill(task, call)
        _again(actor, task, call, "新しい版が届きました")
        _tell(actor, task, call, f"照会が変わりました：{call.title}", call.change_note)
    elif call.closed_at is not None and task.state not in {TaskState.ANSWERED, TaskState.CLOSED}:
        task.state = TaskState.CLOSED
        _move(actor, task, Phase.DONE, "回答せずに締切")
    elif call.returned_at is not None and task.state == TaskState.ANSWERED and _is_sent_back(call):
        task.state = TaskState.RETURNED
        _again(actor, task, call, "県から差戻し")
        _tell(actor, task, call, f"回答が差し戻されました：{call.title}", call.return_note)
    elif call.result is not None and call.closed_at is not None:
        _tell(actor, task, call, f"照会の結果が公開されました：{call.title}", "ほかの団体の回答と並べて見られます。")
    elif call.reminded_at is not None and task.state not in {TaskState.ANSWERED, TaskState.CLOSED}:
        _tell(
            actor, task, call, f"照会の回答をお待ちしています：{call.title}", f"期限は{call.due_on:%Y年%m月%d日}です。"
        )
    task.seen_touch, task.seen_version = call.touch, call.version
    task.save()


def _is_sent_back(call: InquiryCall) -> bool:
    last = InquiryReply.objects.filter(origin_id=current_government_id(), inquiry_id=call.inquiry_id).latest("number")
    return call.returned_at is not None and call.returned_at > last.answered_at


def _refill(task: InquiryTask, call: InquiryCall) -> None:
    """A new version keeps what was written to the same items and fills in the new ones."""
    items = from_json(call.items)
    kept, filled = answers_from_json(task.values.get("answers", ())), fill(items)
    task.values = {"answers": [vars(kept.get(one.key, filled[one.key])) for one in items]}
    if task.state in {TaskState.WAITING, TaskState.ANSWERED}:
        task.state = TaskState.RECEIVED


def _again(actor: Actor, task: InquiryTask, call: InquiryCall, label: str) -> None:
    if task.case is None:
        return
    if task.case.phase == Phase.DONE:
        reopen_case(actor=actor, case=task.case, state_label=label)
    move_case(
        actor=actor, case=Case.objects.get(id=task.case.id), phase=Phase.WORKING, state_label=label, due_on=call.due_on
    )


def _move(actor: Actor, task: InquiryTask, phase: Phase, label: str) -> None:
    case = Case.objects.filter(id=task.case_id).first() if task.case_id else None
    if case is not None and case.phase != Phase.DONE:
        move_case(actor=actor, case=case, phase=phase, state_label=label)


def _publish(
    call: InquiryCall,
    actor: Actor,
    stage: ReplyStage,
    *,
    answers: list[dict[str, Any]],
    answered_by: str,
    note: str = "",
    confirmed_by: str = "",
) -> InquiryReply:
    mine = current_government_id()
    former = InquiryReply.objects.filter(origin_id=mine, inquiry_id=call.inquiry_id).order_by("-number").first()
    return InquiryReply.objects.create(
        audience_id=call.origin_id, inquiry_id=call.inquiry_id, municipality_id=mine, stage=stage,
        number=former.number + 1 if former else 0, version=call.version, answers=answers, note=note,
        answered_by=answered_by[:200], confirmed_by=confirmed_by[:200],
    )  # fmt: skip


def _department(call: InquiryCall) -> Department | None:
    """The section that owns the first question the platform cannot answer, by its indicator; else that of any indicator asked for.

    Without one, the section that answered last; in the beginning the first of the organisation, which may hand the case on.
    """
    items = from_json(call.items)
    filled = fill(items)
    asked = [item for item in items if item.measure]
    empty = [item for item in asked if not filled[item.key].value]
    if (owner := owner_of([item.measure for item in [*empty, *asked]])) is not None:
        return owner
    last = InquiryTask.objects.exclude(case=None).select_related("case__department").order_by("-received_at").first()
    if last is not None and last.case is not None:
        found: Department = last.case.department
        return found
    return next(iter(departments_on(clock.today())), None)


def _tell(actor: Actor, task: InquiryTask, call: InquiryCall, subject: str, text: str) -> None:
    case = (
        Case.objects.select_related("handler", "department").filter(id=task.case_id).first() if task.case_id else None
    )
    if case is None:
        return
    for person in [case.handler] if case.handler else people_of(case.department):
        send_notice(
            actor=actor, kind=NOTICE, to=Recipient(person_id=person.id, name=person.name), subject=subject[:120], body_text=text,
            url=reverse("plans-staff:answer", args=[task.id]), idempotency_key=uuid5(person.id, f"{call.id} {call.touch}"),
        )  # fmt: skip


def _locked(task: InquiryTask) -> InquiryTask:
    found: InquiryTask = InquiryTask.objects.select_for_update(of=("self",)).get(id=task.id)
    return found


def _writable(task: InquiryTask, call: InquiryCall) -> InquiryTask:
    task = _locked(task)
    if call.closed_at is not None:
        raise Stale("この照会は締め切られました。県に連絡してください。")
    if task.state not in {TaskState.RECEIVED, TaskState.RETURNED}:
        raise Stale("この回答はもう提出されたか、確認を待っています。")
    return task


def _complete(task: InquiryTask, call: InquiryCall) -> None:
    kept = answers_from_json(task.values.get("answers", ()))
    values, reasons = {key: one.value for key, one in kept.items()}, {key: one.reason for key, one in kept.items()}
    problems = check_answers(from_json(call.items), values, reasons, kept).problems
    if problems:
        raise DomainError(f"{len(problems)}項目の回答が足りません。", code="incomplete")


def _record(actor: Actor, task: InquiryTask, verb: str, call: InquiryCall, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"plans.inquiry.{verb}", subject_kind="plans.inquiry_task", subject_id=task.id,
        payload={"inquiry": str(call.inquiry_id), "title": call.title, **payload},
    )  # fmt: skip
