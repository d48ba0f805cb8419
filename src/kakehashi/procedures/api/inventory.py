"""The API of the inventory: open procedures, entries as the table has them, many changed at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from kakehashi.eforms.permissions import EformsPermission
from kakehashi.kernel.api import api
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_below
from kakehashi.procedures import services
from kakehashi.procedures.api.shapes import CURSOR, ID, MAYBE_NUMBER, MAYBE_TEXT, NOTHING, TEXT, list_of, thing
from kakehashi.procedures.domain.sheet_columns import KEYS
from kakehashi.procedures.models import Batch, BatchSource, BatchState, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.batch_plan import plan_rows
from kakehashi.procedures.selectors.batch_row import PlannedRow, counts_of
from kakehashi.procedures.selectors.batches import batch_of_key, get_batch, rows_of
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.public import public_procedures
from kakehashi.procedures.selectors.sheet import cells_of

PROCEDURE = thing(
    id=ID, name=TEXT, kind=TEXT, department=MAYBE_TEXT, legal_basis=TEXT, standard_processing_days=MAYBE_NUMBER
)
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
_REPORT_ROW = thing(
    line={"type": "integer"}, name=TEXT, state=TEXT, text=TEXT, procedure={"anyOf": [ID, {"type": "null"}]}
)
REPORT = thing(
    id={"anyOf": [ID, {"type": "null"}]},
    state=TEXT,
    digest=TEXT,
    counts={"type": "object", "additionalProperties": {"type": "integer"}},
    rows={"type": "array", "items": _REPORT_ROW},
)
ENTRY = thing(id=ID, stage=TEXT, cells={"type": "object"}, missing={"type": "array", "items": TEXT})


@api(summary="公開中の手続", answer=list_of("procedures", PROCEDURE), query={"cursor": CURSOR})
def procedures(request: Request, query: dict[str, str]) -> HttpResponse:
    """Every procedure that residents may apply for now; open data, no key is asked for."""
    page = keyset_page(public_procedures().select_related("department"), ("id",), query.get("cursor"), 100)
    return JsonResponse({"procedures": [_procedure(row) for row in page.rows], "next": page.next_cursor})


@api(
    summary="手続台帳（台帳の表と同じ列）",
    answer=list_of("entries", thing(id=ID, stage=TEXT, cells={"type": "object"})),
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
    summary="まとめての変更を元に戻す",
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


def _procedure(row: Procedure) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "kind": row.kind,
        "department": row.department.name if row.department else None,
        "legal_basis": row.legal_basis,
        "standard_processing_days": row.standard_processing_days,
    }
