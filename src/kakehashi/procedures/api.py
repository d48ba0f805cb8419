"""The API of the procedures room: another system pulls applications, says that it took them over, and returns the result."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse

from kakehashi.files.selectors import open_file, stored_file
from kakehashi.kernel.api import Schema, api
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_below
from kakehashi.procedures import services
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import attachments_of, described_answers, get_application
from kakehashi.procedures.selectors.public import public_procedures

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
