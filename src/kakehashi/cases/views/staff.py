"""The inbox 「今日の仕事」 and the case page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kakehashi.cases import hooks
from kakehashi.cases.domain.phases import LABELS
from kakehashi.cases.forms import AssignForm, FilterNameForm, MessageForm
from kakehashi.cases.models import Case, MessageTemplate, Purpose, Thread
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import (
    TABS,
    InboxFilter,
    first_ids,
    follows,
    inbox_page,
    inquiries_of,
    is_offered,
    labels_of,
    labels_on_offer,
    loads,
    own_desk,
    pinned_notes,
    possible_handlers,
    templates_on_offer,
)
from kakehashi.cases.services import (
    Assigned,
    assign_cases,
    export_cases,
    forget_filter,
    plan_batch,
    post_message,
    save_filter,
    text_for,
    undo_assignment,
)
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.kernel.undo import confirm_with_undo
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.models import Person

_UNDO = "cases_undo"
MOST = 500
_HEADERS = (
    "案件番号", "種類", "件名", "申請者・相談者", "状態", "担当課", "担当", "期限", "待っている相手", "登録日", "完了日",
)  # fmt: skip


@staff(CasePermission.READ)
@reads_personal_data("今日の仕事の確認")
@require_GET
def inbox(request: Request) -> HttpResponse:
    """今日の仕事: the first screen in the morning."""
    wanted = InboxFilter.read(request.GET)
    if kind := request.GET.get("format"):
        return _export(request, kind, wanted, ())
    actor = request.actor
    page = inbox_page(actor, wanted, request.GET.get("cursor"))
    saved, labels, people = own_desk(actor)
    by_id = {label.id: label for label in labels}
    return render(
        request,
        "cases/inbox.html",
        {
            "page": page,
            "rows": [
                (row, [by_id[each] for each in getattr(row, "label_ids", ()) if each in by_id]) for row in page.rows
            ],
            "labels": [label for label in labels if is_offered(actor, label)],
            "batch_acts": hooks.batch_acts(actor, request.government.id),
            "most": MOST,
            "wanted": wanted,
            "tabs": TABS,
            "tab_label": TABS[wanted.tab],
            "kinds": hooks.case_kinds(),
            "phases": [(phase.value, label) for phase, label in LABELS.items()],
            "saved": saved,
            "people": people,
            "query": request.GET.urlencode(),
            "today": clock.today(),
            "where": actor.label,
            "elsewhere": hooks.waiting_work(actor) if wanted.tab == "mine" else [],
        },
    )


@staff(CasePermission.READ)
@reads_personal_data("審査・案件の処理", asks_reason=True)
@require_GET
def case(request: Request, case_id: UUID) -> HttpResponse:
    """One case: the thing itself, facts, people, dates, acts, and the timeline."""
    return _case_page(request, _get(case_id))


@staff(CasePermission.READ)
@reads_personal_data("審査・案件の処理", asks_reason=True)
@require_GET
def as_resident(request: Request, case_id: UUID) -> HttpResponse:
    """What the resident sees of this case."""
    found = _get(case_id)
    kind = hooks.case_kind(found.kind)
    url = kind.resident_url(found) if kind.resident_url else ""
    return render(request, "cases/as_resident.html", {"case": found, "resident_url": url})


@staff(CasePermission.HANDLE)
@reads_personal_data("審査・案件の処理", asks_reason=True)
@require_POST
def message(request: Request, case_id: UUID) -> HttpResponse:
    """Write into one of the threads."""
    found = _get(case_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            post_message(
                actor=request.actor,
                case=found,
                thread=form.cleaned_data["thread"],
                body=form.cleaned_data["body"],
                idempotency_key=form.cleaned_data["idempotency_key"] or uuid7(),
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            words = "申請者に連絡しました。" if form.cleaned_data["thread"] == Thread.PUBLIC else "メモを残しました。"
            messages.success(request, words)
            return redirect(f"{reverse('cases-staff:case', args=[found.id])}#timeline")
    return _case_page(request, found, message_form=form, status=422)


@staff(CasePermission.HANDLE)
@require_POST
def assign(request: Request, case_id: UUID) -> HttpResponse:
    """Decide who handles one case."""
    found = _get(case_id)
    return _assign(request, [found.id], back=reverse("cases-staff:case", args=[found.id]))


@staff(CasePermission.HANDLE)
@reads_personal_data("案件一覧の書き出し")
@require_POST
def batch(request: Request) -> HttpResponse:
    """Assign the chosen rows, write them out, or go on to the page of another act upon them."""
    back = _back(request)
    chosen = _ids(request.POST.getlist("case"))
    wanted = InboxFilter.read(request.POST)
    kind = request.POST.get("format", "")
    if kind:
        return _export(request, kind, wanted, chosen)
    if request.POST.get("every"):
        chosen = first_ids(request.actor, wanted, MOST)
    if act := request.POST.get("plan") and request.POST.get("act", ""):
        return _plan(request, act, chosen, back)
    return _assign(request, chosen, back=back)


@staff(CasePermission.HANDLE)
@require_POST
def undo(request: Request) -> HttpResponse:
    """元に戻す: give the cases of the last assignment back."""
    kept = request.session.pop(_UNDO, [])
    rows = [Assigned(UUID(case), _uuid(before), _uuid(after)) for case, before, after in kept]
    count = undo_assignment(actor=request.actor, rows=rows)
    messages.success(request, f"{count}件の担当を元に戻しました。" if count else "元に戻せる案件はありませんでした。")
    return redirect(_back(request))


@staff(CasePermission.READ)
@require_POST
def keep_filter(request: Request) -> HttpResponse:
    """Keep the present filter under a name."""
    form = FilterNameForm(request.POST)
    query = request.POST.get("query", "")[:300]
    if not form.is_valid():
        messages.error(request, "条件の名前を書いてください（30文字まで）。")
        return redirect(f"{reverse('cases-staff:inbox')}?{query}")
    try:
        saved = save_filter(actor=request.actor, name=form.cleaned_data["name"], query=query)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("cases-staff:inbox")
    messages.success(request, f"条件「{saved.name}」を残しました。")
    return redirect(f"{reverse('cases-staff:inbox')}?{saved.query}")


@staff(CasePermission.READ)
@require_POST
def drop_filter(request: Request, filter_id: UUID) -> HttpResponse:
    """Drop a kept filter."""
    forget_filter(actor=request.actor, filter_id=filter_id)
    return redirect("cases-staff:inbox")


def _get(case_id: UUID) -> Case:
    found: Case | None = Case.objects.select_related("department", "handler").filter(id=case_id).first()
    if found is None:
        raise Http404
    return found


def _case_page(
    request: Request, found: Case, *, message_form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    kind = hooks.case_kind(found.kind)
    # A room that was switched off keeps its cases: what was said stays readable, its own pages do not exist.
    is_on = found.kind.partition(".")[0] in request.rooms
    actor = request.actor
    people = possible_handlers(actor, found.department_id)
    proposal = loads(people)[0] if people and found.is_open and found.handler is None else None
    if found.handler and found.handler not in people:
        people = [found.handler, *people]
    failed = message_form.data.get("thread") if message_form else None
    context: dict[str, Any] = {
        "case": found,
        "kind": kind,
        "summary_template": kind.summary_template if is_on else "",
        "room_is_off": not is_on,
        "acts": kind.acts(found, actor) if kind.acts and is_on else (),
        "assign_form": AssignForm(people=people, initial={"handler": str(found.handler_id or "")}),
        "threads": [
            (thread, message_form if failed == thread.value else _empty_form(request, found, thread))
            for thread in (Thread.PUBLIC, Thread.INTERNAL)
            if kind.has_public_thread or thread is Thread.INTERNAL
        ],
        "templates": templates_on_offer(actor, Purpose.MESSAGE, found.department_id) if kind.has_public_thread else (),
        "proposal": proposal,
        "follows": follows(actor, found),
        "labels": labels_of([found]).get(found.id, ()),
        "offered_labels": labels_on_offer(actor, found.department_id),
        "pinned": pinned_notes(found),
        "inquiries": inquiries_of(found),
        "may_ask": found.is_open and kind.has_public_thread,
        "own_url": kind.staff_url(found) if kind.staff_url and is_on else "",
    }
    if kind.summary_context is not None and is_on:
        context |= kind.summary_context(found)
    return render(request, "cases/case.html", context, status=status)


def _empty_form(request: Request, found: Case, thread: Thread) -> MessageForm:
    """A form to write into a thread; the public one begins with the text that the address names."""
    initial = {}
    if thread is Thread.PUBLIC and (wanted := _uuid(request.GET.get("template", ""))):
        template = MessageTemplate.objects.filter(id=wanted, retired_at__isnull=True).first()
        initial = {"body": text_for(template, found)} if template else {}
    return MessageForm(auto_id=f"{thread.value}_%s", initial=initial)


def _plan(request: Request, act: str, chosen: list[UUID], back: str) -> HttpResponse:
    if not hooks.knows_batch_act(act):
        raise Http404
    try:
        made = plan_batch(actor=request.actor, act=act, case_ids=chosen, back=back)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    return redirect("cases-staff:batch-page", made.id)


def _assign(request: Request, case_ids: list[UUID], *, back: str) -> HttpResponse:
    wanted = _uuid(request.POST.get("handler", ""))
    handler = Person.objects.filter(id=wanted).first() if wanted else None
    if request.POST.get("handler") and handler is None:
        messages.error(request, "担当を選び直してください。")
        return redirect(back)
    try:
        done = assign_cases(actor=request.actor, case_ids=case_ids, handler=handler)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    request.session[_UNDO] = [[str(r.case_id), str(r.before or ""), str(r.after or "")] for r in done]
    words = f"{len(done)}件の担当を{handler.name if handler else '（担当なし）'}にしました。"
    confirm_with_undo(request, words, reverse("cases-staff:undo"))
    return redirect(back)


def _export(request: Request, kind: str, wanted: InboxFilter, chosen: list[UUID] | tuple[()]) -> HttpResponse:
    actor = request.actor
    if kind not in {"xlsx", "csv"}:
        raise Http404
    cases = export_cases(actor=actor, wanted=wanted, case_ids=chosen)
    return spreadsheet_response(kind=kind, name="案件一覧", headers=_HEADERS, rows=[_row(each) for each in cases])


def _row(each: Case) -> tuple[Any, ...]:
    return (
        each.number,
        hooks.kind_label(each.kind),
        each.subject,
        each.requester_name,
        each.state_label,
        each.department.name,
        each.handler.name if each.handler else "",
        format_wareki(each.due_on) if each.due_on else "",
        each.waiting_on,
        each.opened_at,
        each.closed_at,
    )


def _back(request: Request) -> str:
    target = request.POST.get("next", "") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return target
    return reverse("cases-staff:inbox")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ids(texts: list[str]) -> list[UUID]:
    return [found for found in (_uuid(text) for text in texts) if found is not None]
