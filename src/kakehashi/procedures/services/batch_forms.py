"""まとめて様式を作る: the forms of a batch are made with it and taken back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from kakehashi.eforms.models import Form, PaperForm
from kakehashi.eforms.services import NewForm, adopt_form, make_forms, take_back_forms, touched_forms
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import Batch, BatchForm
from kakehashi.procedures.selectors.batch_row import PlannedRow

__all__ = ["forms_of_batch", "give_forms", "take_forms_back"]

_PIECE = 1_000


def give_forms(*, actor: Actor, batch: Batch, chosen: Sequence[PlannedRow]) -> None:
    """Make the forms that the rows ask for; the procedures that name them are written afterwards."""
    rows = [(row, row.form) for row in chosen if row.form is not None and row.procedure is not None]
    new = [
        NewForm(
            form.id, row.procedure.name, PROCEDURE, row.procedure.id, form.definition, f"まとめて作った（{form.label}）"
        )
        for row, form in rows
        if form.paper_id is None and row.procedure
    ]
    if new:
        make_forms(actor=actor, forms=new)
    papers = {paper.id: paper for paper in PaperForm.objects.select_related("form").filter(id__in=_papers(rows))}
    for row, form in rows:
        if form.paper_id is not None and row.procedure is not None:
            adopt_form(
                actor=actor,
                paper=papers[form.paper_id],
                owner_kind=PROCEDURE,
                owner_id=row.procedure.id,
                title=row.procedure.name,
            )
    revisions = dict(Form.objects.filter(id__in=[form.id for _, form in rows]).values_list("id", "revision"))
    kept = [
        BatchForm(batch=batch, procedure_id=row.procedure.id, form_id=form.id, source=form.source, revision=revisions[form.id])
        for row, form in rows
        if row.procedure
    ]  # fmt: skip
    for start in range(0, len(kept), _PIECE):
        insert_many(kept[start : start + _PIECE])


def _papers(rows: Sequence[tuple[PlannedRow, object]]) -> list[UUID]:
    return [row.form.paper_id for row, _ in rows if row.form is not None and row.form.paper_id is not None]


def forms_of_batch(batch: Batch) -> tuple[dict[UUID, UUID], set[UUID]]:
    """The forms that a batch gave, by procedure, and those of them that somebody has gone on with since."""
    rows = list(BatchForm.objects.filter(batch=batch))
    touched = touched_forms([row.form_id for row in rows], {row.form_id: row.revision for row in rows})
    return {row.procedure_id: row.form_id for row in rows}, touched


def take_forms_back(*, actor: Actor, given: Mapping[UUID, UUID], undone: Collection[UUID]) -> None:
    """Take back the forms of the procedures that were undone."""
    if ids := [form_id for procedure_id, form_id in given.items() if procedure_id in undone]:
        take_back_forms(actor=actor, form_ids=ids)
