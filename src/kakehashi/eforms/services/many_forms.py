"""たくさんの様式をいちどに作る・なかったことにする: for imports of an upper room, behind its own dry run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.eforms.models import DraftSnapshot, Form, FormVersion, PaperForm
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.services.forms import stored_draft
from kakehashi.eforms.services.papers import PAPER
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["NewForm", "make_forms", "take_back_forms", "touched_forms"]

_PIECE = 500


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form to be made: its id is known beforehand; ``act`` says in Japanese what it was made from."""

    id: UUID
    title: str
    owner_kind: str
    owner_id: UUID
    definition: FormDefinition
    act: str


@service
def make_forms(*, actor: Actor, forms: Sequence[NewForm]) -> None:
    """Make many forms with few statements, each a draft that can be undone in the editor as if it had been made singly.

    Needs ``eforms.form:edit``. Raises DomainError for a definition that must not be stored.
    """
    require(actor, EformsPermission.EDIT)
    kept: dict[int, dict[str, object]] = {}
    for start in range(0, len(forms), _PIECE):
        piece = forms[start : start + _PIECE]
        for one in piece:
            # A hundred forms made from one source are checked once.
            if id(one.definition) not in kept:
                kept[id(one.definition)] = stored_draft(one.definition)
        rows = [
            Form(
                id=one.id,
                title=one.title[:200],
                owner_kind=one.owner_kind,
                owner_id=one.owner_id,
                draft=kept[id(one.definition)],
            )
            for one in piece
        ]
        insert_many(rows)
        insert_many([
            DraftSnapshot(form=row, position=1, definition=row.draft, act=one.act[:200], made_by_label=actor.label[:200])
            for row, one in zip(rows, piece, strict=True)
        ])  # fmt: skip


def touched_forms(form_ids: Collection[UUID], revisions: dict[UUID, int]) -> set[UUID]:
    """Those of the forms that somebody changed or published since they had these revisions, and those that are gone."""
    now = dict(Form.objects.filter(id__in=form_ids).values_list("id", "revision"))
    published = set(FormVersion.objects.filter(form_id__in=form_ids).values_list("form_id", flat=True))
    return {key for key in form_ids if now.get(key) != revisions[key]} | published


@service
def take_back_forms(*, actor: Actor, form_ids: Collection[UUID]) -> int:
    """Undo `make_forms` and adoptions: a draft that came from a paper waits again for its procedure, the others go.

    Only for forms that nothing refers to any more and nobody touched (`touched_forms`). Needs ``eforms.form:edit``; gives how many.
    """
    require(actor, EformsPermission.EDIT)
    from_paper = {paper.form_id: paper for paper in PaperForm.objects.filter(form_id__in=form_ids)}
    for form in Form.objects.select_for_update().filter(id__in=list(from_paper)):
        paper = from_paper[form.id]
        form.owner_kind, form.owner_id, form.title = PAPER, paper.id, (paper.title or paper.name)[:200]
        form.save(update_fields=["owner_kind", "owner_id", "title"])
    others = Form.objects.filter(id__in=[key for key in form_ids if key not in from_paper])
    DraftSnapshot.objects.filter(form__in=others).delete()
    others.delete()
    return len(form_ids)
