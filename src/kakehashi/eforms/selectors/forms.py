"""Forms and versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid5

from kakehashi.eforms.domain.compiled import CompiledForm, CompiledForms
from kakehashi.eforms.domain.definition import FormDefinition, from_json
from kakehashi.eforms.models import DraftSnapshot, Form, FormVersion
from kakehashi.kernel.errors import NotFound


class Version(Protocol):
    """Questions that can be answered: a published version, or a draft on trial."""

    @property
    def id(self) -> UUID:
        """Names exactly these questions."""

    @property
    def definition(self) -> Any:
        """The definition as JSON."""


@dataclass(frozen=True)
class DraftVersion:
    """The draft of a form, looked at as if it were published; answers to it are never stored."""

    id: UUID
    definition: Any
    is_draft: bool = True


_compiled = CompiledForms(most=256)


def compiled_form(version: Version) -> CompiledForm:
    """The compiled form of a version, kept for the next request."""
    return _compiled.get(version.id, lambda: definition_of(version))


def definition_of(version: Version) -> FormDefinition:
    """The definition of a version as values."""
    return from_json(version.definition)


def form_for(form_id: UUID) -> Form:
    """The form of this id in the open scope; raises NotFound."""
    form: Form | None = Form.objects.filter(id=form_id).first()
    if form is None:
        raise NotFound(str(form_id))
    return form


def form_of(owner_kind: str, owner_id: UUID) -> Form | None:
    """The form that belongs to an owner, None when it has none."""
    form: Form | None = Form.objects.filter(owner_kind=owner_kind, owner_id=owner_id).order_by("id").first()
    return form


def form_version(version_id: UUID) -> FormVersion:
    """The version of this id in the open scope; raises NotFound."""
    version: FormVersion | None = FormVersion.objects.filter(id=version_id).first()
    if version is None:
        raise NotFound(str(version_id))
    return version


def latest_version(form: Form) -> FormVersion | None:
    """The version that residents answer now, None while nothing is published."""
    version: FormVersion | None = FormVersion.objects.filter(form=form).order_by("-number").first()
    return version


def draft_version(form: Form) -> DraftVersion:
    """The draft as something to look at; its id changes with every revision."""
    return DraftVersion(id=uuid5(form.id, str(form.revision)), definition=form.draft)


@dataclass(frozen=True)
class History:
    """What can be undone and done again, newest act first."""

    undo: str
    redo: str
    acts: list[DraftSnapshot]


def history(form: Form) -> History:
    """The acts on a draft that are still remembered."""
    rows = list(DraftSnapshot.objects.filter(form=form).order_by("-position").defer("definition"))
    done = [row for row in rows if row.position <= form.position]
    undone = [row for row in rows if row.position > form.position]
    return History(undo=done[0].act if len(done) > 1 else "", redo=undone[-1].act if undone else "", acts=done[:20])
