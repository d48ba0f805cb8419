"""Our own solved cases: list, one case, writing, the two checks, publication."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.masking import undecided
from kakehashi.desk.forms import PublishForm, ReasonForm, SolvedCaseForm
from kakehashi.desk.models import PublishedCase, SolvedCase, SolvedCaseState
from kakehashi.desk.models.solved_cases import COPIED_FIELDS
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import findings_of, reuse_of, reuses_of_ours, solved_cases_for
from kakehashi.desk.selectors.solved_cases import SEARCH_KIND, is_of_section
from kakehashi.desk.views.access import show_error, solved_case_or_404
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.search.selectors import search_shared, search_texts

State = SolvedCaseState
_HEADERS = (
    "題名",
    "目的",
    "原因",
    "したこと",
    "うまくいかなかったこと",
    "前提",
    "前（分/件）",
    "前（件/年）",
    "後（分/件）",
    "後（件/年）",
    "生み出した時間（年）",
    "範囲",
    "状態",
    "公開した日",
)


@staff(DeskPermission.CASE_READ)
@require_safe
def case_list(request: Request) -> HttpResponse:
    """Show our solved cases, or find among ours and others' by `?q=`."""
    query = request.GET.get("q", "").replace("\x00", "")[:300]
    state = request.GET.get("state", "")
    rows = solved_cases_for(request.actor)
    if state in State.values:
        rows = rows.filter(state=state)
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name="解決事例", headers=_HEADERS, rows=[_line(r) for r in rows.order_by("-created_at")[:5000]]
        )
    context: dict[str, Any] = {"query": query, "state": state, "states": State.choices, "reuses": reuses_of_ours()[:10]}
    if query:
        context["hits"] = search_texts(actor=request.actor, query=query, kinds=[SEARCH_KIND], limit=30)
        context["shared_hits"] = search_shared(query=query, kinds=[SEARCH_KIND], limit=20)
    else:
        context["page"] = keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor"), size=30)
    return render(request, "desk/case_list.html", context)


def _line(row: SolvedCase) -> tuple[Any, ...]:
    return (
        row.title, row.purpose, row.cause, row.what_was_done, row.what_failed, row.conditions, row.before_minutes,
        row.before_cases, row.after_minutes, row.after_cases, row.effect.hours_released if row.effect else None,
        row.get_scope_display(), row.get_state_display(), row.published_at,
    )  # fmt: skip


@staff(DeskPermission.CASE_READ)
@require_safe
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Show one of our solved cases and what may be done with it."""
    return case_page(request, solved_case_or_404(request, case_id))


def case_page(
    request: Request,
    found: SolvedCase,
    *,
    publish_form: PublishForm | None = None,
    retire_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a solved case, with a form that comes back when it was refused."""

    def can(permission: str) -> bool:
        return request.actor.can(permission, request.government.id)

    is_out = found.state != State.PUBLISHED and PublishedCase.objects.filter(id=found.id).exists()
    is_masking = found.state == State.MASKING_CHECK and can(DeskPermission.CASE_PUBLISH)
    findings = findings_of(found) if is_masking else []
    context = {
        "case": found,
        "effect": found.effect,
        "may_edit": found.state not in {State.PUBLISHED, State.RETIRED} and can(DeskPermission.CASE_WRITE),
        "may_submit": found.state == State.DRAFT and can(DeskPermission.CASE_WRITE),
        "may_check": found.state == State.DEPT_CHECK
        and can(DeskPermission.CASE_CHECK)
        and is_of_section(request.actor, found),
        "is_masking": is_masking,
        "undecided": undecided(findings, dict.fromkeys(found.kept, "keep")),
        "publish_form": publish_form or PublishForm(initial={"scope": found.scope}),
        "is_out": is_out,
        "may_retire": (found.state == State.PUBLISHED or is_out) and can(DeskPermission.CASE_PUBLISH),
        "retire_form": retire_form or ReasonForm(),
        "may_revise": found.state == State.PUBLISHED and can(DeskPermission.CASE_WRITE),
        "reuses": reuse_of(found.id) if found.revision else [],
        "returned": found.returned.order_by("-reported_on"),
        "revisions": found.revisions.order_by("-number"),
    }
    return render(request, "desk/case.html", context, status=status)


@staff(DeskPermission.CASE_WRITE)
def edit(request: Request, case_id: UUID) -> HttpResponse:
    """Write a solved case."""
    found = solved_case_or_404(request, case_id)
    if found.state in {State.PUBLISHED, State.RETIRED}:
        messages.error(request, "公開した事例は直せません。取り下げてから直してください。")
        return redirect("desk-staff:case", found.id)
    form = SolvedCaseForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        fresh = solved_case_or_404(request, case_id)
        try:
            services.edit_solved_case(actor=request.actor, case=fresh, values=form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "事例を書き直しました。")
            return redirect("desk-staff:case", found.id)
    title = SolvedCase.objects.values_list("title", flat=True).get(id=found.id)
    return render(
        request,
        "desk/case_edit.html",
        {"case": found, "title": title, "form": form},
        status=422 if form.errors else 200,
    )


