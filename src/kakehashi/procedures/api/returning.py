"""状態の返却: what the other system did comes back, through the services a person uses, under the same rules."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from kakehashi.kernel.api import api
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.procedures import services
from kakehashi.procedures.api.reading import IF_MATCH, answer_of, expect_unchanged, found
from kakehashi.procedures.api.shapes import APPLICATION, CORRECTION, DECISION, MESSAGE, NOTHING
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import open_correction

_PURPOSE = "ほかのシステムとの連携"


@api(
    summary="受付・審査中にする",
    answer=APPLICATION,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body=NOTHING,
    headers=IF_MATCH,
    notes="もう受け付けてあれば、何も変わりません。",
)
@reads_personal_data(_PURPOSE)
def acceptance(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """受付: the other system examines the application. Calling again changes nothing."""
    row = found(request, application_id)
    expect_unchanged(request, row)
    if row.accepted_at is None:
        services.accept_application(actor=request.actor, application=row)
    return answer_of(request, application_id)


@api(
    summary="補正を依頼する",
    answer=APPLICATION,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body=CORRECTION,
    headers=IF_MATCH,
    notes="申請者に知らせます。期限は明日以降の日。同じ文と期限の補正がもう出ていれば、何も変わりません。",
)
@reads_personal_data(_PURPOSE)
def correction(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """補正: what is missing and until when; the clock and the notice are those of the page."""
    row, deadline = found(request, application_id), dt.date.fromisoformat(body["deadline"])
    expect_unchanged(request, row)
    asked = open_correction(row)
    if asked is None or (asked.message, asked.deadline) != (body["message"].strip(), deadline):
        services.request_correction(actor=request.actor, application=row, message=body["message"], deadline=deadline)
    return answer_of(request, application_id)


@api(
    summary="到達を確認して完了にする（届出）",
    answer=APPLICATION,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body=NOTHING,
    headers=IF_MATCH,
    notes="届出だけです。ほかの種類は decision で結果を返してください。もう完了していれば、何も変わりません。",
)
@reads_personal_data(_PURPOSE)
def arrival(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """到達の確認: a 届出 that has properly arrived is complete (行政手続法37条)."""
    row = found(request, application_id)
    expect_unchanged(request, row)
    if (row.state, row.result) != (State.COMPLETED, Result.ARRIVED):
        services.confirm_arrival(actor=request.actor, application=row)
    return answer_of(request, application_id)


@api(
    summary="結果を返す（許可・交付決定・不許可・却下など）",
    answer=APPLICATION,
    permission=ProceduresPermission.PROPOSE_APPLICATIONS,
    method="POST",
    body=DECISION,
    headers=IF_MATCH,
    notes=(
        "ほかのシステムの決裁の番号と日が要ります。一部許可・不許可・却下には reason（理由）と teaching_confirmed（通知書に理由と"
        "教示があることの確認）が要ります（行政手続法8条、行政不服審査法82条）。この団体で起案・決裁中の申請には返せません（409）。"
    ),
)
@reads_personal_data(_PURPOSE)
def decision(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """The decision made in the other system, with its number and day. The same again changes nothing."""
    row, result = found(request, application_id), Result(body["result"])
    decided_on = dt.date.fromisoformat(body["decided_on"])
    expect_unchanged(request, row)
    if (row.result, row.outside_number, row.outside_decided_on) == (result, body["number"].strip(), decided_on):
        return answer_of(request, application_id)
    reason = body.get("reason", "").strip()
    services.record_outside_decision(
        actor=request.actor,
        application=row,
        result=result,
        number=body["number"],
        decided_on=decided_on,
        document_number=body.get("document_number", ""),
        teaching_confirmed=body.get("teaching_confirmed", False),
        reason=reason,
    )
    return answer_of(request, application_id)


@api(
    summary="申請者に連絡する",
    answer=APPLICATION,
    permission=ProceduresPermission.HANDLE_APPLICATIONS,
    method="POST",
    body=MESSAGE,
)
@reads_personal_data(_PURPOSE)
def message(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Write on the public thread; the applicant is told, once for one key."""
    row = found(request, application_id)
    key = UUID(body["idempotency_key"])
    services.write_to_applicant(actor=request.actor, application=row, body=body["body"], idempotency_key=key)
    return answer_of(request, application_id)
