"""Reads of batches: the sheets of a file, its rows by our keys, the dry run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.eforms.permissions import EformsPermission
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.spreadsheet import BadSheet, Sheet, headers_of, read_sheets
from kakehashi.procedures.models import Batch, BatchRow, BatchState, RememberedColumn
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.batch_plan import plan_rows
from kakehashi.procedures.selectors.batch_row import PlannedRow

__all__ = [
    "applied_before",
    "batch_of_key",
    "batches",
    "get_batch",
    "headers_of_batch",
    "known_headers",
    "plan_batch",
    "rows_of",
    "sheets_of",
]


def batches() -> QuerySet[Batch]:
    """Every batch without its content, newest first by the caller's order."""
    found: QuerySet[Batch] = Batch.objects.defer("content", "layout")
    return found


def get_batch(batch_id: UUID) -> Batch:
    """One batch. Raises NotFound."""
    found: Batch | None = Batch.objects.filter(id=batch_id).first()
    if found is None:
        raise NotFound
    return found


def batch_of_key(key: UUID) -> Batch | None:
    """The batch that was made with this idempotency key."""
    found: Batch | None = Batch.objects.filter(idempotency_key=key).first()
    return found


def rows_of(batch: Batch, state: str = "") -> QuerySet[BatchRow]:
    """The report of an applied batch, narrowed to a state."""
    rows: QuerySet[BatchRow] = BatchRow.objects.filter(batch=batch).defer("before")
    return rows.filter(state=state) if state else rows


def known_headers() -> Mapping[str, list[str]]:
    """The headers that somebody confirmed before, newest first, by our key."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in RememberedColumn.objects.order_by("-used_at"):
        found[each.key].append(each.header)
    return found


def applied_before(batch: Batch) -> Batch | None:
    """The same file, applied earlier and not taken back."""
    same = Batch.objects.filter(sha256=batch.sha256, state=BatchState.APPLIED).exclude(id=batch.id)
    found: Batch | None = same.defer("content").order_by("-applied_at").first()
    return found


def sheets_of(batch: Batch) -> list[Sheet]:
    """The sheets of a batch that is not applied yet. Raises DomainError when it has none."""
    try:
        return read_sheets(batch.name, bytes(batch.content))
    except BadSheet as error:
        raise DomainError(str(error), field="file") from error


def headers_of_batch(batch: Batch, sheet: Sheet) -> tuple[str, ...]:
    """The header of the chosen sheet as the layout has it, one text a column."""
    return headers_of(sheet, batch.layout["header_from"], batch.layout["header_rows"])


def plan_batch(batch: Batch, actor: Actor, progress: Callable[[int, int], None] | None = None) -> list[PlannedRow]:
    """The dry run: what would become of every row, for this actor, as things are now."""
    may_open = actor.can(ProceduresPermission.OPEN_PROCEDURE, current_government_id())
    return plan_rows(
        _cells(batch),
        may_open=may_open,
        may_edit_forms=actor.can(EformsPermission.EDIT, current_government_id()),
        department_id=batch.department_id,
        progress=progress,
    )


def _cells(batch: Batch) -> list[tuple[int, dict[str, str]]]:
    if "rows" in batch.layout:
        return list(enumerate(batch.layout["rows"], 1))
    layout = batch.layout
    sheet = next((each for each in sheets_of(batch) if each.name == layout["sheet"]), None)
    if sheet is None:
        raise DomainError("そのシートはありません。", field="sheet")
    start = layout["header_from"] + layout["header_rows"]
    found: list[tuple[int, dict[str, str]]] = []
    above: dict[str, str] = {}
    for row, line in zip(sheet.rows[start:], sheet.lines[start:], strict=True):
        cells = {key: row[at] for key, at in layout["mapping"].items() if at < len(row)}
        if layout.get("fill_down") and cells.get("name") and not cells.get("department"):
            cells["department"] = above.get("department", "")
        above = cells if cells.get("department") else above
        found.append((line, cells))
    return found
