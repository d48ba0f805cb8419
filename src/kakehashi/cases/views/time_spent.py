"""時間の使われ方（案件）: whom applications and consultations waited for, by kind of work and section; each figure opens its rows."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from kakehashi.cases import hooks
from kakehashi.cases.domain.time_spent import FEWEST, TOUCH_HOURS, Group, Spell, grouped
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors.time_spent import Scope, closed_in_scope, section_names, traces_of
from kakehashi.indicators.adapters.stacked import draw_stacked
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department

HEADERS = (
    "業務", "課", "件数", "受付から完了まで（開庁日・中央値）", *(f"{spell.label}（時間/件）" for spell in Spell), "待ちの割合（%）",
)  # fmt: skip


def _scope(request: Request) -> Scope:
    """The filter of the address; what cannot be read is left out."""
    period = Period.read(request.GET.get("period", ""), clock.today())
    try:
        department = UUID(request.GET.get("department", ""))
    except ValueError:
        department = None
    kind = request.GET.get("kind", "")
    return Scope(period, kind if kind in dict(hooks.case_kinds()) else "", department)


@staff(CasePermission.READ)
@require_safe
def time_page(request: Request) -> HttpResponse:
    """The page; `?format=` the table as a spreadsheet."""
    scope = _scope(request)
    sections = section_names()
    traces = traces_of(scope, hooks.matter_names)
    groups = grouped(traces, sections)
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=f"案件の時間の使われ方{scope.period.code}",
            headers=HEADERS,
            rows=[_line(group) for group in groups],
        )
    everything = Group("", "")
    for trace in traces:
        everything.add(trace, sections)
    shown = [group for group in groups if not group.is_small]
    context = {
        "scope": scope,
        "everything": everything,
        "groups": [(group, _query(scope, group)) for group in groups],
        "few": FEWEST,
        "spells": [(spell.label, everything.hours(spell)) for spell in Spell],
        "chart": _drawn([("すべて", everything), *((f"{g.matter}・{g.section}", g) for g in shown)]),
        "periods": [(each.code, each.label) for each in Period.recent(clock.today())],
        "kinds": hooks.case_kinds(),
        "departments": Department.objects.order_by("order", "code"),
        "touch_hours": TOUCH_HOURS,
    }
    return render(request, "cases/time.html", context)


def _drawn(rows: list[tuple[str, Group]]) -> SafeString:
    parts = {spell.label: [group.hours(spell) for _, group in rows] for spell in Spell}
    return draw_stacked([label for label, _ in rows], parts, title="一件あたりの時間", unit="時間")


def _line(group: Group) -> tuple[object, ...]:
    if group.is_small:
        return (group.matter, group.section, f"{FEWEST}件未満", *[""] * (len(Spell) + 2))
    share = group.waiting_share
    return (group.matter, group.section, group.count, group.days, *group.all_hours, "" if share is None else share)


def _query(scope: Scope, group: Group) -> str:
    return urlencode(
        {
            "period": scope.period.code,
            "kind": group.kind,
            "department": group.department_id or "",
            "matter": group.matter,
        }
    )


@staff(CasePermission.READ)
@reads_personal_data("時間の使われ方の確認")
@require_safe
def rows(request: Request) -> HttpResponse:
    """The work behind a figure. That of a group too small to be shown is not opened from here."""
    scope, matter = _scope(request), request.GET.get("matter", "")[:120].replace("\x00", "")
    ids = [trace.case_id for trace in traces_of(scope, hooks.matter_names) if not matter or trace.matter == matter]
    found = closed_in_scope(scope).filter(id__in=ids if len(ids) >= FEWEST else []).select_related("department")
    page = keyset_page(
        found.order_by("-closed_at", "-id"), order_by=("-closed_at", "-id"), cursor=request.GET.get("cursor")
    )
    return render(request, "cases/time_rows.html", {"page": page, "matter": matter, "scope": scope})
