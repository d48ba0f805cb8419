"""The registry for everybody: files kept a year or longer, and what was destroyed or transferred."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kakehashi.kernel.access import resident
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.records import selectors
from kakehashi.records.hooks import word
from kakehashi.records.models import RecordFile
from kakehashi.records.views.inputs import typed, uuid_of, year_of

EVERY = 60_000
# The columns of 施行令11条1項, which the body's own rule repeats; they stay in Japanese in a file for download.
HEADERS = [
    "分類（大）", "分類（中）", "分類（小）", "名称", "保存期間", "満了する日", "満了したときの措置", "保存場所",
    "作成・取得年度等", "作成・取得時の管理者", "起算日", "媒体の種別", "現在の管理者",
]  # fmt: skip


@resident
@require_safe
def registry(request: Request) -> HttpResponse:
    """The public registry; `?gone=1` shows what was destroyed or transferred, `?format=` gives it as a file."""
    gone = request.GET.get("gone") == "1"
    rows = selectors.public_files(
        text=typed(request, "q"),
        fiscal_year=year_of(typed(request, "year")),
        department_id=uuid_of(typed(request, "department")),
        gone=gone,
    )
    name = word("disposal_register") if gone else word("registry")
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=name,
            headers=[*HEADERS, "執行した日"] if gone else HEADERS,
            rows=(_row(row, gone=gone) for row in rows.order_by("-record_fiscal_year", "id")[:EVERY]),
        )
    page = keyset_page(rows, order_by=("-record_fiscal_year", "-id"), cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "files": [(row, selectors.why_for_the_public(row)) for row in page.rows],
        "name": name,
        "gone": gone,
        "chosen": request.GET,
        "years": selectors.public_years(),
        "departments": Department.objects.order_by("order", "code"),
    }
    return render(request, "records/public.html", context)


def _row(row: RecordFile, *, gone: bool) -> list[object]:
    cells: list[object] = [
        row.record_class.large,
        row.record_class.middle,
        row.record_class.small,
        row.public_name or row.name,
        row.period_label,
        row.expires_on or "未定・なし",
        row.get_state_display() if gone else row.get_disposition_display(),
        row.place or "電子",
        fiscal_year_label(row.record_fiscal_year),
        row.creator_label,
        row.starts_on or "未定",
        row.get_medium_display(),
        row.department.name,
    ]
    return [*cells, row.disposed_on] if gone else cells
