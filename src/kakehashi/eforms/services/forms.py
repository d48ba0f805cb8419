"""Writing forms: drafts are compared and set, versions are only ever added."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from django.db.models import Max

from kakehashi.eforms.domain.catalogue.attachments import AttachmentType
from kakehashi.eforms.domain.checks import check_definition, my_number_problems
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import DefinitionError, FormDefinition, Step, from_json, to_json
from kakehashi.eforms.hooks import may_edit
from kakehashi.eforms.models import DraftSnapshot, Form, FormVersion, PaperForm, VersionPaper
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors.forms import Version, compiled_form
from kakehashi.eforms.selectors.posts import FormPost, Post
from kakehashi.files.domain.names import clean_name
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import uploaded_file
from kakehashi.files.services import discard_file, store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = [
    "create_form",
    "keep_uploads",
    "publish_form",
    "receive_version",
    "redo_draft",
    "save_draft",
    "undo_draft",
]

SNAPSHOTS_KEPT = 50
EMPTY = FormDefinition(steps=(Step(key="page_1", title="申請の内容"),), next_number=2)


@service
def create_form(
    *, actor: Actor, title: str, owner_kind: str, owner_id: UUID, definition: FormDefinition | None = None
) -> Form:
    """A new form with one empty page, or with the definition given, for an owner ("procedures.procedure", its id).

    Needs ``eforms.form:edit``. A draft is no official act: nothing is written to the journal.
    """
    require(actor, EformsPermission.EDIT)
    draft = stored_draft(definition or EMPTY)
    form: Form = Form.objects.create(title=title[:200], owner_kind=owner_kind, owner_id=owner_id, draft=draft)
    _keep_snapshot(form, actor, "様式を作った")
    return form


@service
def save_draft(
    *, actor: Actor, form: Form, definition: FormDefinition, expected_revision: int, act: str = "様式を直した"
) -> Form:
    """Replace the draft if nobody changed it since ``expected_revision``; ``act`` says in Japanese what was done.

    Raises Stale when somebody did, DomainError for a definition that must not be stored, PermissionRefused.
    """
    _require_edit(actor, form)
    draft = stored_draft(definition)
    current = _locked(form, expected_revision)
    DraftSnapshot.objects.filter(form=current, position__gt=current.position).delete()
    current.draft, current.position = draft, current.position + 1
    _keep_snapshot(current, actor, act)
    DraftSnapshot.objects.filter(form=current, position__lte=current.position - SNAPSHOTS_KEPT).delete()
    return _saved(current)


@service
def undo_draft(*, actor: Actor, form: Form, expected_revision: int) -> Form:
    """The draft as it was one act earlier. Raises DomainError when there is nothing earlier, Stale, PermissionRefused."""
    return _go(actor, form, expected_revision, -1)


@service
def redo_draft(*, actor: Actor, form: Form, expected_revision: int) -> Form:
    """The act that was undone, done again. Raises DomainError when there is none, Stale, PermissionRefused."""
    return _go(actor, form, expected_revision, +1)


@service
def publish_form(*, actor: Actor, form: Form, expected_revision: int | None = None) -> FormVersion:
    """Make the draft the version that residents answer from now on; answers already begun keep theirs.

    Needs ``eforms.form:publish``. Raises DomainError with everything that must be mended first, and Stale. An official
    act: ``eforms.form.published``.
    """
    require(actor, EformsPermission.PUBLISH)
    _require_edit(actor, form)
    current = _locked(form, form.revision if expected_revision is None else expected_revision)
    definition = from_json(current.draft)
    if found := check_definition(definition):
        raise DomainError(" ".join(finding.message for finding in found), code="not_ready")
    last = FormVersion.objects.filter(form=current).aggregate(last=Max("number"))["last"] or 0
    version: FormVersion = FormVersion.objects.create(
        form=current,
        number=last + 1,
        definition=to_json(definition),
        schema=compile_form(definition).schema,
        published_by_id=actor.id,
        published_by_label=actor.label,
    )
    keep_paper(current, version, definition)
    record_event(
        actor=actor,
        code="eforms.form.published",
        subject_kind="eforms.form",
        subject_id=current.id,
        payload={"version_id": str(version.id), "number": version.number, "title": current.title},
    )
    return version


@service
def receive_version(
    *,
    actor: Actor,
    form_id: UUID,
    version_id: UUID,
    number: int,
    title: str,
    owner_kind: str,
    owner_id: UUID,
    definition: dict[str, Any],
) -> FormVersion:
    """Take over a version that the other half of a split installation published, under its own ids; twice makes one.

    The form is made when it is new here. Raises DomainError for a definition that could not be published, PermissionRefused.
    """
    require(actor, EformsPermission.PUBLISH)
    known: FormVersion | None = FormVersion.objects.filter(id=version_id).first()
    if known is not None:
        return known
    read = from_json(definition)
    if found := check_definition(read):
        raise DomainError(" ".join(finding.message for finding in found), code="not_ready")
    form, _ = Form.objects.get_or_create(
        id=form_id,
        defaults={"title": title[:200], "owner_kind": owner_kind, "owner_id": owner_id, "draft": to_json(read)},
    )
    version: FormVersion = FormVersion.objects.create(
        id=version_id,
        form=form,
        number=number,
        definition=to_json(read),
        schema=compile_form(read).schema,
        published_by_label=actor.label[:200],
    )
    record_event(
        actor=actor,
        code="eforms.form.published",
        subject_kind="eforms.form",
        subject_id=form.id,
        payload={"version_id": str(version.id), "number": version.number, "title": form.title},
    )
    return version


def keep_paper(form: Form, version: FormVersion, definition: FormDefinition) -> None:
    """Keep with a version where its fields stand on the paper it was read from, so that answers print back."""
    paper = PaperForm.objects.filter(form=form).order_by("-created_at", "-id").first()
    if paper is None:
        return
    found = {key: said for key, said in paper.found.items() if key in definition.by_key}
    VersionPaper.objects.create(version=version, file=paper.file, found=found)


class Uploads(Protocol):
    """What Django's ``request.FILES`` offers."""

    def getlist(self, name: str) -> list[Any]:
        """Every file under a name."""


