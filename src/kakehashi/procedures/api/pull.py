"""申請の取込み: another system finds what is new, fetches it with its files, and says that it has it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse

from kakehashi.files.selectors import open_file, stored_file
from kakehashi.journal.selectors import sealed_events_after
from kakehashi.kernel.api import api
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import as_csv
from kakehashi.procedures import services
from kakehashi.procedures.api.reading import brief, found, readable, tag_of, whole
from kakehashi.procedures.api.shapes import (
    AFTER,
    APPLICATION,
    CHANGES,
    FILTERS,
    RECEIPT,
    TAKING,
    WAITING,
    WHOLE,
    list_of,
)
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.application_paper import application_pdf
from kakehashi.procedures.selectors.applications import attachments_of
from kakehashi.procedures.selectors.taken import not_taken_by
from kakehashi.procedures.selectors.told import TOLD

_PURPOSE = "ほかのシステムとの連携"
_PLACES = 500
_WAITING = 100


@api(
    summary="申請の一覧（到達の新しい順）",
    answer=list_of("applications", APPLICATION),
    permission=ProceduresPermission.READ_APPLICATIONS,
    query=FILTERS,
    notes="画面の一覧と同じものです。漏れなく取り込むには、changes か waiting を使ってください。",
)
@reads_personal_data(_PURPOSE)
def applications(request: Request, query: dict[str, str]) -> HttpResponse:
    """Applications that the key may read, without what the applicants wrote."""
    rows = readable(request).select_related("procedure").defer("answers")
    if "state" in query:
        rows = rows.filter(state=query["state"])
    if "procedure" in query:
        rows = rows.filter(procedure_id=query["procedure"])
    if "arrived_from" in query:
        rows = rows.filter(arrived_on__gte=query["arrived_from"])
    if "arrived_to" in query:
        rows = rows.filter(arrived_on__lte=query["arrived_to"])
    page = keyset_page(rows, ("-arrived_at", "-id"), query.get("cursor"), 100)
    return JsonResponse({"applications": [brief(row) for row in page.rows], "next": page.next_cursor})


@api(
    summary="申請に起きたこと（起きた順、漏れなし）",
    answer=CHANGES,
    permission=ProceduresPermission.READ_APPLICATIONS,
    query=AFTER,
    notes=(
        "証跡に封をした順の番号（position）で並びます。番号は確定した後に付くので、前に読んだ番号より手前に"
        "あとから現れることはありません。起きてから読めるまで数秒かかります。application はいまの状態です。"
        "答えの position を次の after に付けてください。権限のない所属のものは飛ばします。"
    ),
)
@reads_personal_data(_PURPOSE)
def changes(request: Request, query: dict[str, str]) -> HttpResponse:
    """What happened to applications behind a position of the journal, in its order: the only one without gaps."""
    after = int(query.get("after", "-1"))
    events, last = sealed_events_after(after, limit=_PLACES)
    told = [(index, event) for index, event in events if TOLD.codes.get(event.code, "").startswith("application.")]
    rows = readable(request).select_related("procedure").defer("answers")
    known = rows.in_bulk({event.subject_id for _, event in told})
    listed = [
        {
            "position": index,
            "event": str(event.id),
            "kind": TOLD.codes[event.code],
            "occurred_at": event.occurred_at.isoformat(),
            "application": brief(known[event.subject_id]),
        }
        for index, event in told
        if event.subject_id in known
    ]
    return JsonResponse({"changes": listed, "position": last, "more": last - after >= _PLACES})


@api(
    summary="まだ取り込んでいない申請（到達の古い順）",
    answer=WAITING,
    permission=ProceduresPermission.READ_APPLICATIONS,
    query={name: FILTERS[name] for name in ("procedure", "arrived_from", "arrived_to")},
    notes=(
        "この鍵で「取込済」（receipt）を知らせていない申請と、知らせた後に補正が提出された申請です。100件ずつ返します。"
        "取込済を知らせると一覧から消えるので、続き（more）は同じ呼び出しで読めます。"
    ),
)
@reads_personal_data(_PURPOSE)
def waiting(request: Request, query: dict[str, str]) -> HttpResponse:
    """What this key has not taken over yet, or only in an older version."""
    rows = not_taken_by(_key(request), readable(request)).select_related("procedure").defer("answers")
    if "procedure" in query:
        rows = rows.filter(procedure_id=query["procedure"])
    if "arrived_from" in query:
        rows = rows.filter(arrived_on__gte=query["arrived_from"])
    if "arrived_to" in query:
        rows = rows.filter(arrived_on__lte=query["arrived_to"])
    page = list(rows.order_by("arrived_at", "id")[: _WAITING + 1])
    return JsonResponse({"applications": [brief(row) for row in page[:_WAITING]], "more": len(page) > _WAITING})


def _key(request: Request) -> UUID:
    """The id of the key; the API lets nobody in without one."""
    if request.actor.id is None:
        raise NotFound
    return request.actor.id


@api(
    summary="申請の内容",
    answer=WHOLE,
    permission=ProceduresPermission.READ_APPLICATIONS,
    notes="読んだことは閲覧記録に残ります。特に保護する回答と添付は入りません。ETag を If-Match に付けて書き戻せます。",
)
@reads_personal_data(_PURPOSE)
def application(request: Request, application_id: UUID) -> HttpResponse:
    """One application with its answers, by key and as a person reads them, and its files."""
    row = found(request, application_id)
    answer = JsonResponse(whole(row))
    answer["ETag"] = tag_of(row)
    return answer


@api(
    summary="申請の内容（PDF）",
    answer={"type": "string", "format": "binary"},
    permission=ProceduresPermission.READ_APPLICATIONS,
    media_type="application/pdf",
)
@reads_personal_data(_PURPOSE)
def paper(request: Request, application_id: UUID) -> HttpResponse:
    """The application as PDF, for a system that takes papers."""
    row = found(request, application_id)
    answer = HttpResponse(application_pdf(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{row.receipt_number}.pdf"'
    return answer


@api(
    summary="申請の内容（CSV）",
    answer={"type": "string"},
    permission=ProceduresPermission.READ_APPLICATIONS,
    media_type="text/csv",
    notes="区分・項目・内容の3列。UTF-8（BOMつき）。",
)
@reads_personal_data(_PURPOSE)
def table(request: Request, application_id: UUID) -> HttpResponse:
    """The application as a table of labels and answers."""
    row = found(request, application_id)
    lines = [(line["step"], line["label"], line["text"]) for line in whole(row)["lines"]]
    answer = HttpResponse(as_csv(("区分", "項目", "内容"), lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.receipt_number}.csv"'
    return answer


@api(
    summary="添付ファイル",
    answer={"type": "string", "format": "binary"},
    permission=ProceduresPermission.READ_APPLICATIONS,
    media_type="application/octet-stream",
    notes="ウイルスの検査が済むまでは422（not_scanned）です。",
)
@reads_personal_data(_PURPOSE)
def attachment(request: Request, application_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The content of a file among the answers, once it has been scanned."""
    row = found(request, application_id)
    if str(file_id) not in {str(item["id"]) for item in attachments_of(row)}:
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
    summary="取込済を知らせる",
    answer=RECEIPT,
    permission=ProceduresPermission.READ_APPLICATIONS,
    method="POST",
    body=TAKING,
    notes=(
        "この鍵のシステムが、その版までを取り込んだことを記録します。申請の状態は変わりません（受付は acceptance）。"
        "何度知らせても同じです。読んだ後に補正が提出されていたら、新しい版がまた waiting に出ます。"
    ),
)
@reads_personal_data(_PURPOSE)
def receipt(request: Request, application_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """取込済: the system has the application up to this version of the answers."""
    row = found(request, application_id)
    taken = services.note_taken_over(
        actor=request.actor, application=row, version=body["version"], number=body.get("number", "")
    )
    return JsonResponse(
        {
            "application": str(row.id),
            "version": taken.version,
            "number": taken.number,
            "taken_at": taken.taken_at.isoformat(),
        }
    )
