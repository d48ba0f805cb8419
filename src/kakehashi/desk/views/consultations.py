"""The desk's list, the five questions, and one consultation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk.domain.likeness import sections
from kakehashi.desk.domain.states import ConsultationState, may_move
from kakehashi.desk.forms import (
    GROUPS,
    ConsultationForm,
    CycleForm,
    DeclineForm,
    PurposeForm,
    SupporterForm,
    WaitForm,
)
from kakehashi.desk.forms.consultations import WISHES
from kakehashi.desk.forms.work import TriageForm
from kakehashi.desk.hooks import promotions
from kakehashi.desk.models import Consultation, CrossIssue, IssueMember
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import (
    consultation_list as consultation_rows,
)
from kakehashi.desk.selectors import desk_department, draft_of, find_similar, supporter_suggestions
from kakehashi.desk.selectors.consultations import TABS
from kakehashi.desk.selectors.intake import files_of, origin_of, waiting_mails
from kakehashi.desk.selectors.issues import alike
from kakehashi.desk.selectors.joining import promoted_of
from kakehashi.desk.selectors.work import escalations_to, tasks_of
from kakehashi.desk.services import attach_files, file_consultation, place_desk, save_draft
from kakehashi.desk.views.access import consultation_or_404, show_error
from kakehashi.desk.views.intake import groups_of, wishes_of
from kakehashi.desk.views.work_page import work_context
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, beside
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.kept_files import let_go
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on

S = ConsultationState
_HEADERS = (
    "案件番号",
    "業務",
    "困りごと",
    "目的",
    "目指す状態",
    "状態",
    "課",
    "支援担当",
    "年間の件数",
    "年間の時間",
    "相談した日",
    "解決した日",
)
_MOST_ROWS = 10_000


@staff(DeskPermission.READ)
@require_safe
def consultation_list(request: Request) -> HttpResponse:
    """Show the consultations by tab; `?mine=1` one's own, `?q=` a part of the text, `?format=` writes them out."""
    tab, can = request.GET.get("tab", "open"), request.actor.can(DeskPermission.SUPPORT, request.government.id)
    tab = tab if tab in TABS else "open"
    mine, query = request.GET.get("mine") == "1", request.GET.get("q", "").replace("\x00", "")[:100]
    rows = consultation_rows(request.actor, tab=tab, mine=mine, query=query)
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name="業務DX相談", headers=_HEADERS, rows=[_line(row) for row in rows.order_by("-created_at", "-id")[:_MOST_ROWS]]
        )  # fmt: skip
    return render(
        request,
        "desk/consultation_list.html",
        {
            "page": keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor")),
            "tabs": [(name, label) for name, (label, _) in TABS.items()],
            "tab": tab,
            "mine": mine,
            "query": query,
            "draft": draft_of(request.actor),
            "desk": desk_department(None),
            "departments": departments_on(clock.today()),
            "waiting_mails": waiting_mails() if can else 0,
            "asked_of_me": escalations_to(request.actor),
            "my_tasks": tasks_of(request.actor),
            "can_support": can,
        },
    )


def _line(row: Consultation) -> tuple[Any, ...]:
    return (
        row.case.number if row.case else "", row.task, row.problem, row.purpose, row.desired_state, row.state_label,
        row.department.name if row.department else "", row.supporter.name if row.supporter else "",
        row.cases_a_year, row.hours_a_year, row.filed_at, row.resolved_at,
    )  # fmt: skip


@staff(DeskPermission.FILE)
def new(request: Request) -> HttpResponse:
    """Ask the five questions. The draft is kept at every press of a button, and similar cases stand beside."""
    if request.method == "POST":
        return _answer(request)
    draft = draft_of(request.actor) if request.GET.get("draft") else None
    initial = {"consultation_id": draft.id, **_answers_of(draft)} if draft else {"consultation_id": uuid7()}
    return _questions(request, ConsultationForm(initial=initial), draft=draft)


def _answer(request: Request) -> HttpResponse:
    form = ConsultationForm(request.POST, request.FILES)
    form.full_clean()
    consultation_id = form.cleaned_data.get("consultation_id") or uuid7()
    answers = _answers_in(form)
    act = request.POST.get("act", "file")
    try:
        _keep_papers(request, form, consultation_id, answers)
        if act == "file" and form.is_valid():
            consultation = file_consultation(actor=request.actor, consultation_id=consultation_id, answers=answers)
            messages.success(request, "相談を受け付けました。窓口から連絡します。")
            return redirect("desk-staff:consultation", consultation.id)
        consultation = save_draft(actor=request.actor, consultation_id=consultation_id, answers=answers)
    except NotFound:
        return redirect("desk-staff:new")
    except DomainError as error:
        show_error(form, error)
    else:
        if consultation.status is not S.DRAFT:
            return redirect("desk-staff:consultation", consultation.id)
    if act == "draft":
        messages.success(request, "下書きを残しました。続きはいつでも書けます。")
        return redirect("desk-staff:index")
    if act == "similar":
        # Looking for cases is no filing: what is still empty is not called a mistake.
        shown = ConsultationForm(initial={**request.POST.dict(), "consultation_id": consultation_id})
        return _questions(request, shown, hits=_hits(request, request.POST.dict()))
    laid = Consultation.objects.filter(id=consultation_id, asked_by_id=request.actor.id).first()
    return _questions(request, form, laid=laid, status=422)


