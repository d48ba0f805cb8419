"""取り込みを元に戻す: a whole batch is taken back exactly; what was changed since is left alone and named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.base import ModelState

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.errors import Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import Batch, BatchRow, BatchState, Procedure, ProcedureText, RowState
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.snapshots import COLUMNS, digest_of, fill, snapshot
from kakehashi.procedures.services.batch_forms import forms_of_batch, take_forms_back
from kakehashi.procedures.services.batches import SUBJECT
from kakehashi.procedures.services.inventory import search_row
from kakehashi.search.services import index_texts, remove_texts

__all__ = ["undo_batch"]

_PIECE = 1_000
_CHANGED = "取り込みのあとに変わったので、戻していません。"
_GONE = "台帳からなくなっています。"
_FORM_TOUCHED = "作った様式が、あとから直されたか公開されたので、戻していません。"
_USED = "申請や設定が付いているので、消していません。"


@service
def undo_batch(*, actor: Actor, batch: Batch, progress: Callable[[int, int], None] | None = None) -> Batch:
    """Take a whole batch back: procedures that it made go, changed ones are again as they were before.

    A procedure that is not as the batch left it, or that something hangs on by now, is left alone; its row says why.
    Forms that the batch made go with it, unless somebody has gone on with them. Publishing is taken back only by who may publish. Raises Stale when there is nothing (more) to undo.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    batch = Batch.objects.select_for_update().get(id=batch.id)
    if batch.state != BatchState.APPLIED:
        raise Stale("このまとまりは、元に戻せる状態ではありません。")
    if any(batch.counts.get(f"act.{act}") for act in ("open", "close")):
        require(actor, ProceduresPermission.OPEN_PROCEDURE)
    rows = list(BatchRow.objects.filter(batch=batch, state__in=(RowState.NEW, RowState.CHANGE)))
    given, touched = forms_of_batch(batch)
    kept = {row.id: _FORM_TOUCHED for row in rows if row.procedure_id and given.get(row.procedure_id) in touched}
    for start in range(0, len(rows), _PIECE):
        if progress is not None:
            progress(start, len(rows))
        kept |= _undo([row for row in rows[start : start + _PIECE] if row.id not in kept])
    undone = {row.procedure_id for row in rows if row.procedure_id and row.id not in kept}
    take_forms_back(actor=actor, given=given, undone=undone)
    _mark(rows, kept)
    batch.state = BatchState.PARTLY_UNDONE if kept else BatchState.UNDONE
    batch.undone_at, batch.undone_by = clock.now(), actor.label[:200]
    batch.counts = batch.counts | {"undone": len(rows) - len(kept), "kept": len(kept)}
    batch.save(update_fields=["state", "undone_at", "undone_by", "counts"])
    record_event(
        actor=actor,
        code="procedures.batch.undone",
        subject_kind=SUBJECT,
        subject_id=batch.id,
        payload={"name": batch.name, "undone": len(rows) - len(kept), "kept": len(kept), "rows": batch.digest},
    )
    return batch


def _undo(rows: Sequence[BatchRow]) -> dict[UUID, str]:
    """Undo some rows; why the others are kept, by row."""
    ids = [row.procedure_id for row in rows if row.procedure_id]
    known = {each.id: each for each in Procedure.objects.select_for_update().filter(id__in=ids)}
    texts: dict[UUID, list[ProcedureText]] = defaultdict(list)
    for text in ProcedureText.objects.filter(procedure_id__in=ids):
        texts[text.procedure_id].append(text)
    used = _in_use([row.procedure_id for row in rows if row.state == RowState.NEW and row.procedure_id])
    kept: dict[UUID, str] = {}
    gone: list[UUID] = []
    changed: list[tuple[Procedure, Mapping[str, Any]]] = []
    for row in rows:
        procedure = known.get(row.procedure_id) if row.procedure_id else None
        if procedure is None:
            kept[row.id] = _GONE
        elif digest_of(snapshot(procedure, texts[procedure.id])) != row.after:
            kept[row.id] = _CHANGED
        elif row.state == RowState.CHANGE:
            changed.append((procedure, row.before))
        elif procedure.id in used:
            kept[row.id] = _USED
        else:
            gone.append(procedure.id)
    _delete(gone)
    _restore(changed)
    return kept


def _in_use(ids: Sequence[UUID]) -> set[UUID]:
    """Procedures that some other row refers to by now, whichever room or table it is; their own texts do not count."""
    found: set[UUID] = set()
    for relation in Procedure._meta.related_objects:
        model: Any = relation.related_model
        if model is not ProcedureText:
            name = relation.field.name
            found |= set(model.objects.filter(**{f"{name}__in": ids}).values_list(f"{name}_id", flat=True))
    return found


def _delete(ids: Sequence[UUID]) -> None:
    remove_texts(government_id=current_government_id(), kind=PROCEDURE, object_ids=ids)
    ProcedureText.objects.filter(procedure_id__in=ids).delete()
    Procedure.objects.filter(id__in=ids).delete()


def _restore(changed: Sequence[tuple[Procedure, Mapping[str, Any]]]) -> None:
    texts: dict[UUID, list[ProcedureText]] = {}
    for procedure, before in changed:
        fill(procedure, before)
        procedure.survey = before.get("survey", procedure.survey)
        procedure.derive()
        procedure._state = ModelState()
        texts[procedure.id] = [
            ProcedureText(procedure=procedure, language=language, **words)
            for language, words in before["texts"].items()
        ]
    columns = (*COLUMNS, "survey", "volume_order", "effort", "search_key", "updated_at")
    insert_many([procedure for procedure, _ in changed], known_by=("id",), update=columns)
    ProcedureText.objects.filter(procedure_id__in=list(texts)).delete()
    insert_many([text for words in texts.values() for text in words])
    index_texts(
        government_id=current_government_id(),
        kind=PROCEDURE,
        rows=[search_row(procedure, texts[procedure.id]) for procedure, _ in changed],
    )


def _mark(rows: Sequence[BatchRow], kept: Mapping[UUID, str]) -> None:
    undone = [row.id for row in rows if row.id not in kept]
    for start in range(0, len(undone), _PIECE):
        BatchRow.objects.filter(id__in=undone[start : start + _PIECE]).update(state=RowState.UNDONE)
    for row in rows:
        if row.id in kept:
            row.state, row.text = RowState.KEPT, f"{kept[row.id]}　{row.text}"
            row.save(update_fields=["state", "text"])
