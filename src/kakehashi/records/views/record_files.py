"""Acts on a record file beside holds and extensions: made, described, its event, its start, its section, documents by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.records import selectors, services
from kakehashi.records.domain.retention import Anchor, PeriodKind
from kakehashi.records.forms import (
    DescriptionForm,
    EventForm,
    LeaveForm,
    MoveForm,
    NewDocumentForm,
    NewFileForm,
    ReassignForm,
    StartForm,
)
from kakehashi.records.models import Disposition, Document, FileState, Medium, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services import Description
from kakehashi.records.views.inputs import key_of


@staff(RecordsPermission.FILE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """簿冊を作る."""
    own = getattr(request.actor, "department_id", None)
    form = NewFileForm(
        request.POST if request.method == "POST" else None,
        initial={"department": own, "fiscal_year": fiscal_year(clock.today())},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_record_file(
                actor=request.actor, idempotency_key=key_of(request), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "簿冊を作りました。")
            return redirect("records-staff:file", made.id)
    context = {"form": form, "title": "簿冊を作る", "verb": "簿冊を作る", "record_file": None}
    return render(request, "records/file_form.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.FILE)
@reads_personal_data("文書の管理")
@require_http_methods(["GET", "POST"])
def add(request: Request, file_id: UUID) -> HttpResponse:
    """文書を加える."""
    record_file = _file(file_id)
    form = NewDocumentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        place = values.pop("place")
        try:
            made = services.add_document(
                actor=request.actor, record_file=record_file, idempotency_key=key_of(request), **values
            )
            if place:
                services.register_paper(actor=request.actor, document=made, place=place)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "文書を加えました。")
            return redirect("records-staff:document", made.id)
    context = {"form": form, "title": "文書を加える", "verb": "文書を加える", "record_file": record_file}
    return render(request, "records/file_form.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.FILE)
@reads_personal_data("文書の管理")
@require_POST
def move(request: Request, document_id: UUID) -> HttpResponse:
    """別の冊に移す."""
    found = get_object_or_404(Document.objects.select_related("record_file"), id=document_id)
    if not selectors.may_read_document(request.actor, found):
        raise Http404
    form = MoveForm(request.POST, volumes=selectors.other_volumes(found.record_file))
    try:
        if not form.is_valid():
            raise DomainError("移す先の冊を選んでください。")
        moved = services.move_document(actor=request.actor, document=found, into=form.cleaned_data["into"])
        messages.success(request, f"「{moved.record_file.name}」に移しました。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("records-staff:document", found.id)


@staff(RecordsPermission.MANAGE)
@require_http_methods(["GET", "POST"])
def change(request: Request, file_id: UUID, what: str) -> HttpResponse:
    """One change of a record file, named by the address."""
    record_file = _file(file_id)
    title, form_class, initial, run = _CHANGES[what]
    form = form_class(request.POST if request.method == "POST" else None, initial=initial(record_file))
    if request.method == "POST" and form.is_valid():
        try:
            run(request, record_file, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "記録しました。")
            return redirect("records-staff:file", record_file.id)
    context = {"form": form, "title": title, "verb": "記録する", "record_file": record_file}
    return render(request, "records/file_form.html", context, status=422 if form.errors else 200)


def changes_of(record_file: RecordFile) -> list[tuple[str, str]]:
    """The changes a file offers: (address name, title)."""
    if record_file.state != FileState.KEPT:
        return []
    offered = ["describe", "reassign"]
    if record_file.anchor == Anchor.EVENT:
        offered.append("event")
    if record_file.period_kind == PeriodKind.IN_CONTINUOUS_USE:
        offered.append("leave")
    if record_file.period_kind == PeriodKind.YEARS and record_file.anchor_on is not None:
        offered.append("start")
    return [(f"records-staff:file-{what}", _CHANGES[what][0]) for what in offered]


def _file(file_id: UUID) -> RecordFile:
    return get_object_or_404(RecordFile.objects.select_related("record_class", "department"), id=file_id)


def _describe(request: Request, record_file: RecordFile, values: dict[str, Any]) -> None:
    description = Description(
        name=values["name"],
        public_name=values["public_name"],
        place=values["place"],
        medium=Medium(values["medium"]),
        disposition=Disposition(values["disposition"]),
    )
    services.describe_file(actor=request.actor, record_file=record_file, description=description)


def _event(request: Request, record_file: RecordFile, values: dict[str, Any]) -> None:
    services.record_event_date(actor=request.actor, record_file=record_file, **values)


def _leave(request: Request, record_file: RecordFile, values: dict[str, Any]) -> None:
    services.leave_continuous_use(actor=request.actor, record_file=record_file, **values)


def _start(request: Request, record_file: RecordFile, values: dict[str, Any]) -> None:
    services.choose_start(actor=request.actor, record_file=record_file, **values)


def _reassign(request: Request, record_file: RecordFile, values: dict[str, Any]) -> None:
    services.reassign_file(actor=request.actor, record_file=record_file, **values)


def _described(record_file: RecordFile) -> dict[str, Any]:
    names = ("name", "public_name", "place", "medium", "disposition")
    return {name: getattr(record_file, name) for name in names}


Change = tuple[
    str,
    type[forms.Form],
    Callable[[RecordFile], dict[str, Any]],
    Callable[[Request, RecordFile, dict[str, Any]], None],
]
_CHANGES: dict[str, Change] = {
    "describe": ("名称・場所・措置を直す", DescriptionForm, _described, _describe),
    "event": ("事由が生じた日を記録する", EventForm, lambda file: {"happened_on": file.anchor_on}, _event),
    "leave": ("常用を終える", LeaveForm, lambda _: {"left_on": clock.today()}, _leave),
    "start": ("起算日を選ぶ", StartForm, lambda file: {"start_on": file.chosen_start_on}, _start),
    "reassign": ("所管を替える", ReassignForm, lambda file: {"department": file.department_id}, _reassign),
}