def _questions(
    request: Request,
    form: ConsultationForm,
    *,
    draft: Consultation | None = None,
    laid: Consultation | None = None,
    hits: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `laid` is the draft to which files were laid with this very press."""
    if hits is None and draft is not None:
        hits = _hits(request, _answers_of(draft))
    with_files = draft or laid
    context = {
        "form": form,
        "groups": groups_of(form),
        "wishes": wishes_of(form),
        "files": files_of(with_files) if with_files is not None else [],
        "hits": hits,
        "shows_solutions": _has_purpose(form),
        "elsewhere": _elsewhere(request, {name: form[name].value() for name in ("task", "problem", "purpose")})
        if hits is not None
        else None,
        "draft": draft_of(request.actor) if draft is None else None,
    }
    return render(request, "desk/new.html", context, status=status)


@staff(DeskPermission.FILE)
@require_POST
def similar(request: Request) -> HttpResponse:
    """Find solved cases like what has been typed so far, as a fragment; the draft is kept on the way."""
    form = ConsultationForm(request.POST)
    form.full_clean()
    if consultation_id := form.cleaned_data.get("consultation_id"):
        answers = _answers_in(form)
        try:
            save_draft(actor=request.actor, consultation_id=consultation_id, answers=answers)
        except NotFound:
            pass
    typed = request.POST.dict()
    context = {
        "hits": _hits(request, typed),
        "shows_solutions": _has_purpose(form),
        "elsewhere": _elsewhere(request, typed),
    }
    return render(request, "desk/_similar.html", context)


def _hits(request: Request, answers: dict[str, Any]) -> list[Any]:
    def typed(name: str) -> str:
        return str(answers.get(name) or "").replace("\x00", " ")[:2000]

    return find_similar(
        request.actor,
        task=typed("task"),
        problem=typed("problem"),
        purpose=typed("purpose"),
        desired_state=typed("desired_state"),
        system=typed("system"),
        rule=typed("rule"),
    )


def _elsewhere(request: Request, answers: dict[str, Any]) -> dict[str, Any] | None:
    """The same trouble in other sections just now, and the issue it may already be."""
    task, problem, purpose = (
        str(answers.get(name) or "").replace("\x00", " ") for name in ("task", "problem", "purpose")
    )
    found = alike(request.actor, task=task, problem=problem, purpose=purpose)
    if not found:
        return None
    rows = [row for row, _ in found]
    issues = {member.issue_id: member.issue for member in IssueMember.objects.filter(
        consultation__in=rows, issue__state=CrossIssue.State.OPEN).select_related("issue")}  # fmt: skip
    return {
        "count": len(rows),
        "sections": sections(row.department_id for row in rows),
        "issues": list(issues.values()),
    }


def _answers_in(form: ConsultationForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in {"consultation_id", "papers"}}


def _keep_papers(request: Request, form: ConsultationForm, consultation_id: UUID, answers: dict[str, Any]) -> None:
    """Files are laid to the draft at once: a mistake elsewhere on the page must not lose them."""
    if papers := form.cleaned_data.get("papers"):
        draft = save_draft(actor=request.actor, consultation_id=consultation_id, answers=answers)
        with beside("papers"):
            attach_files(actor=request.actor, consultation=draft, files=[(f.name, f.read()) for f in papers])
        let_go(request)


def _has_purpose(form: ConsultationForm) -> bool:
    """How others solved it is shown only to who has said what the task is for and how it should be."""
    return all(str(form[name].value() or "").strip() for name in ("purpose", "desired_state"))


def _answers_of(draft: Consultation) -> dict[str, Any]:
    wishes = origin_of(draft)
    answers = {name: getattr(draft, name) for _, names in GROUPS for name in names}
    return answers | {name: getattr(wishes, name) for name in WISHES if name != "papers" and wishes is not None}


@staff(DeskPermission.SUPPORT)
@require_POST
def place(request: Request) -> HttpResponse:
    """Name the section that runs the desk."""
    try:
        department = Department.objects.filter(id=UUID(request.POST.get("department", ""))).first()
    except ValueError:
        department = None
    if department is None:
        messages.error(request, "相談窓口を置く課を選んでください。")
    else:
        place_desk(actor=request.actor, department=department)
        messages.success(request, f"相談窓口を{department.name}に置きました。")
    return redirect("desk-staff:index")


@staff(DeskPermission.READ)
@require_safe
def consultation(request: Request, consultation_id: UUID) -> HttpResponse:
    """Show one consultation with everything that may be done next."""
    found = consultation_or_404(request, consultation_id)
    if found.status is S.DRAFT:
        return _questions(
            request, ConsultationForm(initial={"consultation_id": found.id, **_answers_of(found)}), draft=found
        )
    return consultation_page(request, found)


def consultation_page(
    request: Request,
    found: Consultation,
    *,
    failed: str = "",
    form: django_forms.BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a consultation; `failed` names the act whose `form` comes back with errors."""
    can = request.actor.can(DeskPermission.SUPPORT, request.government.id)
    origin = origin_of(found)
    adoption_steps = list(found.steps.all()) if found.adopted_case_id else []
    context: dict[str, Any] = {
        "consultation": found,
        "case": found.case,
        "origin": origin,
        "files": files_of(found),
        "cycles": list(found.cycles.order_by("number")),
        "adoption_steps": adoption_steps,
        "solved_case": found.solved_cases.first(),
        "acts": _acts(found, failed, form) if can else [],
        "triage_form": (form if failed == "triage" and form else TriageForm(auto_id="triage_%s"))
        if can and may_move(found.status, S.TRIAGED)
        else None,
        "may_resolve": can and found.has_purpose and may_move(found.status, S.RESOLVED),
        "may_withdraw": found.asked_by_id == request.actor.id and may_move(found.status, S.WITHDRAWN),
        "may_write_case": request.actor.can(DeskPermission.CASE_WRITE, request.government.id)
        and found.state in {S.RESOLVED, S.DISCONTINUED_TASK},
        "promotions": _promotions(request, found) if can else [],
    }  # fmt: skip
    context |= work_context(request.actor, found, can=can, zone=origin.zone if origin else "", failed=failed, form=form)
    return render(request, "desk/consultation.html", context, status=status)


def _promotions(request: Request, found: Consultation) -> list[dict[str, Any]]:
    """What the consultation can still become: one of each kind, in rooms that are on, for who may."""
    if not found.has_purpose or found.status in {S.DRAFT, S.RECEIVED, S.MERGED}:
        return []
    made = {each.kind for each in promoted_of(found)}
    offered = []
    for kind, promotion in promotions():
        if kind in made or kind.partition(".")[0] not in request.rooms:
            continue
        if not request.actor.can(promotion.permission, request.government.id):
            continue
        choices = promotion.choices(request.actor, found) if promotion.choices else None
        if choices is None or choices:
            offered.append({"kind": kind, "promotion": promotion, "choices": choices})
    return offered


def _acts(found: Consultation, failed: str, bound: django_forms.BaseForm | None) -> list[dict[str, Any]]:
    """Return the forms of what may be done now: (act, heading, verb, form, whether it is the main one)."""
    possible: list[tuple[str, str, str, S, Any]] = [
        ("purpose", "目的と目指す状態を確かめる", "目的を確認した", S.PURPOSE_CONFIRMED, lambda: PurposeForm(
            auto_id="purpose_%s", initial={"purpose": found.purpose, "desired_state": found.desired_state})),
        ("assign", "支援担当を決める", "支援担当に決める", S.ASSIGNED, lambda: SupporterForm(
            auto_id="assign_%s", suggestions=supporter_suggestions(found))),
        ("cycle", "OODAを一行で残す", "一行残す", S.IN_CYCLE, lambda: CycleForm(auto_id="cycle_%s")),
        ("wait", "返事を待つ", "待つことにする", S.WAITING_MANAGER, lambda: WaitForm(auto_id="wait_%s")),
        ("decline", "対応しない", "対応しないと伝える", S.DECLINED, lambda: DeclineForm(auto_id="decline_%s")),
    ]  # fmt: skip
    found_acts = []
    for name, heading, verb, target, make in possible:
        if name in {"assign", "cycle", "wait"} and not found.has_purpose:
            continue
        if name == "assign" and found.status not in {S.PURPOSE_CONFIRMED, S.CAUSE_ANALYSED, S.ASSIGNED}:
            continue
        if may_move(found.status, target):
            form = bound if name == failed and bound is not None else make()
            found_acts.append({"name": name, "heading": heading, "verb": verb, "form": form, "is_open": name == failed})
    if found_acts and not failed:
        found_acts[0]["is_open"] = True
    return found_acts
