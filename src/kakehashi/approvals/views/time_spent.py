"""時間の使われ方: where the time goes, by matter and section; each figure opens its rows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from kakehashi.approvals.domain import time_spent
from kakehashi.approvals.domain.time_spent import (
    FEWEST,
    Group,
    Spent,
    by_kind,
    by_matter_and_section,
    consulted,
    paper_reasons,
)
from kakehashi.approvals.models import Matter
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.time_spent import Scope, proposals_behind, return_reasons, traces_of
from kakehashi.indicators.adapters.stacked import draw_stacked
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department

_PARTS = {
    "all": "決裁した起案",
    "returned": "差し戻された起案",
    "paper": "紙で決裁した起案",
    "consulted": "合議した起案",
}
PARTS = ("開くまで", "開いてから処理まで", "手を動かした時間")
HEADERS = (
    "決裁事項", "課", "件数", "回議から決裁まで（開庁日・中央値）", "開くまで（時間/枠）", "開いてから（時間/枠）",
    "手を動かした（時間/枠）", "待ちの割合（%）", "差し戻された件数", "紙で決裁した件数",
)  # fmt: skip


def _scope(request: Request) -> Scope:
    """The filter of the address; what cannot be read is left out."""
    period = Period.read(request.GET.get("period", ""), clock.today())
    try:
        department = UUID(request.GET.get("department", ""))
    except ValueError:
        department = None
    return Scope(period, department, request.GET.get("matter", "")[:60].replace("\x00", ""))


@staff(ApprovalsPermission.READ)
@require_safe
def time_page(request: Request) -> HttpResponse:
    """The page; `?format=` the table as a spreadsheet."""
    scope = _scope(request)
    traces = traces_of(scope)
    groups = by_matter_and_section(traces)
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=f"時間の使われ方{scope.period.code}",
            headers=HEADERS,
            rows=[_line(group) for group in groups],
        )
    everything = Group("", "")
    for trace in traces:
        everything.add(trace)
    kinds = by_kind(traces) if not everything.is_small else []
    shown = [group for group in groups if not group.is_small]
    asked = consulted(traces)
    known = {(group.matter, group.section) for group in shown}
    context = {
        "scope": scope,
        "everything": everything,
        "groups": groups,
        "few": FEWEST,
        "kinds": kinds,
        "chart": _drawn([(kind.label, spent) for kind, spent in kinds], "段階ごとの一枠あたりの時間"),
        "group_chart": _drawn(
            [(f"{g.matter}・{g.section}", g.spent) for g in shown], "決裁事項と課ごとの一枠あたりの時間"
        ),
        "parts": PARTS,
        "reasons": [each for each in return_reasons(scope) if (each[1], each[2]) in known][:100],
        "consulted": asked,
        "silent": [each for each in asked if each.is_silent],
        "paper": paper_reasons(traces),
        "periods": [(each.code, each.label) for each in Period.recent(clock.today())],
        "departments": Department.objects.order_by("order", "code"),
        "matters": Matter.objects.all(),
        "touch_hours": time_spent.TOUCH_HOURS,
    }
    return render(request, "approvals/time.html", context)


def _drawn(rows: Sequence[tuple[str, Spent]], title: str) -> SafeString:
    hours = [(spent.unopened_hours, spent.lying_hours, spent.touched_hours) for _, spent in rows]
    parts = {name: [each[at] for each in hours] for at, name in enumerate(PARTS)}
    return draw_stacked([label for label, _ in rows], parts, title=title, unit="時間")


def _line(group: Group) -> tuple[object, ...]:
    if group.is_small:
        return (group.matter, group.section, f"{FEWEST}件未満", *[""] * 7)
    spent = group.spent
    return (
        group.matter, group.section, group.count, group.days, spent.unopened_hours, spent.lying_hours,
        spent.touched_hours, "" if spent.waiting_share is None else spent.waiting_share, group.returned, group.on_paper,
    )  # fmt: skip


@staff(ApprovalsPermission.READ)
@reads_personal_data("時間の使われ方の確認")
@require_safe
def rows(request: Request, part: str) -> HttpResponse:
    """The proposals behind a figure. Those of a group too small to be shown are not opened from here."""
    if part not in _PARTS:
        raise Http404
    scope, key = _scope(request), request.GET.get("key", "")[:120].replace("\x00", "")
    found = proposals_behind(scope, part, key)
    if proposals_behind(scope, "all", "").count() < FEWEST:
        found = found.none()
    page = keyset_page(
        found.order_by("-decided_at", "-id"), order_by=("-decided_at", "-id"), cursor=request.GET.get("cursor")
    )
    context = {"page": page, "label": _PARTS[part], "key": key, "scope": scope, "few": FEWEST}
    return render(request, "approvals/time_rows.html", context)
