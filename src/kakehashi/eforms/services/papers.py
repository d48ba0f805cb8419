"""Papers become drafts: files are kept, read (at once or by the worker), and every field is judged by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from uuid import UUID

from kakehashi.eforms.adapters import draft_apart
from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import DefinitionError, Field, FormDefinition, from_json, to_json
from kakehashi.eforms.domain.edits import change_field, options_from_lines, remove_field
from kakehashi.eforms.domain.papers.folder import unpacked
from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.eforms.hooks import FILE_PURPOSE_PAPER
from kakehashi.eforms.models import Form, PaperForm, PaperState
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.services.forms import create_form, save_draft
from kakehashi.files.selectors import read_file
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service

__all__ = ["adopt_form", "drop_papers", "judge_field", "read_dropped", "read_waiting"]

PAPER = "eforms.paper"
JUDGEMENTS = {"accept": "確かめた", "change": "直した", "drop": "使わない"}


@service
def drop_papers(*, actor: Actor, files: Sequence[tuple[str, bytes]]) -> list[PaperForm]:
    """Keep dropped files (a zip counts as what is in it) and let the worker read them; each becomes a draft of its own.

    Needs ``eforms.form:edit``. A file that cannot be taken stays in the list with the reason. Raises DomainError when
    nothing was dropped, and UnreadablePaperError's sentence for a zip that may not be unpacked.
    """
    require(actor, EformsPermission.EDIT)
    try:
        several = [one for name, content in files for one in unpacked(name, content)]
    except UnreadablePaperError as error:
        raise DomainError(str(error), field="papers", code="zip") from error
    if not several:
        raise DomainError("様式のファイル（.docx・.xlsx・.pdf）を選んでください。", field="papers", code="required")
    batch, kept = uuid7(), []
    for name, content in several:
        paper = _kept(actor, name, content, batch)
        if paper.state == PaperState.WAITING:
            enqueue("eforms.read_paper", government_id=paper.government_id, paper_id=paper.id)
        kept.append(paper)
    return kept


def _kept(actor: Actor, name: str, content: bytes, batch: UUID) -> PaperForm:
    try:
        stored = store_file(actor=actor, name=PurePath(name).name, content=content, purpose=FILE_PURPOSE_PAPER)
    except DomainError as error:
        raise DomainError(f"「{name}」：{error.message}", field="papers", code=error.code) from error
    paper: PaperForm = PaperForm.objects.create(
        file=stored, name=PurePath(name).name[:200], batch_id=batch, created_by_id=actor.id
    )
    return paper


@service
def read_waiting(*, paper: PaperForm) -> PaperForm:
    """Read a waiting paper (the worker's part); one that was read meanwhile stays as it is."""
    current: PaperForm = PaperForm.objects.select_for_update().get(id=paper.id)
    if current.state != PaperState.WAITING:
        return current
    actor = system_actor(current.government_id, "様式の変換")
    return _read(actor, current, PAPER, current.id)


@service
def read_dropped(
    *,
    actor: Actor,
    name: str,
    content: bytes,
    owner_kind: str = PAPER,
    owner_id: UUID | None = None,
    form: Form | None = None,
) -> PaperForm:
    """Keep one file and read it at once into a draft of the owner, or into the draft of the ``form`` it has already.

    Needs ``eforms.form:edit``. Raises DomainError with what to do when the file cannot be read.
    """
    require(actor, EformsPermission.EDIT)
    paper = _kept(actor, name, content, uuid7())
    paper = _read(actor, paper, owner_kind, owner_id or paper.id, form)
    if paper.state == PaperState.UNREADABLE:
        raise DomainError(paper.message, field="file", code="unreadable")
    return paper


def _read(actor: Actor, paper: PaperForm, owner_kind: str, owner_id: UUID, form: Form | None = None) -> PaperForm:
    try:
        drafted = draft_apart(paper.name, read_file(paper.file))
    except UnreadablePaperError as error:
        paper.state, paper.message = PaperState.UNREADABLE, str(error)
        paper.save()
        return paper
    definition = from_json(drafted["definition"])
    paper.title = (drafted["title"] or PurePath(paper.name).stem)[:200]
    try:
        paper.form = (
            _replaced(actor, form, definition) if form else _form(actor, paper, definition, owner_kind, owner_id)
        )
    except DomainError as error:
        paper.state, paper.message = PaperState.UNREADABLE, error.message
        paper.save()
        return paper
    paper.state, paper.found, paper.notes = PaperState.DRAFTED, drafted["found"], drafted["notes"]
    paper.save()
    return paper


def _form(actor: Actor, paper: PaperForm, definition: FormDefinition, owner_kind: str, owner_id: UUID) -> Form:
    if actor.can(EformsPermission.EDIT, paper.government_id):
        return create_form(
            actor=actor, title=paper.title, owner_kind=owner_kind, owner_id=owner_id, definition=definition
        )
    # The worker reads for the person who dropped the file and was asked then.
    form: Form = Form.objects.create(
        title=paper.title, owner_kind=owner_kind, owner_id=owner_id, draft=to_json(definition)
    )
    form.snapshots.create(position=1, definition=form.draft, act="紙の様式から作った", made_by_label=actor.label)
    return form


def _replaced(actor: Actor, form: Form, definition: FormDefinition) -> Form:
    current = Form.objects.get(id=form.id)
    return save_draft(
        actor=actor,
        form=current,
        definition=definition,
        expected_revision=current.revision,
        act="紙の様式から作りなおした",
    )


@service
def adopt_form(
    *, actor: Actor, paper: PaperForm, owner_kind: str, owner_id: UUID, title: str, form: Form | None = None
) -> Form:
    """Give a draft that was read from a dropped file to its owner, or into the draft of the ``form`` it has already.

    Raises DomainError for a draft that has an owner.
    """
    require(actor, EformsPermission.EDIT)
    assert paper.form is not None  # For the type checker: the caller asks for drafts that were read.
    spare: Form = Form.objects.select_for_update().get(id=paper.form.id)
    if spare.owner_kind != PAPER:
        raise DomainError("この下書きは、もうほかの手続で使われています。", code="adopted")
    if form is not None:
        kept = _replaced(actor, form, from_json(spare.draft))
        PaperForm.objects.filter(id=paper.id).update(form=kept, created_at=clock.now())
        spare.delete()
        return kept
    spare.owner_kind, spare.owner_id, spare.title = owner_kind, owner_id, title[:200]
    spare.save()
    return spare


@service
def judge_field(
    *, actor: Actor, paper: PaperForm, key: str, judgement: str, expected_revision: int, changes: dict[str, Any]
) -> PaperForm:
    """Accept, change (``label``, ``type``, ``required``, ``options`` as lines) or drop a field that was read.

    Raises DomainError, DefinitionError's sentence included, and Stale when somebody changed the form meanwhile.
    """
    require(actor, EformsPermission.EDIT)
    if judgement not in JUDGEMENTS or paper.form is None:
        raise DomainError("その操作はできません。", code="judgement")
    definition = from_json(paper.form.draft)
    field = definition.by_key.get(key)
    if field is None:
        raise DomainError("その項目はもうありません。", code="gone")
    try:
        changed = definition
        if judgement == "drop":
            changed = remove_field(definition, key)
        elif judgement == "change":
            changed = change_field(definition, key, **_changes(field, changes))
        if changed != definition:
            act = f"「{field.label}」を{JUDGEMENTS[judgement]}"
            save_draft(actor=actor, form=paper.form, definition=changed, expected_revision=expected_revision, act=act)
    except DefinitionError as error:
        raise DomainError(str(error), code="definition") from error
    paper.judged = {**paper.judged, key: judgement}
    paper.save(update_fields=["judged"])
    return paper


def _changes(field: Field, given: dict[str, Any]) -> dict[str, Any]:
    type_ = given.get("type") or field.type
    if type_ not in CATALOGUE:
        raise DomainError("その種類の項目は作れません。", field="type")
    label = str(given.get("label", field.label)).strip()[:300]
    if not label:
        raise DomainError("質問の文を入力してください。", field="label")
    changed = replace(field, label=label, required=bool(given.get("required")), type=type_)
    if CATALOGUE[type_].has_options:
        lines = str(given.get("options", "")).strip() or "\n".join(one.label for one in field.options) or "はい\nいいえ"
        options = tuple(field.options) if lines == "\n".join(one.label for one in field.options) else ()
        changed = replace(changed, options=options or options_from_lines(lines, field.options))
    elif type_ != field.type:
        changed = replace(changed, options=())
    if type_ != field.type:
        known = {setting.name for setting in CATALOGUE[type_].settings}
        changed = replace(changed, settings={k: v for k, v in field.settings.items() if k in known})
        if type_ != "table":
            changed = replace(changed, columns=())
        elif not field.columns:
            changed = replace(changed, columns=(Field("column_1", "text", "内容"),))
    return {name: getattr(changed, name) for name in ("label", "type", "required", "options", "settings", "columns")}
