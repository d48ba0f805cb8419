"""The API of the procedures room: another system pulls applications, says that it took them over, and returns the result."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse

from kakehashi.eforms.permissions import EformsPermission
from kakehashi.files.selectors import open_file, stored_file
from kakehashi.kernel.api import Schema, api
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_below
from kakehashi.procedures import services
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.sheet_columns import KEYS
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Batch, BatchSource, BatchState, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import attachments_of, described_answers, get_application
from kakehashi.procedures.selectors.batch_plan import plan_rows
from kakehashi.procedures.selectors.batch_row import PlannedRow, counts_of
from kakehashi.procedures.selectors.batches import batch_of_key, get_batch, rows_of
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.public import public_procedures
from kakehashi.procedures.selectors.sheet import cells_of

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_NUMBER = {"type": ["integer", "null"]}
ID = {"type": "string", "format": "uuid"}
DAY = {"type": "string", "format": "date"}
CURSOR = {"type": "string", "maxLength": 2000}


def _thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list_of(name: str, thing: dict[str, Any]) -> dict[str, Any]:
    return _thing(**{name: {"type": "array", "items": thing}, "next": MAYBE_TEXT})


PROCEDURE = _thing(
    id=ID, name=TEXT, kind=TEXT, department=MAYBE_TEXT, legal_basis=TEXT, standard_processing_days=MAYBE_NUMBER
)
APPLICATION = _thing(
    id=ID,
    receipt_number=TEXT,
    procedure=_thing(id=ID, name=TEXT),
    state=TEXT,
    state_label=TEXT,
    result=TEXT,
    channel=TEXT,
    arrived_at={"type": "string", "format": "date-time"},
    outside_number=TEXT,
)
WHOLE = {
    **APPLICATION,
    "properties": APPLICATION["properties"]
    | {
        "applicant_name": TEXT,
        "answers": {"type": "object"},
        "lines": {"type": "array", "items": _thing(step=TEXT, label=TEXT, text=TEXT)},
        "files": {"type": "array", "items": _thing(id=ID, name=TEXT, label=TEXT)},
    },
}
FILTERS: dict[str, Schema] = {
    "cursor": CURSOR,
    "state": {"type": "string", "enum": [state.value for state in State]},
    "procedure": ID,
    "arrived_from": DAY,
    "arrived_to": DAY,
}
DECISION = {
    "type": "object",
    "required": ["result", "number", "decided_on"],
    "additionalProperties": False,
    "properties": {
        "result": {"type": "string", "enum": [result.value for result in Result if result.value]},
        "number": {"type": "string", "minLength": 1, "maxLength": 100},
        "decided_on": DAY,
    },
}
MESSAGE = {
    "type": "object",
    "required": ["body", "idempotency_key"],
    "additionalProperties": False,
    "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 4000}, "idempotency_key": ID},
}


_CELL = {"type": ["string", "integer", "null"], "maxLength": 4000}
_ROW = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": dict.fromkeys(KEYS, _CELL)}
BATCH = {
    "type": "object",
    "required": ["rows", "dry_run", "idempotency_key"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200},
        "dry_run": {"type": "boolean"},
        "idempotency_key": ID,
        "rows": {"type": "array", "minItems": 1, "maxItems": 1000, "items": _ROW},
    },
}
_REPORT_ROW = _thing(
    line={"type": "integer"}, name=TEXT, state=TEXT, text=TEXT, procedure={"anyOf": [ID, {"type": "null"}]}
)
REPORT = _thing(
    id={"anyOf": [ID, {"type": "null"}]},
    state=TEXT,
    digest=TEXT,
    counts={"type": "object", "additionalProperties": {"type": "integer"}},
    rows={"type": "array", "items": _REPORT_ROW},
)
ENTRY = _thing(id=ID, stage=TEXT, cells={"type": "object"}, missing={"type": "array", "items": TEXT})
NOTHING = {"type": "object", "additionalProperties": False}


@api(summary="公開中の手続", answer=_list_of("procedures", PROCEDURE), query={"cursor": CURSOR})
def procedures(request: Request, query: dict[str, str]) -> HttpResponse:
    """Every procedure that residents may apply for now; open data, no key is asked for."""
    page = keyset_page(public_procedures().select_related("department"), ("id",), query.get("cursor"), 100)
    return JsonResponse({"procedures": [_procedure(row) for row in page.rows], "next": page.next_cursor})


@api(
    summary="申請の一覧（到達の新しい順）",
    answer=_list_of("applications", APPLICATION),
    permission=ProceduresPermission.READ_APPLICATIONS,
    query=FILTERS,
)
@reads_personal_data("ほかのシステムとの連携")
def applications(request: Request, query: dict[str, str]) -> HttpResponse:
    """Applications that the key may read, without what the applicants wrote."""
    rows = _readable(request).select_related("procedure").defer("answers")
    if "state" in query:
        rows = rows.filter(state=query["state"])
    if "procedure" in query:
        rows = rows.filter(procedure_id=query["procedure"])
    if "arrived_from" in query:
        rows = rows.filter(arrived_on__gte=query["arrived_from"])
    if "arrived_to" in query:
        rows = rows.filter(arrived_on__lte=query["arrived_to"])
    page = keyset_page(rows, ("-arrived_at", "-id"), query.get("cursor"), 100)
    return JsonResponse({"applications": [_application(row) for row in page.rows], "next": page.next_cursor})


@api(summary="申請の内容", answer=WHOLE, permission=ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("ほかのシステムとの連携")
def application(request: Request, application_id: UUID) -> HttpResponse:
    """One application with its answers, by key and as a person reads them, and its files."""
    return JsonResponse(_whole(_found(request, application_id)))


@api(
    summary="添付ファイル",
    answer={"type": "string", "format": "binary"},
    permission=ProceduresPermission.READ_APPLICATIONS,
    media_type="application/octet-stream",
)
@reads_personal_data("ほかのシステムとの連携")
def attachment(request: Request, application_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The content of a file among the answers, once it has been scanned."""
    found = _found(request, application_id)
    if str(file_id) not in {str(item["id"]) for item in attachments_of(found)}:
        raise NotFound
    stored = stored_file(file_id)
    if not stored.may_leave:
        raise DomainError("このファイルは検査中です。しばらくしてから、もう一度呼んでください。", code="not_scanned")
    try:
        content = open_file(stored)
    except FileNotFoundError as error:
        raise NotFound from error
    return FileResponse(content, as_attachment=True, filename=stored.name, content_type="application/octet-stream")


