"""処理期間の実績: for everybody, on a page and as open data. Only the worker's snapshot is read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_noop
from django.views.decorators.http import require_GET

from kakehashi.kernel import clock
from kakehashi.kernel.access import resident
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.tables import as_csv
from kakehashi.procedures.models import ProcessingTime
from kakehashi.procedures.selectors.processing import (
    ENOUGH_FOR_SHARES,
    names_in,
    processing_years,
    public_processing,
    public_time,
)
from kakehashi.procedures.selectors.waiting import ENOUGH

__all__ = ["times_csv", "times_json", "times_page"]

LICENCE = "クリエイティブ・コモンズ 表示 4.0 国際（CC BY 4.0）"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.ja"
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("fiscal_year", "年度", gettext_noop("4月から翌年3月まで。結果を渡し終えた日で数えます")),
    ("procedure_id", "手続ID", gettext_noop("このサイトでの手続の番号")),
    ("procedure", "手続", gettext_noop("手続の名前")),
    ("kind", "種類", gettext_noop("届出・申込・証明・処分のどれか")),
    ("department", "所管課", gettext_noop("担当している課")),
    ("standard_days", "標準処理期間", gettext_noop("役所が決めている日数の目安。空は、決めていないもの")),
    ("unit", "日の数え方", gettext_noop("開庁日は役所が開いている日、暦日は土日・祝日もふくむ日")),
    ("count", "終わった件数", gettext_noop("その年度に終わった申請の数（取下げをのぞく）")),
    ("median_days", "日数の中央値", gettext_noop("短い順にならべて、まん中の申請の日数。補正を待った日はのぞきます")),
    ("p90_days", "日数の90パーセンタイル", gettext_noop("10件のうち9件が、この日数までに終わりました")),
    ("within_percent", "期間のうちの割合", gettext_noop("標準処理期間のうちに終わった割合（%）")),
    ("first_time_percent", "補正なしの割合", gettext_noop("書き直し（補正）をお願いせずに終わった割合（%）")),
    ("online_percent", "オンラインの割合", gettext_noop("オンラインで届いた割合（%）")),
    ("completion_percent", "オンライン申請の完了率", gettext_noop("オンラインで書き始めて、最後まで出せた割合（%）")),
    ("suppressed", "秘匿", gettext_noop("1は、件数が少ないため数を出していないもの")),
    ("measured_on", "集計日", gettext_noop("数えた日")),
)
"""Key in JSON, heading in CSV, what it means."""


@resident
@require_GET
def times_page(request: HttpRequest) -> HttpResponse:
    """By procedure: the standard period beside what it really took, in one fiscal year."""
    years, language = processing_years(), get_language() or "ja"
    year, text = _year(request, years), request.GET.get("q", "")[:100].strip()
    page = keyset_page(public_processing(year, text), ("-count", "-id"), request.GET.get("cursor"), 50)
    names = names_in(language, [row.procedure for row in page.rows])
    context = {
        "years": years or [year],
        "year": year,
        "is_running": year == fiscal_year(clock.today()),
        "text": text,
        "page": page,
        "lines": [(names[row.procedure_id], row.procedure, public_time(row)) for row in page.rows],
        "measured_at": page.rows[0].measured_at if page.rows else None,
        "enough": ENOUGH,
        "enough_for_shares": ENOUGH_FOR_SHARES,
        "columns": COLUMNS,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
    }
    return render(request, "procedures/resident/times.html", context)


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    return years[0] if years else fiscal_year(clock.today())


@resident
@require_GET
def times_csv(request: HttpRequest) -> HttpResponse:
    """Open data: every counted year (or the one asked for) as CSV with a BOM."""
    rows = ([value for _, value in sorted_cells] for sorted_cells in _open_data(request))
    response = HttpResponse(
        as_csv([heading for _, heading, _ in COLUMNS], rows), content_type="text/csv; charset=utf-8"
    )
    return _as_data(response, "processing-times.csv")


@resident
@require_GET
def times_json(request: HttpRequest) -> HttpResponse:
    """Open data: the same as JSON, with the licence and what each column means."""
    government = request.government  # type: ignore[attr-defined]
    body = {
        "title": f"{government.name} 処理期間の実績",
        "publisher": {"name": government.name, "code": government.code},
        "license": {"name": LICENCE, "url": LICENCE_URL},
        "columns": [{"key": key, "label": heading, "description": meaning} for key, heading, meaning in COLUMNS],
        "suppression": f"終わった件数が{ENOUGH}件に満たない手続は日数と件数を、{ENOUGH_FOR_SHARES}件に満たない手続は割合を出していません。",
        "rows": [dict(cells) for cells in _open_data(request)],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json")
    return _as_data(response, "processing-times.json")


def _as_data(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response


def _open_data(request: HttpRequest) -> Iterable[list[tuple[str, Any]]]:
    years = processing_years()
    asked = [_year(request, years)] if "year" in request.GET else years
    return [_cells(row) for year in asked for row in public_processing(year).order_by("procedure__name", "id")]


def _cells(row: ProcessingTime) -> list[tuple[str, Any]]:
    """One line in the order of `COLUMNS`; what is left out for privacy is empty."""
    shown, procedure = public_time(row), row.procedure
    values = [
        row.fiscal_year,
        str(row.procedure_id),
        procedure.name,
        procedure.get_kind_display(),
        procedure.department.name if procedure.department else "",
        shown.standard_days,
        row.get_unit_display(),
        shown.count,
        shown.median_days,
        shown.p90_days,
        *(_number(share) for share in (shown.within, shown.first_time, shown.online, shown.completion)),
        int(shown.count is None),
        row.measured_at.astimezone(clock.JST).date().isoformat(),
    ]
    return [(key, value) for (key, _, _), value in zip(COLUMNS, values, strict=True)]


def _number(share: Any) -> float | None:
    return None if share is None else float(share)
