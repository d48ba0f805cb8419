"""Pages of the catalogue of tools, and of what supporters can do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.forms.work import KnowForm, SkillForm, ToolForm
from kakehashi.desk.models import Tool
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.intake import possible_askers
from kakehashi.desk.selectors.trials import trials_of
from kakehashi.desk.selectors.work import skill_matrix, tools
from kakehashi.desk.views.access import show_error
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Person

_HEADERS = ("道具", "できること", "持っているか", "費用", "ネットワーク", "詳しい人", "注意すること", "やめた日")


def _can(request: Request) -> bool:
    return request.actor.can(DeskPermission.SUPPORT, request.government.id)


def _people(request: Request) -> list[Person]:
    """The desk writes of everybody, others of themselves."""
    return possible_askers() if _can(request) else list(Person.objects.filter(id=str(request.actor.id)))


def _tool_or_404(tool_id: UUID) -> Tool:
    found: Tool | None = Tool.objects.filter(id=tool_id).first()
    if found is None:
        raise Http404
    return found


@staff(DeskPermission.READ)
@require_safe
def tool_list(request: Request) -> HttpResponse:
    """The catalogue; `?format=` writes it out."""
    rows = list(tools()[:1_000])
    if kind := request.GET.get("format"):
        return spreadsheet_response(kind=kind, name="道具の一覧", headers=_HEADERS, rows=[_line(row) for row in rows])
    return render(request, "desk/tools.html", {"rows": rows, "can_support": _can(request)})


def _line(row: Tool) -> tuple[Any, ...]:
    knowers = "、".join(knower.person.name for knower in row.knowers.all())
    owned = "あり" if row.is_owned else "なし"
    return row.name, row.use, owned, row.cost, "、".join(row.zone_labels), knowers, row.note, row.retired_on


@staff(DeskPermission.SUPPORT)
def new_tool(request: Request) -> HttpResponse:
    """Write a tool into the catalogue."""
    return _write(request, None)


@staff(DeskPermission.READ)
def tool(request: Request, tool_id: UUID) -> HttpResponse:
    """One tool: read by everybody, changed by the desk."""
    found = _tool_or_404(tool_id)
    if request.method == "POST" and not _can(request):
        raise Http404
    return _write(request, found)


def _write(request: Request, found: Tool | None) -> HttpResponse:
    names = ("name", "use", "is_owned", "cost", "zones", "note")
    initial: dict[str, Any] = {"name": request.GET.get("name", "")[:100]}
    if found is not None:
        initial = {name: getattr(found, name) for name in names}
    form = ToolForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.write_tool(actor=request.actor, tool=found, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "道具を残しました。")
            return redirect("desk-staff:tool", kept.id)
    return _tool_page(request, found, form, KnowForm(auto_id="know_%s", people=_people(request)))


def _tool_page(request: Request, found: Tool | None, form: ToolForm, know_form: KnowForm) -> HttpResponse:
    context = {
        "tool": found, "form": form, "know_form": know_form, "can_support": _can(request),
        "can_try": request.actor.can(DeskPermission.TRIAL_RUN, request.government.id),
        "trials": list(trials_of(found)[:20]) if found is not None and request.actor.can(DeskPermission.TRIAL_READ, request.government.id) else [],
        "knowers": list(found.knowers.select_related("person").order_by("-level")) if found is not None else [],
    }  # fmt: skip
    return render(request, "desk/tool.html", context, status=422 if form.errors or know_form.errors else 200)


@staff(DeskPermission.READ)
@require_POST
def know(request: Request, tool_id: UUID) -> HttpResponse:
    """Say who knows a tool: everybody of themselves, the desk of all."""
    found = _tool_or_404(tool_id)
    form = KnowForm(request.POST, auto_id="know_%s", people=_people(request))
    if not form.is_valid():
        names = ("name", "use", "is_owned", "cost", "zones", "note")
        return _tool_page(request, found, ToolForm(initial={name: getattr(found, name) for name in names}), form)
    services.know_tool(actor=request.actor, tool=found, **form.cleaned_data)
    messages.success(request, "詳しい人を残しました。")
    return redirect("desk-staff:tool", found.id)


@staff(DeskPermission.SUPPORT)
@require_POST
def retire(request: Request, tool_id: UUID) -> HttpResponse:
    """Say that a tool is not used any more."""
    found = _tool_or_404(tool_id)
    services.retire_tool(actor=request.actor, tool=found)
    messages.success(request, f"「{found.name}」をやめた道具にしました。")
    return redirect("desk-staff:tools")


@staff(DeskPermission.READ)
def skills(request: Request) -> HttpResponse:
    """What supporters can do, by theme; everybody writes their own."""
    form = SkillForm(request.POST or None, people=_people(request))
    if request.method == "POST" and form.is_valid():
        services.set_skill(actor=request.actor, **form.cleaned_data)
        messages.success(request, "経験を残しました。")
        return redirect("desk-staff:skills")
    context = {"rows": skill_matrix(), "form": form}
    return render(request, "desk/skills.html", context, status=422 if form.errors else 200)