@service
def keep_uploads(
    *,
    actor: Actor,
    version: Version,
    step_key: str,
    post: Post,
    files: Uploads,
    purpose: str,
    protected_purpose: str = "",
) -> FormPost:
    """Take in the files of a posted step and give the post to hand to ``validate_step``.

    ``purpose`` is the caller's, registered with the files room; ``protected_purpose`` is one that seals, for marked questions. A refused file becomes an error beside its field and
    never stops the others; what was taken in travels on with the page, so that an error elsewhere loses nothing. The same file
    given twice for one question is kept once; ``FormPost.twice`` names it.
    """
    form = compiled_form(version)
    stored: dict[str, list[dict[str, Any]]] = {}
    refused: dict[str, str] = {}
    twice: list[str] = []
    for one in form.definition.step(step_key).fields:
        type_ = form.types[one.key]
        if not isinstance(type_, AttachmentType):
            continue
        for upload in files.getlist(one.key)[: type_.most(one) + 1]:
            try:
                kept = store_file(
                    actor=actor,
                    name=upload.name or "",
                    content=upload.file,
                    purpose=(protected_purpose or purpose) if one.protected else purpose,
                )
            except DomainError as error:
                refused[one.key] = error.message
            else:
                # The name stays with the answer, which is sealed; the row of a sealed file has one that says nothing.
                called = clean_name(upload.name or "") if kept.key_id else kept.name
                stored.setdefault(one.key, []).append(_reference_to(kept) | {"name": called})
        # Large files were sent in parts beforehand; the form brings their receipts. What is protected is never sent in parts:
        # they would lie unsealed until they are joined.
        for receipt in [] if one.protected else post.getlist(f"{one.key}.uploaded")[: type_.most(one) + 1]:
            uploaded = uploaded_file(receipt, purpose)
            if uploaded is not None:
                stored.setdefault(one.key, []).append(_reference_to(uploaded))
        if stored.get(one.key):
            stored[one.key], dropped = _once(actor, FormPost(post).attached(one.key), stored[one.key])
            twice += dropped
    return FormPost(post, stored, refused, tuple(twice))


def _once(actor: Actor, carried: object, new: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """What is new, without files whose content the question has already, and the names of these; what is sealed cannot be compared."""
    before = [item for item in carried if isinstance(item, dict)] if isinstance(carried, list) else []
    files = StoredFile.objects.in_bulk([item["id"] for item in (*before, *new)])
    rows = {str(id_): row for id_, row in files.items() if not row.key_id}
    known = {rows[item["id"]].sha256 for item in before if item["id"] in rows}
    there = {item["id"] for item in before}
    kept, twice = [], []
    for item in new:
        row = rows.get(item["id"])
        if item["id"] not in there and (row is None or row.sha256 not in known):
            kept.append(item)
            there.add(item["id"])
            known |= {row.sha256} if row else set()
            continue
        twice.append(str(item["name"]))
        if item["id"] not in there and row is not None:
            discard_file(actor=actor, stored_file=row)
    return kept, twice


def _reference_to(kept: StoredFile) -> dict[str, Any]:
    return {"id": str(kept.id), "name": kept.name, "size": kept.size}


def _require_edit(actor: Actor, form: Form) -> None:
    require(actor, EformsPermission.EDIT)
    if not may_edit(actor, form):
        raise PermissionRefused(EformsPermission.EDIT)


def stored_draft(definition: FormDefinition) -> dict[str, Any]:
    """The definition as it is stored; reading it back refuses what JSON or PostgreSQL cannot keep. Raises DomainError."""
    try:
        kept = from_json(to_json(definition))
        compile_form(kept)
    except DefinitionError as error:
        raise DomainError(str(error), code="definition") from error
    if found := my_number_problems(kept):
        raise DomainError(found[0].message, code="my_number")
    return to_json(kept)


def _locked(form: Form, expected_revision: int) -> Form:
    current: Form = Form.objects.select_for_update().get(id=form.id)
    if current.revision != expected_revision:
        raise Stale("ほかの人がこの様式を直しました。新しい内容を確かめてから、もう一度直してください。")
    return current


def _saved(form: Form) -> Form:
    form.revision += 1
    form.changed_at = clock.now()
    form.save(update_fields=["draft", "position", "revision", "changed_at"])
    return form


def _keep_snapshot(form: Form, actor: Actor, act: str) -> None:
    DraftSnapshot.objects.create(
        form=form,
        position=form.position,
        definition=form.draft,
        act=act[:200],
        made_by_label=actor.label,
    )


def _go(actor: Actor, form: Form, expected_revision: int, by: int) -> Form:
    _require_edit(actor, form)
    current = _locked(form, expected_revision)
    found = DraftSnapshot.objects.filter(form=current, position=current.position + by)[:1]
    if not found:
        raise DomainError(
            "これより前の状態はありません。" if by < 0 else "やり直せる操作はありません。", code="no_history"
        )
    current.draft, current.position = found[0].definition, found[0].position
    return _saved(current)
