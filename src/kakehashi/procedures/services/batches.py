"""まとめて取り込む・変える: a file or rows are taken for confirmation, tried, applied as one act, and taken back as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.base import ModelState

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.sheet_columns import COLUMNS as SHEET_COLUMNS
from kakehashi.procedures.domain.spreadsheet import (
    HEADER,
    MOST_HEADER_ROWS,
    BadSheet,
    Sheet,
    find_header,
    header_mark,
    headers_of,
    propose,
    read_sheets,
)
from kakehashi.procedures.models import (
    Batch,
    BatchRow,
    BatchSource,
    BatchState,
    RememberedColumn,
    RowState,
)
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.batch_row import PlannedRow, counts_of
from kakehashi.procedures.selectors.batches import known_headers, plan_batch, sheets_of
from kakehashi.procedures.selectors.snapshots import COLUMNS, TEXT_COLUMNS, digest_of, snapshot
from kakehashi.procedures.services.batch_forms import give_forms
from kakehashi.procedures.services.inventory import search_row
from kakehashi.search.services import index_texts

__all__ = ["apply_batch", "discard_batch", "lay_out_batch", "make_batch", "plan_ahead", "start_batch", "take_in_sheet"]

SUBJECT = "procedures.batch"
_PIECE = 1_000
_TOP_ROWS = 12


@service
def start_batch(
    *, actor: Actor, name: str, content: bytes, source: BatchSource = BatchSource.SHEET, sheet: str = ""
) -> Batch:
    """Take a spreadsheet in for confirmation, with a proposal for its header and columns; nothing is changed yet.

    `sheet` chooses one of the file's sheets; otherwise the one that looks most like an inventory. Raises DomainError for a
    file that is no table.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch: Batch = Batch.objects.create(
        source=source,
        name=name.replace("\x00", "")[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        layout=_proposed(name, content, sheet),
        made_by=actor.label[:200],
    )
    return batch


def take_in_sheet(batch: Batch) -> None:
    """Read the file of a batch that was only kept so far, and propose how; raises DomainError for a file that is no table."""
    batch.layout = _proposed(batch.name, bytes(batch.content), "")
    batch.save(update_fields=["layout"])


def _proposed(name: str, content: bytes, sheet: str) -> dict[str, Any]:
    try:
        sheets = read_sheets(name, content)
    except BadSheet as error:
        raise DomainError(str(error), field="file") from error
    known = known_headers()
    found = [(each, *find_header(each, SHEET_COLUMNS, known)) for each in sheets]
    chosen = next((each for each in found if each[0].name == sheet), None) or max(found, key=lambda each: len(each[2]))
    mapping = {key: match.at for key, match in chosen[2].items()}
    layout = _layout(chosen[0].name, chosen[1].first, chosen[1].rows, mapping)
    return layout | _seen(sheets, chosen[0], chosen[1].texts, chosen[1].first)


def _seen(sheets: Sequence[Sheet], chosen: Sheet, headers: Sequence[str], header_from: int) -> dict[str, Any]:
    """What the page shows of the file, kept so that a long one is not read again for it."""
    first = zip(chosen.rows[:_TOP_ROWS], chosen.lines[:_TOP_ROWS], strict=True)
    top = [[line, [cell[:40] for cell in row]] for row, line in first]
    return {
        "size": len(chosen.rows),
        "headers": list(headers),
        "seen": {"sheets": [each.name for each in sheets], "top": top, "header_line": chosen.lines[header_from]},
    }


def _layout(
    sheet: str, first: int, rows: int, mapping: Mapping[str, int], *, fill_down: bool = False
) -> dict[str, Any]:
    return {"sheet": sheet, "header_from": first, "header_rows": rows, "mapping": dict(mapping), "fill_down": fill_down}


@service
def make_batch(
    *,
    actor: Actor,
    name: str,
    source: BatchSource,
    rows: Sequence[Mapping[str, str]],
    idempotency_key: UUID | None = None,
    department_id: UUID | None = None,
) -> Batch:
    """A batch whose rows are known by our keys already: from a selection of the inventory, or from the API."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch: Batch = Batch.objects.create(
        source=source,
        name=name[:200],
        sha256=hashlib.sha256(repr([sorted(row.items()) for row in rows]).encode()).hexdigest(),
        layout={"rows": [dict(row) for row in rows], "size": len(rows)},
        idempotency_key=idempotency_key,
        department_id=department_id,
        made_by=actor.label[:200],
    )
    return batch


@service
def lay_out_batch(
    *,
    actor: Actor,
    batch: Batch,
    sheet: str,
    header_line: int,
    header_rows: int,
    mapping: Mapping[str, int] | None,
    fill_down: bool = False,
) -> Batch:
    """Say where the header stands and which column is which; without `mapping` it is proposed anew.

    `header_line` is the row as the spreadsheet numbers it, like the rows of the result; an empty one means the next that is not.
    Where the header stands and which columns were chosen is remembered for the next file. Raises DomainError for a column chosen twice or a place
    outside of the sheet, Stale for a batch that was applied.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch = _draft(batch)
    sheets = sheets_of(batch)
    found = next((each for each in sheets if each.name == sheet), None)
    if found is None:
        raise DomainError("そのシートはありません。", field="sheet")
    header_from = next((at for at, line in enumerate(found.lines) if line >= header_line), len(found.lines))
    if not (header_line > 0 and header_from < len(found.lines) and 1 <= header_rows <= MOST_HEADER_ROWS):
        raise DomainError("見出しの行が、表の外にあります。", field="header_from")
    texts = headers_of(found, header_from, header_rows)
    if mapping is None:
        _remember(texts, {})
        mapping = {key: match.at for key, match in propose(texts, SHEET_COLUMNS, known_headers()).items()}
    elif len(set(mapping.values())) < len(mapping):
        raise DomainError("一つの列を、二つの項目に選んでいます。", field="mapping")
    elif any(not 0 <= at < len(texts) for at in mapping.values()):
        raise DomainError("ファイルにない列を選んでいます。", field="mapping")
    else:
        _remember(texts, mapping)
    layout = _layout(sheet, header_from, header_rows, mapping, fill_down=fill_down)
    batch.layout, batch.counts = layout | _seen(sheets, found, texts, header_from), {}
    batch.save(update_fields=["layout", "counts"])
    BatchRow.objects.filter(batch=batch).delete()
    return batch


def _remember(texts: Sequence[str], mapping: Mapping[str, int]) -> None:
    """The newest word for a key counts: a header that means something else now is forgotten for its old key."""
    for key, header in ((HEADER, header_mark(texts)), *((key, texts[at][:200]) for key, at in mapping.items())):
        if header:
            RememberedColumn.objects.filter(header=header).exclude(key=key).delete()
            RememberedColumn.objects.update_or_create(key=key, header=header, defaults={"used_at": clock.now()})


@service
def discard_batch(*, actor: Actor, batch: Batch) -> None:
    """Let a batch go that was not applied."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    _draft(batch).delete()


@service
def plan_ahead(*, actor: Actor, batch: Batch, progress: Callable[[int, int], None]) -> Batch:
    """Try a long batch and keep what would become of every row, for pages that are turned; nothing of the inventory changes."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch = _draft(batch)
    plan = plan_batch(batch, actor, progress)
    BatchRow.objects.filter(batch=batch).delete()
    rows = [BatchRow(batch=batch, line=row.line, state=row.state, name=row.name[:300], text=row.text) for row in plan]
    for start in range(0, len(rows), _PIECE):
        insert_many(rows[start : start + _PIECE])
    batch.counts, batch.layout = counts_of(plan), batch.layout | {"is_tried": True}
    batch.save(update_fields=["counts", "layout"])
    return batch


@service
def apply_batch(*, actor: Actor, batch: Batch, progress: Callable[[int, int], None] | None = None) -> Batch:
    """反映する: everything that the dry run showed, in one act with one event that carries the digest of every row.

    Rows that cannot be taken are reported and left out. Raises DomainError when nothing would change, Stale when the batch
    was applied already.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch = _draft(batch)
    plan = plan_batch(batch, actor, _first_half(progress))
    chosen = [row for row in plan if row.will_write]
    if not chosen:
        raise DomainError("変わる手続がありません。", code="nothing")
    BatchRow.objects.filter(batch=batch).delete()
    give_forms(actor=actor, batch=batch, chosen=chosen)
    after = write_planned(chosen, progress)
    rows = [_row(batch, row, after) for row in plan]
    for start in range(0, len(rows), _PIECE):
        insert_many(rows[start : start + _PIECE])
    batch.counts, batch.digest = counts_of(plan), digest_of_rows(rows)
    batch.state, batch.applied_at, batch.content = BatchState.APPLIED, clock.now(), b""
    batch.layout = {key: value for key, value in batch.layout.items() if key != "rows"}
    batch.save()
    record_event(
        actor=actor,
        code="procedures.batch.applied",
        subject_kind=SUBJECT,
        subject_id=batch.id,
        payload={
            "name": batch.name,
            "source": batch.source,
            "sha256": batch.sha256,
            "counts": batch.counts,
            "rows": batch.digest,
        },
    )
    return batch


def _first_half(progress: Callable[[int, int], None] | None) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(done // 2, total)


def write_planned(chosen: Sequence[PlannedRow], progress: Callable[[int, int], None] | None = None) -> dict[UUID, str]:
    """Write the planned procedures and texts and make them findable; the digests of what was written, by procedure."""
    made: list[Any] = [row.procedure for row in chosen]
    for each in made:
        each.derive()
        each._state = ModelState()
        each._prefetched_objects_cache = {}
    texts = [text for row in chosen for language, text in row.texts.items() if f"text.{language}" in row.written]
    for text in texts:
        text._state = ModelState()
    columns = (*COLUMNS, "volume_order", "effort", "search_key", "updated_at")
    for start in range(0, len(made), _PIECE):
        if progress is not None:
            progress(len(made) // 2 + start // 4, len(made))
        insert_many(made[start : start + _PIECE], known_by=("id",), update=columns)
    for start in range(0, len(texts), _PIECE):
        insert_many(
            texts[start : start + _PIECE], known_by=("government_id", "procedure_id", "language"), update=TEXT_COLUMNS
        )
    found = [search_row(row.procedure, row.texts.values()) for row in chosen if row.procedure]
    for start in range(0, len(found), _PIECE):
        if progress is not None:
            progress(len(made) * 3 // 4 + start // 4, len(made))
        index_texts(government_id=current_government_id(), kind=PROCEDURE, rows=found[start : start + _PIECE])
    return {row.procedure.id: digest_of(snapshot(row.procedure, row.texts.values())) for row in chosen if row.procedure}


def _row(batch: Batch, row: PlannedRow, after: Mapping[UUID, str]) -> BatchRow:
    procedure = row.procedure if row.state not in (RowState.WRONG, RowState.DUPLICATE) else None
    return BatchRow(
        batch=batch,
        line=row.line,
        state=row.state,
        name=row.name[:300],
        text=row.text,
        procedure_id=procedure.id if procedure else None,
        before=row.before if row.state == RowState.CHANGE else {},
        after=after.get(procedure.id, "") if procedure else "",
    )


def digest_of_rows(rows: Sequence[BatchRow]) -> str:
    """SHA-256 over line, state, procedure and result of every row, in order: what the journal proves."""
    lines = "\n".join(f"{row.line} {row.state} {row.procedure_id or '-'} {row.after or '-'}" for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()


def _draft(batch: Batch) -> Batch:
    found: Batch = Batch.objects.select_for_update().get(id=batch.id)
    if found.state != BatchState.DRAFT:
        raise Stale("このまとまりは、もう反映しています。")
    return found
