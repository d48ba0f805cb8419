"""Business manuals: the list with what is still to be written, one manual, its revisions and what changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.forms.manuals import ManualForm, NotNeededForm, RetireManualForm, ReviseManualForm
from kakehashi.desk.hooks.offers import MANUAL_FILE
from kakehashi.desk.models import BusinessManual, Consultation, ManualDuty
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import get_consultation
from kakehashi.desk.selectors.manuals import compare, get_manual, manual_list, open_duties, revisions_of
from kakehashi.desk.views.outcome import attempt, do_and_return, words_of
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import NotFound, beside
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on

_HEADERS = ("業務", "題名", "所管の課", "版", "変わった日", "手順")


@staff(DeskPermission.MANUAL_READ)
@require_safe
def manuals(request: Request) -> HttpResponse:
    """Show what still has to be written first, then the manuals, found by a word or a section."""
    query, department = words_of(request), _uuid(request.GET.get("department", ""))
    rows = manual_list(request.actor, query=query, department=department)
    if kind := request.GET.get("format"):
        lines = [
            (r.task, r.title, r.department.name if r.department else "", r.revision, r.changed_at, r.body)
            for r in rows.order_by("task")[:5000]
        ]
        return spreadsheet_response(kind=kind, name="業務マニュアル", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-changed_at", "-id"), cursor=request.GET.get("cursor"), size=30),
        "duties": open_duties()[:50],
        "query": query,
        "departments": departments_on(clock.today()),
        "department": department,
        "can_write": request.actor.can(DeskPermission.MANUAL_WRITE, request.government.id),
    }
    return render(request, "desk/manuals.html", context)


@staff(DeskPermission.MANUAL_WRITE)
def new_manual(request: Request) -> HttpResponse:
    """Write a manual; `?consultation=` names the solved one it comes from."""
    origin = _origin(request)
    initial = {"task": origin.task, "title": f"{origin.task}の手引", "department": origin.department_id, "body": origin.what_was_done} if origin else {}  # fmt: skip
    departments = [(str(row.id), row.name) for row in departments_on(clock.today())]
    form = ManualForm(request.POST or None, request.FILES or None, departments=departments, initial=initial)
    made: list[BusinessManual] = []

    def act() -> None:
        values = dict(form.cleaned_data)
        chosen, file = values.pop("department"), _stored(request, values.pop("file"))
        department = Department.objects.filter(id=chosen).first() if chosen else None
        made.append(
            services.write_manual(actor=request.actor, department=department, consultation=origin, file=file, **values)
        )

    if request.method == "POST" and attempt(request, form, act, "マニュアルを作りました。"):
        return redirect("desk-staff:manual", made[0].id)
    context = {"form": form, "origin": origin}
    return render(request, "desk/manual_edit.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.MANUAL_READ)
@require_safe
def manual(request: Request, manual_id: UUID) -> HttpResponse:
    """Show the newest revision, or `?revision=`, with what changed from the one before."""
    return _page(request, _manual_or_404(manual_id))


def _page(
    request: Request, found: BusinessManual, *, form: RetireManualForm | None = None, status: int = 200
) -> HttpResponse:
    revisions = list(revisions_of(found)[:200])
    wanted = request.GET.get("revision", "")
    shown = next((row for row in revisions if str(row.number) == wanted), revisions[0])
    before = next((row for row in revisions if row.number == shown.number - 1), None)
    context = {
        "manual": found,
        "shown": shown,
        "revisions": revisions,
        "lines": list(compare(before.body, shown.body)) if before else [],
        "can_write": found.retired_at is None and request.actor.can(DeskPermission.MANUAL_WRITE, request.government.id),
        "form": form or RetireManualForm(),
        "failed": form is not None,
    }
    return render(request, "desk/manual.html", context, status=status)


@staff(DeskPermission.MANUAL_WRITE)
def revise(request: Request, manual_id: UUID) -> HttpResponse:
    """Write the next revision; `?consultation=` names the solved one that changed the work."""
    found, origin = _manual_or_404(manual_id), _origin(request)
    initial = {"body": found.body, "expected": found.revision, "why": f"「{origin.task}」の相談で、進め方が変わった"[:300] if origin else ""}  # fmt: skip
    form = ReviseManualForm(request.POST or None, request.FILES or None, initial=initial)

    def act() -> None:
        values = dict(form.cleaned_data)
        file = _stored(request, values.pop("file"))
        services.revise_manual(actor=request.actor, manual=found, consultation=origin, file=file, **values)

    if request.method == "POST" and attempt(request, form, act, "新しい版にしました。"):
        return redirect("desk-staff:manual", found.id)
    context = {"form": form, "origin": origin, "manual": found}
    return render(request, "desk/manual_edit.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.MANUAL_WRITE)
@require_POST
def retire(request: Request, manual_id: UUID) -> HttpResponse:
    """Take a manual out of use."""
    found, form = _manual_or_404(manual_id), RetireManualForm(request.POST)
    act = lambda: services.retire_manual(actor=request.actor, manual=found, **form.cleaned_data)  # noqa: E731 - one act
    if attempt(request, form, act, "使わないことにしました。これまでの版は読めます。"):
        return redirect("desk-staff:manual", found.id)
    return _page(request, found, form=form, status=422)


@staff(DeskPermission.MANUAL_WRITE)
@require_POST
def not_needed(request: Request, duty_id: UUID) -> HttpResponse:
    """Say that no manual has to change, and why."""
    duty = get_object_or_404(ManualDuty.objects.select_related("consultation"), id=duty_id)
    form = NotNeededForm(request.POST)
    form.full_clean()
    reason = form.cleaned_data.get("reason", "")
    return do_and_return(
        request, lambda: services.settle_duty(actor=request.actor, duty=duty, reason=reason),
        "直さないことと、その理由を残しました。", "desk-staff:consultation", duty.consultation_id,
    )  # fmt: skip


def _stored(request: Request, upload: UploadedFile[bytes] | None) -> StoredFile | None:
    """Keep what was handed in with a manual. Raises DomainError for what is no office file."""
    if upload is None:
        return None
    with beside("file"):
        kept: StoredFile = store_file(actor=request.actor, name=upload.name or "", content=upload, purpose=MANUAL_FILE)  # type: ignore[arg-type]
    return kept


def _origin(request: Request) -> Consultation | None:
    """The consultation named in the address. Raises Http404 for one that cannot be seen."""
    text = request.GET.get("consultation", "")
    if not text:
        return None
    consultation_id = _uuid(text)
    try:
        if consultation_id is None:
            raise NotFound
        return get_consultation(request.actor, consultation_id)
    except NotFound:
        raise Http404 from None


def _manual_or_404(manual_id: UUID) -> BusinessManual:
    try:
        return get_manual(manual_id)
    except NotFound:
        raise Http404 from None


def _uuid(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        return None
