"""照会・回答, the municipality's pages: what was asked, filled in as far as the platform knows, to be confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import services
from kakehashi.plans.domain.inquiries import WORDS, Answer, Item, answers_from_json, from_json, shown
from kakehashi.plans.models import InquiryCall, InquiryTask, TaskState
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import inquiries as reads
from kakehashi.plans.selectors.sharing import MUNICIPALITIES

_TONES = {
    TaskState.RECEIVED: "new", TaskState.WAITING: "deciding", TaskState.ANSWERED: "done", TaskState.RETURNED: "waiting", TaskState.CLOSED: "none",
}  # fmt: skip


@staff(PlansPermission.ANSWER)
@require_GET
def index(request: Request) -> HttpResponse:
    """Every call of the prefecture: what waits for one's own section first, the nearest term first."""
    if request.government.kind not in MUNICIPALITIES:
        raise Http404
    services.receive_calls(government_id=request.government.id)
    mine = _sections(request)
    lines = [
        (call, task, _TONES[TaskState(task.state)] if task else "none", reads.is_own(task, mine))
        for call, task in reads.calls_here(mine)
    ]
    return render(request, "plans/answers.html", {"lines": lines, "next": reads.next_task(mine)})


@staff(PlansPermission.ANSWER)
@require_http_methods(["GET", "POST"])
def answer(request: Request, task_id: UUID) -> HttpResponse:
    """One call with its answers; save, ask for confirmation, confirm, answer."""
    task, call = reads.find_task(task_id)
    items = from_json(call.items)
    problems: dict[str, str] = {}
    refused = ""
    if request.method == "POST":
        try:
            problems = _act(request, task, call, items)
            if not problems:
                return redirect("plans-staff:answer", task.id)
        except DomainError as problem:
            refused = problem.message
        task, call = reads.find_task(task_id)
    kept = answers_from_json(task.values.get("answers", ()))
    lines = [_line(item, kept.get(item.key, Answer(item.key)), problems.get(item.key, "")) for item in items]
    # What the platform could not know is asked for; what it knew need only be looked at.
    unanswered = [line for line in lines if line["problem"] or not line["value"]]
    context = {
        "task": task,
        "call": call,
        "tone": _TONES[TaskState(task.state)],
        "lines": lines,
        "unanswered": sorted(unanswered, key=lambda line: not (line["problem"] or line["item"].required)),
        "known": [line for line in lines if line not in unanswered],
        "note": task.note,
        "problems": problems,
        "refused": refused,
        "is_open": call.closed_at is None and task.state in {TaskState.RECEIVED, TaskState.RETURNED},
        "may_confirm": task.state == TaskState.WAITING
        and request.actor.can(PlansPermission.CONFIRM, request.government.id),
        "is_own": request.actor.id == task.written_by_id,
        "versions": reads.own_replies(call),
        "words": WORDS.values(),
        "next": reads.next_task(_sections(request)),
    }
    return render(request, "plans/answer.html", context, status=422 if problems or refused else 200)


@staff(PlansPermission.ANSWER)
@require_GET
def result(request: Request, task_id: UUID) -> HttpResponse:
    """The collected answers of everybody, once the prefecture has published them."""
    task, call = reads.find_task(task_id)
    if call.result is None:
        raise Http404
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name=f"{call.title} 結果", headers=call.result["headings"], rows=call.result["rows"]
        )
    return render(request, "plans/answer_result.html", {"task": task, "call": call})


def _sections(request: Request) -> set[UUID]:
    """The sections the reader holds a post in."""
    return {post.department_id for post in getattr(request.actor, "posts", ())}


def _act(request: Request, task: InquiryTask, call: InquiryCall, items: list[Item]) -> dict[str, str]:
    """Do what the pressed button says; gives what is wrong beside the items."""
    verb, actor, data = request.POST.get("act", "save"), request.actor, request.POST
    if verb == "confirm":
        services.answer_call(actor=actor, task=task, call=call)
        messages.success(request, "確認して、県に回答しました。")
        return {}
    if verb == "send_back":
        services.send_back(actor=actor, task=task, call=call, note=data.get("confirm_note", ""))
        messages.success(request, "書いた人に戻しました。")
        return {}
    if verb == "not_applicable":
        services.answer_call(actor=actor, task=task, call=call, not_applicable=True)
        messages.success(request, "該当なしと回答しました。")
        return {}
    given = {item.key: data.get(f"answer-{item.key}", "") for item in items}
    reasons = {item.key: data.get(f"reason-{item.key}", "") for item in items}
    checked = services.save_reply(
        actor=actor, task=task, call=call, given=given, reasons=reasons, note=data.get("note", "")
    )
    if verb == "save":
        missing = f"あと{len(checked.problems)}項目です。" if checked.problems else "すべて書けています。"
        messages.success(request, f"下書きを保存しました。{missing}")
        return {}
    if checked.problems:
        return checked.problems
    if verb == "ask":
        services.ask_confirmation(actor=actor, task=task, call=call)
        messages.success(request, "確認を頼みました。確認されると県に届きます。")
    else:
        services.answer_call(actor=actor, task=task, call=call)
        messages.success(request, "県に回答しました。")
    return {}


def _line(item: Item, one: Answer, problem: str) -> dict[str, Any]:
    return {
        "item": item,
        "value": WORDS.get(one.value, one.value),
        "shown": shown(item, one.value),
        "filled": shown(item, one.filled),
        "source": one.source,
        "reason": one.reason,
        "differs": bool(one.filled) and one.value != one.filled,
        "problem": problem,
    }
