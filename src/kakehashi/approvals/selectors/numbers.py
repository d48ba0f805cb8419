"""Reads of the number series for their page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from kakehashi.approvals.models import NumberSeries, Proposal, VoidNumber
from kakehashi.kernel.fiscal_year import fiscal_year_label

KINDS = {"proposal": "起案番号", "document": "文書番号", "receipt": "収受番号"}
_SHOWN = 200


@dataclass(frozen=True)
class SeriesLine:
    """A series in the words of the page, with its 欠番."""

    series: NumberSeries
    kind: str
    period: str
    voids: Sequence[VoidNumber]


def series_lines() -> list[SeriesLine]:
    """Every series, the present years first. Two queries."""
    voids = Prefetch("void_numbers", VoidNumber.objects.order_by("number"))
    rows = NumberSeries.objects.filter(last_number__gt=0).prefetch_related(voids)
    return [
        SeriesLine(row, KINDS.get(row.kind, row.kind), _period(row.period), list(row.void_numbers.all()))
        for row in rows.order_by("-period", "kind", "symbol")[:_SHOWN]
    ]


def _period(code: str) -> str:
    """令和8年度, 2026年, 通し番号."""
    year = code[2:]
    if code.startswith("fy") and year.isdecimal():
        return fiscal_year_label(int(year))
    if code.startswith("cy") and year.isdecimal():
        return f"{year}年"
    return "通し番号" if code == "all" else code


def branches_of() -> list[tuple[str, str]]:
    """枝番 that were issued: (number, id of the proposal), the newest first; what they are about stands on their own page."""
    rows = Proposal.objects.filter(document_number__contains="号の").order_by("-issued_at")
    return [(number, str(row_id)) for number, row_id in rows.values_list("document_number", "id")[:_SHOWN]]