@staff(DeskPermission.CASE_WRITE)
@require_POST
def submit(request: Request, case_id: UUID) -> HttpResponse:
    """Ask the section to check."""
    found = solved_case_or_404(request, case_id)
    try:
        services.submit_solved_case(actor=request.actor, case=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:case-edit" if error.field else "desk-staff:case", found.id)
    messages.success(request, "課の確認を頼みました。")
    return redirect("desk-staff:case", found.id)


@staff(DeskPermission.CASE_CHECK)
@require_POST
def check(request: Request, case_id: UUID) -> HttpResponse:
    """Say for the section that it is true and may be shown."""
    found = solved_case_or_404(request, case_id)
    try:
        services.check_solved_case(actor=request.actor, case=found)
        messages.success(request, "課として確認しました。次は個人情報の確認です。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("desk-staff:case", found.id)


@staff(DeskPermission.CASE_PUBLISH)
def masking(request: Request, case_id: UUID) -> HttpResponse:
    """Show what could name a person, place by place, and mask or keep each."""
    found = solved_case_or_404(request, case_id)
    findings = list({finding.key: finding for finding in findings_of(found)}.values())
    error = ""
    if request.method == "POST":
        decisions = {f.key: request.POST.get(f.key, "") for f in findings}
        try:
            services.decide_findings(
                actor=request.actor,
                case=found,
                decisions=decisions,
                reason=request.POST.get("reason", "").replace("\x00", ""),
            )
        except DomainError as raised:
            error = raised.message
        else:
            messages.success(request, "個人情報の確認を記録しました。")
            return redirect("desk-staff:case", found.id)
    labels = {field.name: field.verbose_name for field in SolvedCase._meta.fields}
    rows = [
        {
            "finding": f,
            "field": labels[f.field],
            "before": getattr(found, f.field)[max(0, f.start - 20) : f.start],
            "after": getattr(found, f.field)[f.end : f.end + 20],
            "choice": request.POST.get(f.key) or ("keep" if f.key in found.kept else "mask"),
        }
        for f in findings
    ]
    return render(
        request, "desk/masking.html", {"case": found, "rows": rows, "error": error}, status=422 if error else 200
    )


@staff(DeskPermission.CASE_PUBLISH)
@require_POST
def publish(request: Request, case_id: UUID) -> HttpResponse:
    """Show the case to the chosen circle."""
    found = solved_case_or_404(request, case_id)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            services.publish_solved_case(
                actor=request.actor, case=found, scope=form.cleaned_data["scope"], note=form.cleaned_data["note"]
            )
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, f"{found.get_scope_display()}に公開しました。")
            return redirect("desk-staff:case", found.id)
    return case_page(request, found, publish_form=form, status=422)


@staff(DeskPermission.CASE_WRITE)
@require_POST
def revise(request: Request, case_id: UUID) -> HttpResponse:
    """Begin the next revision; what is out stays out."""
    found = solved_case_or_404(request, case_id)
    try:
        services.revise_solved_case(actor=request.actor, case=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:case", found.id)
    messages.success(request, "次の版を書き始めました。公開し直すまで、いまの版が見えています。")
    return redirect("desk-staff:case-edit", found.id)


@staff(DeskPermission.CASE_READ)
@require_safe
def revision(request: Request, case_id: UUID, number: int) -> HttpResponse:
    """Show one revision exactly as it was published."""
    found = solved_case_or_404(request, case_id)
    kept = get_object_or_404(found.revisions.all(), number=number)
    shown = SolvedCase(**{name: value for name, value in kept.values.items() if name in COPIED_FIELDS})
    shown.clean_fields(exclude=[field.name for field in SolvedCase._meta.fields if field.name not in COPIED_FIELDS])
    context = {"case": shown, "effect": shown.effect, "found": found, "kept": kept}
    return render(request, "desk/case_revision.html", context)


@staff(DeskPermission.CASE_PUBLISH)
@require_POST
def retire(request: Request, case_id: UUID) -> HttpResponse:
    """Take a published case back, copies included."""
    found = solved_case_or_404(request, case_id)
    form: django_forms.Form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.retire_solved_case(actor=request.actor, case=found, reason=form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "事例を取り下げました。ほかの団体からも見えなくなりました。")
        return redirect("desk-staff:case", found.id)
    return case_page(request, found, retire_form=ReasonForm(request.POST), status=422)
