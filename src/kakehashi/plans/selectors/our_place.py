"""私たちの位置: what a municipality sees of the other towns of its prefecture, with its own figures beside it."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.period import PeriodKind
from kakehashi.indicators.models import PublishedEdition, RecordedValue
from kakehashi.indicators.selectors import all_measures
from kakehashi.kernel import clock
from kakehashi.plans.domain.matrix import Cell, CellState, Column
from kakehashi.plans.domain.sharing import column_key
from kakehashi.plans.selectors.matrix import (
    FIGURES,
    AsOf,
    Cells,
    Sight,
    cells_of,
    published_columns,
    shared_columns,
    sight_of,
)


def columns_for(here: Government, edition: PublishedEdition | None) -> list[Column]:
    """What the towns of the prefecture show each other, by room, then what is published about them."""
    shared = shared_columns(sight_of(here)) if here.parent_id else []
    return [*shared, *(published_columns(edition) if edition else ())]


def cells_for(here: Government, columns: Sequence[Column], every: Sequence[Government]) -> Cells:
    """Every cell a municipality may see, the newest year; its own from its own records, whomever it shows them to."""
    found = cells_of(columns, every, AsOf(), Sight(here.parent_id or here.id, is_town=True))
    for key, cell in _own_cells(columns).items():
        found[key][here.id] = cell
    return found


def _own_cells(columns: Sequence[Column]) -> dict[str, Cell]:
    """The newest recorded year of each shared indicator that is counted here; two queries."""
    wanted = {one.measure_key: one.key for one in columns if one.measure_key}
    if not wanted:
        return {}
    codes = {
        one.code: wanted[key]
        for one in all_measures()
        if (key := column_key(one.code, one.label, one.unit, is_manual=one.is_manual)) in wanted
    }
    rows = RecordedValue.objects.filter(
        measure_code__in=codes,
        is_current=True,
        department=None,
        period_kind=PeriodKind.YEAR,
        period_first__lte=clock.today(),
    )
    newest = rows.order_by("measure_code", "-period_first").distinct("measure_code")
    found = {key: Cell(CellState.OUT_OF_SCOPE) for key in wanted.values() if key not in codes.values()}
    found |= dict.fromkeys(codes.values(), Cell(CellState.NOT_SURVEYED))
    return found | {codes[one.measure_code]: Cell(FIGURES[one.state], one.value, one.period_first) for one in newest}
