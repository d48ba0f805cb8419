"""What every view of applications needs: which ones the key may see, and how one is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from kakehashi.kernel.api import MATCH, Schema
from kakehashi.kernel.errors import NotFound, Stale
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_below
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import attachments_of, described_answers, get_application

__all__ = ["IF_MATCH", "answer_of", "brief", "expect_unchanged", "found", "readable", "whole"]

IF_MATCH: dict[str, Schema] = {"If-Match": MATCH}


def readable(request: Request) -> QuerySet[Application]:
    """Applications to procedures of the key's department and those below it; of every department for a key without one."""
    rows: QuerySet[Application] = Application.objects.all()
    department = getattr(request.actor, "department_id", None)
    if department is not None:
        rows = rows.filter(procedure__department_id__in=departments_below(department))
    return rows


def found(request: Request, application_id: UUID) -> Application:
    """The application, if the key's department handles it. Raises NotFound."""
    if not readable(request).filter(id=application_id).exists():
        raise NotFound
    return get_application(application_id)


def tag_of(row: Application) -> str:
    """The ETag: another one after each step of the road and each new version of the answers."""
    return f'"{row.state}-{row.answers_number}"'


def expect_unchanged(request: Request, row: Application) -> None:
    """Raises Stale when the caller read another state or version (`If-Match`)."""
    wanted = request.headers.get("If-Match", "")
    if wanted and wanted not in {tag_of(row), "*"}:
        raise Stale(
            f"読んだ後に変わっています（いまは「{row.state_label}」、第{row.answers_number}版）。読み直してください。"
        )


def answer_of(request: Request, application_id: UUID) -> HttpResponse:
    """The application as it stands now, without what the applicant wrote: what a write answers."""
    row = found(request, application_id)
    answer = JsonResponse(brief(row))
    answer["ETag"] = tag_of(row)
    return answer


def brief(row: Application) -> dict[str, Any]:
    """What stands in lists."""
    return {
        "id": str(row.id),
        "receipt_number": row.receipt_number,
        "procedure": {"id": str(row.procedure_id), "name": row.procedure.name},
        "state": row.state,
        "state_label": row.state_label,
        "result": row.result,
        "version": row.answers_number,
        "channel": row.channel,
        "arrived_at": row.arrived_at.isoformat(),
        "outside_number": row.outside_number,
    }


def whole(row: Application) -> dict[str, Any]:
    """The application with its answers, by key and as a person reads them, and its files."""
    lines = [
        {"step": step, "label": label, "text": text}
        for step, answers in described_answers(row)
        for label, text in answers
    ]
    files = [{"id": str(one["id"]), "name": one["name"], "label": one["label"]} for one in attachments_of(row)]
    return brief(row) | {
        "applicant_name": row.applicant_name,
        "answers": row.answers,
        "lines": lines,
        "files": files,
    }
