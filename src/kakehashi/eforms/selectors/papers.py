"""Reading papers that were dropped: the list, the review, the original as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import Field, Step, from_json
from kakehashi.eforms.domain.papers.draft import mark_from_json, sure_enough
from kakehashi.eforms.domain.papers.filling import fill
from kakehashi.eforms.domain.papers.model import Paper, UnreadablePaperError
from kakehashi.eforms.domain.papers.picture import Picture, picture_of
from kakehashi.eforms.domain.papers.reading import read_paper
from kakehashi.eforms.domain.papers.written import written_answers
from kakehashi.eforms.models import Form, PaperForm, PaperState, VersionPaper
from kakehashi.eforms.selectors.forms import form_version
from kakehashi.files.selectors import read_file
from kakehashi.kernel.errors import DomainError, NotFound

__all__ = [
    "Filled",
    "Reviewed",
    "batch_progress",
    "filled_paper",
    "original",
    "paper_form",
    "paper_of",
    "papers",
    "review",
    "review_url",
    "spare_papers",
    "version_paper",
]


def papers() -> QuerySet[PaperForm]:
    """Every paper of the open scope, newest first."""
    rows: QuerySet[PaperForm] = PaperForm.objects.select_related("form").order_by("-created_at", "-id")
    return rows


def spare_papers() -> QuerySet[PaperForm]:
    """Drafts from dropped papers that no procedure uses yet."""
    return papers().filter(state=PaperState.DRAFTED, form__owner_kind="eforms.paper")


def batch_progress() -> dict[str, int]:
    """How many papers wait and how many were read, of the newest batch."""
    newest = papers().first()
    if newest is None:
        return {"all": 0, "done": 0, "unreadable": 0}
    counted: dict[str, int] = PaperForm.objects.filter(batch_id=newest.batch_id).aggregate(
        all=Count("id"),
        done=Count("id", filter=~Q(state=PaperState.WAITING)),
        unreadable=Count("id", filter=Q(state=PaperState.UNREADABLE)),
    )
    return counted


def paper_form(paper_id: UUID) -> PaperForm:
    """The paper of this id in the open scope; raises NotFound."""
    found: PaperForm | None = PaperForm.objects.select_related("form", "file").filter(id=paper_id).first()
    if found is None:
        raise NotFound(str(paper_id))
    return found


def paper_of(form: Form) -> PaperForm | None:
    """The paper a form was read from, None for one made by hand."""
    found: PaperForm | None = PaperForm.objects.filter(form=form).order_by("-created_at", "-id").first()
    return found


def review_url(form: Form) -> str:
    """The page on which the form's paper is reviewed; the list of papers when it has none."""
    paper = paper_of(form)
    return reverse("eforms-staff:review", args=[paper.id]) if paper else reverse("eforms-staff:papers")


def version_paper(version_id: UUID) -> VersionPaper | None:
    """The paper of a published version, None when it was made without one."""
    found: VersionPaper | None = VersionPaper.objects.select_related("file").filter(version_id=version_id).first()
    return found


@dataclass(frozen=True)
class Reviewed:
    """One field beside the original: its number there, what was read, and what a person said of it."""

    number: int
    field: Field
    type_label: str
    said: dict[str, Any]
    judgement: str
    is_sure: bool

    @property
    def percent(self) -> int:
        """How sure the reader was, in per cent."""
        return round(100 * float(self.said.get("confidence", 0)))


def review(paper: PaperForm) -> list[tuple[Step, list[Reviewed]]]:
    """The draft's pages with their fields, numbered as on the original."""
    if paper.form is None:
        return []
    number, found = 0, []
    for step in from_json(paper.form.draft).steps:
        rows = []
        for field in step.fields:
            number += 1
            said = paper.found.get(field.key, {})
            rows.append(
                Reviewed(
                    number,
                    field,
                    CATALOGUE[field.type].label if field.type in CATALOGUE else field.type,
                    said,
                    paper.judged.get(field.key, ""),
                    sure_enough(said),
                )
            )
        found.append((step, rows))
    return found


def original(paper: PaperForm) -> Picture:
    """The original with the places of the draft's fields."""
    keys = from_json(paper.form.draft).by_key if paper.form else {}
    marks = {
        key: [mark_from_json(mark) for mark in said.get("marks", [])]
        for key, said in paper.found.items()
        if key in keys
    }
    return picture_of(_read(paper.name, paper.file.sha256, paper.file), marks)


class _Content:
    """A stored file that the cache does not look into."""

    def __init__(self, stored: Any) -> None:
        self.stored = stored

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)


def _read(name: str, sha256: str, stored: Any) -> Paper:
    return _cached(name, sha256, _Content(stored))


@lru_cache(maxsize=16)
def _cached(name: str, sha256: str, content: _Content) -> Paper:
    return read_paper(name, read_file(content.stored))


@dataclass(frozen=True)
class Filled:
    """An original with answers in it."""

    name: str
    content: bytes
    media_type: str


def filled_paper(version_id: UUID, answers: dict[str, Any], name: str) -> Filled | None:
    """The original of a version with the answers written in; None when the version has none.

    Raises DomainError when the original cannot be opened any more.
    """
    row = version_paper(version_id)
    if row is None:
        return None
    definition = from_json(form_version(version_id).definition)
    ending = PurePath(row.file.name).suffix.lower()
    try:
        content = fill(row.file.name, read_file(row.file), written_answers(definition, answers, row.found))
    except (FileNotFoundError, UnreadablePaperError) as error:
        raise DomainError("元の様式のファイルを開けません。管理者に知らせてください。", code="original") from error
    return Filled(f"{name}{ending}", content, row.file.media_type)