@api(
    summary="申請を受け付けたことを知らせる",
    answer=WHOLE,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body={"type": "object", "additionalProperties": False},
)
@reads_personal_data("ほかのシステムとの連携")
def acceptance(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """受付: the other system has taken the application over. Calling again changes nothing."""
    found = _found(request, application_id)
    if found.accepted_at is None:
        services.accept_application(actor=request.actor, application=found)
    return JsonResponse(_whole(_found(request, application_id)))


@api(
    summary="外部で決まった結果を返す",
    answer=WHOLE,
    permission=ProceduresPermission.PROPOSE_APPLICATIONS,
    method="POST",
    body=DECISION,
)
@reads_personal_data("ほかのシステムとの連携")
def decision(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """The decision made in the other system, with its number and day. The same again changes nothing."""
    found = _found(request, application_id)
    decided_on = dt.date.fromisoformat(body["decided_on"])
    if (found.result, found.outside_number, found.outside_decided_on) != (body["result"], body["number"], decided_on):
        services.record_outside_decision(
            actor=request.actor,
            application=found,
            result=Result(body["result"]),
            number=body["number"],
            decided_on=decided_on,
        )
    return JsonResponse(_whole(_found(request, application_id)))


@api(
    summary="申請者に連絡する",
    answer=WHOLE,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body=MESSAGE,
)
@reads_personal_data("ほかのシステムとの連携")
def message(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Write on the public thread; the applicant is told, once for one key."""
    found = _found(request, application_id)
    key = UUID(body["idempotency_key"])
    services.write_to_applicant(actor=request.actor, application=found, body=body["body"], idempotency_key=key)
    return JsonResponse(_whole(_found(request, application_id)))


@api(
    summary="手続台帳（台帳の表と同じ列）",
    answer=_list_of("entries", _thing(id=ID, stage=TEXT, cells={"type": "object"})),
    permission=ProceduresPermission.READ_INVENTORY,
    query={"cursor": CURSOR},
)
def inventory(request: Request, query: dict[str, str]) -> HttpResponse:
    """The procedures that the key may read, with the cells that a batch takes back unchanged."""
    rows = _entries(request).select_related("department", "exclusion_rule").prefetch_related("texts").defer("survey")
    page = keyset_page(rows, ("id",), query.get("cursor"), 100)
    found = [{"id": str(row.id), "stage": row.stage, "cells": _cells(row)} for row in page.rows]
    return JsonResponse({"entries": found, "next": page.next_cursor})


@api(
    summary="手続をまとめて載せる・変える・公開する・止める（試すこともできる）",
    answer=REPORT,
    permission=ProceduresPermission.EDIT_INVENTORY,
    method="POST",
    body=BATCH,
)
def batches(request: Request, body: dict[str, Any]) -> HttpResponse:
    """Many procedures at once. With `dry_run` nothing is written and the answer says what would happen to each row.

    A row is taken as a whole or not at all; 「公開」 goes through the gates, `form_from` makes a form for a procedure without one. The same idempotency key gives the same report.
    """
    rows = [{key: "" if cell is None else str(cell) for key, cell in row.items()} for row in body["rows"]]
    department = getattr(request.actor, "department_id", None)
    key = UUID(body["idempotency_key"])
    if (known := batch_of_key(key)) is not None:
        return JsonResponse(_report(_own_batch(request, known.id)))
    may_open = request.actor.can(ProceduresPermission.OPEN_PROCEDURE, request.government.id)
    may_edit_forms = request.actor.can(EformsPermission.EDIT, request.government.id)
    plan = plan_rows(
        list(enumerate(rows, 1)), may_open=may_open, may_edit_forms=may_edit_forms, department_id=department
    )
    if body["dry_run"] or not any(row.will_write for row in plan):
        return JsonResponse(_planned("dry_run" if body["dry_run"] else "nothing", plan))
    batch = services.make_batch(
        actor=request.actor, name=body.get("name", "API"), source=BatchSource.API, rows=rows, idempotency_key=key,
        department_id=department,
    )  # fmt: skip
    return JsonResponse(_report(services.apply_batch(actor=request.actor, batch=batch)))


@api(summary="まとめての変更の結果", answer=REPORT, permission=ProceduresPermission.EDIT_INVENTORY)
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    """What became of every row."""
    return JsonResponse(_report(_own_batch(request, batch_id)))


@api(
    summary="まとめての変更を取り消す",
    answer=REPORT,
    permission=ProceduresPermission.EDIT_INVENTORY,
    method="POST",
    body=NOTHING,
)
def batch_undo(request: Request, batch_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Take the whole batch back; rows that were changed since are left and named (state `kept`)."""
    return JsonResponse(_report(services.undo_batch(actor=request.actor, batch=_own_batch(request, batch_id))))


@api(
    summary="手続をオンラインで公開する",
    answer=ENTRY,
    permission=ProceduresPermission.OPEN_PROCEDURE,
    method="POST",
    body=NOTHING,
)
def opening(request: Request, procedure_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Let residents apply; 422 with the sentences of the gates that do not hold."""
    services.open_procedure(actor=request.actor, procedure=_entry(request, procedure_id))
    return JsonResponse(_told(_entry(request, procedure_id)))


@api(
    summary="手続の公開を止める",
    answer=ENTRY,
    permission=ProceduresPermission.OPEN_PROCEDURE,
    method="POST",
    body=NOTHING,
)
def closing(request: Request, procedure_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Stop online applications; what was filed goes on."""
    services.close_procedure(actor=request.actor, procedure=_entry(request, procedure_id))
    return JsonResponse(_told(_entry(request, procedure_id)))


def _entries(request: Request) -> QuerySet[Procedure]:
    rows: QuerySet[Procedure] = Procedure.objects.all()
    department = getattr(request.actor, "department_id", None)
    return rows if department is None else rows.filter(department_id__in=departments_below(department))


def _entry(request: Request, procedure_id: UUID) -> Procedure:
    """The procedure, if it belongs to the key's department. Raises NotFound."""
    if not _entries(request).filter(id=procedure_id).exists():
        raise NotFound
    return get_procedure(procedure_id)


def _cells(row: Procedure) -> dict[str, str]:
    cells = cells_of(row)
    return {key: "" if cells.get(key) is None else str(cells[key]) for key in KEYS}


def _told(row: Procedure) -> dict[str, Any]:
    missing = services.missing_for_opening(row)
    return {"id": str(row.id), "stage": row.stage, "cells": _cells(row), "missing": missing}


def _own_batch(request: Request, batch_id: UUID) -> Batch:
    """A batch made for the key's own department. Raises NotFound."""
    found = get_batch(batch_id)
    department = getattr(request.actor, "department_id", None)
    if found.state == BatchState.DRAFT or (department is not None and found.department_id != department):
        raise NotFound
    return found


def _report(found: Batch) -> dict[str, Any]:
    rows = [
        {
            "line": row.line,
            "name": row.name,
            "state": row.state,
            "text": row.text,
            "procedure": str(row.procedure_id) if row.procedure_id else None,
        }
        for row in rows_of(found).order_by("line", "id")
    ]
    return {"id": str(found.id), "state": found.state, "digest": found.digest, "counts": found.counts, "rows": rows}


def _planned(state: str, plan: list[PlannedRow]) -> dict[str, Any]:
    rows = [
        {
            "line": row.line,
            "name": row.name,
            "state": row.state.value,
            "text": row.text,
            "procedure": str(row.procedure.id) if row.procedure and row.before else None,
        }
        for row in plan
    ]
    return {"id": None, "state": state, "digest": "", "counts": counts_of(plan), "rows": rows}


def _readable(request: Request) -> QuerySet[Application]:
    rows: QuerySet[Application] = Application.objects.all()
    department = getattr(request.actor, "department_id", None)
    if department is not None:
        rows = rows.filter(procedure__department_id__in=departments_below(department))
    return rows


def _found(request: Request, application_id: UUID) -> Application:
    """The application, if the key's department handles it. Raises NotFound."""
    if not _readable(request).filter(id=application_id).exists():
        raise NotFound
    return get_application(application_id)


def _procedure(row: Procedure) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "kind": row.kind,
        "department": row.department.name if row.department else None,
        "legal_basis": row.legal_basis,
        "standard_processing_days": row.standard_processing_days,
    }


def _application(row: Application) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "receipt_number": row.receipt_number,
        "procedure": {"id": str(row.procedure_id), "name": row.procedure.name},
        "state": row.state,
        "state_label": row.state_label,
        "result": row.result,
        "channel": row.channel,
        "arrived_at": row.arrived_at.isoformat(),
        "outside_number": row.outside_number,
    }


def _whole(row: Application) -> dict[str, Any]:
    lines = [
        {"step": step, "label": label, "text": text}
        for step, answers in described_answers(row)
        for label, text in answers
    ]
    files = [{"id": str(one["id"]), "name": one["name"], "label": one["label"]} for one in attachments_of(row)]
    return _application(row) | {
        "applicant_name": row.applicant_name,
        "answers": row.answers,
        "lines": lines,
        "files": files,
    }
