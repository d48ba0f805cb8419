"""Acts on a version of the rules: as a workbook out and in, compare, put in force, call off, and ask it who decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.approvals import selectors, services
from kakehashi.approvals.domain.packs.answers import Answer, answer
from kakehashi.approvals.domain.packs.changes import changes
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.sheets import to_sheets
from kakehashi.approvals.domain.routes import Bar
from kakehashi.approvals.forms import EnforceForm, SimulateForm, WorkbookForm
from kakehashi.approvals.models import RulePack
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.packs import names_of
from kakehashi.approvals.views.rule_packs import PREFIX, as_uuid, get_pack, pack_context
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import workbook_response
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on

EMPTY = PackDocument({})
MAX_UPLOAD = 5 * 1024 * 1024


@staff(ApprovalsPermission.READ)
@require_safe
def workbook(request: Request, pack_id: UUID) -> HttpResponse:
    """The version as an Excel workbook, one sheet per table."""
    found = get_pack(pack_id)
    return workbook_response(
        name=f"規程パック_{found.label.replace('「', '').replace('」', '')}",
        sheets=to_sheets(selectors.document_of(found)),
    )


@staff(ApprovalsPermission.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def read_in(request: Request) -> HttpResponse:
    """A draft from a workbook; with one unreadable row nothing is made."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    wrong: tuple[object, ...] = ()
    if request.method == "POST" and form.is_valid():
        current = selectors.pack_on(clock.today())
        try:
            made = services.import_rule_pack(
                actor=request.actor,
                content=form.cleaned_data["file"].read(MAX_UPLOAD + 1),
                title=form.cleaned_data["title"],
                based_on=current,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            if made.draft is not None:
                messages.success(
                    request, "下書きとして読み込みました。施行中の規程は変わっていません。違いを確かめてください。"
                )
                return redirect(f"{PREFIX}rule-compare", made.draft.id)
            wrong = made.wrong
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "approvals/rules/import.html",
        {"form": form, "wrong": wrong[:200], "wrong_count": len(wrong)},
        status=status,
    )


@staff(ApprovalsPermission.READ)
@require_safe
def compare(request: Request, pack_id: UUID) -> HttpResponse:
    """A version against the one before it, or against `?with=`."""
    found = get_pack(pack_id)
    other = request.GET.get("with", "")
    before = get_object_or_404(RulePack, id=as_uuid(other)) if other else selectors.version_before(found)
    document = selectors.document_of(found)
    found_changes = changes(selectors.document_of(before) if before else EMPTY, document)
    context = pack_context(request, found, document) | {
        "before": before,
        "others": selectors.packs_newest_first().exclude(id=found.id)[:100],
        "changes": found_changes[:1000],
        "count": len(found_changes),
    }
    return render(request, "approvals/rules/compare.html", context)


@staff(ApprovalsPermission.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def enforce(request: Request, pack_id: UUID) -> HttpResponse:
    """制定: what changes, what the linter says, and from when."""
    found = get_pack(pack_id)
    if not found.is_draft:
        return redirect(f"{PREFIX}rule-pack", found.id)
    form = EnforceForm(request.POST or None, initial={"revision": found.revision, "valid_from": _next_april()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.put_in_force(
                actor=request.actor,
                pack=found,
                valid_from=values["valid_from"],
                edition=values["edition"],
                adopted_by=values["adopted_by"],
                expected_revision=values["revision"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{made.version.label}を制定しました。")
            return redirect(f"{PREFIX}rule-pack", found.id)
    document, before = selectors.document_of(found), selectors.version_before(found)
    context = pack_context(request, found, document) | {
        "form": form,
        "before": before,
        "changes": changes(selectors.document_of(before), document)[:50] if before else [],
    }
    return render(request, "approvals/rules/enforce.html", context, status=422 if request.method == "POST" else 200)


def _next_april() -> str:
    today = clock.today()
    return f"{today.year + (today.month >= 4)}-04-01"


@staff(ApprovalsPermission.MANAGE_RULES)
@require_POST
def call_off(request: Request, pack_id: UUID) -> HttpResponse:
    """Call a version off before its day."""
    try:
        services.call_off_rule_pack(actor=request.actor, pack=get_pack(pack_id), reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "施行を取りやめました。前の版がそのまま続きます。")
    return redirect(f"{PREFIX}rule-pack", pack_id)


@staff(ApprovalsPermission.READ)
@require_safe
def simulate(request: Request) -> HttpResponse:
    """だれが決裁し、どの条か: by the version of the day, or by a draft (`?pack=`)."""
    today = clock.today()
    chosen = request.GET.get("pack", "")
    found = get_pack(as_uuid(chosen)) if chosen else None
    shown = found or selectors.pack_on(today)
    known = selectors.document_of(shown) if shown else EMPTY
    departments = list(departments_on(today).select_related("parent").order_by("order", "code"))
    asked = "matter" in request.GET
    form = SimulateForm(
        request.GET if asked else None,
        initial={"on": today.isoformat()},
        matters=[(code, row["name"]) for code, row in known.matters.items()],
        departments=[(str(each.id), each.name) for each in departments],
    )
    context: dict[str, object] = {"form": form, "pack": found, "used": None, "answer": None}
    if asked and form.is_valid():
        used = found or selectors.pack_on(form.cleaned_data["on"])
        department = next(each for each in departments if str(each.id) == form.cleaned_data["department"])
        context |= {"used": used, "answer": _answer(form, used, department), "subject": form.cleaned_data["subject"]}
    return render(
        request, "approvals/rules/simulate.html", context, status=422 if asked and not form.is_valid() else 200
    )


def _answer(form: SimulateForm, used: RulePack | None, department: Department) -> Answer:
    if used is None:
        return Answer("この日に施行されている版がありません。")
    values = form.cleaned_data
    bars = [Bar(value) for value in values["bars"]]
    return answer(selectors.document_of(used), values["matter"], values["amount"], names_of(department), bars)
