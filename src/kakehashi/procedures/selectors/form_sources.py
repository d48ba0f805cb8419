"""様式のもとをさがす: which block, procedure or converted paper a row means; read once for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from kakehashi.eforms.domain.blocks import insert_block
from kakehashi.eforms.domain.checks import check_definition, my_number_problems
from kakehashi.eforms.domain.definition import DefinitionError, FormDefinition, from_json
from kakehashi.eforms.domain.whole_form import BlockUse
from kakehashi.eforms.models import FormVersion, PaperForm
from kakehashi.eforms.selectors import form_for
from kakehashi.eforms.selectors.blocks import latest_block, usable_blocks
from kakehashi.eforms.selectors.papers import spare_papers
from kakehashi.kernel.ids import uuid7
from kakehashi.procedures.domain.form_words import KINDS, STARTER, read_source
from kakehashi.procedures.domain.gates import hard_to_use
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.sheet_values import name_key
from kakehashi.procedures.domain.starter_form import starter_form
from kakehashi.procedures.models import Procedure

__all__ = ["FormSources", "NoSource", "PlannedForm"]

_WORDS = {code: word for word, code in reversed(KINDS.items())}


class NoSource(ValueError):
    """Nothing can be made from what the row names; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class PlannedForm:
    """A form that a batch would give to a procedure. A converted paper brings its own draft: `id` is that form's."""

    id: UUID
    source: str
    label: str
    definition: FormDefinition
    paper_id: UUID | None = None
    faults: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What would be made, and what somebody must mend before it can be published."""
        count = len(self.definition.by_key)
        made = f"様式の下書きを作ります（もと：{self.label}、{count}項目）。"
        return made + (f"公開の前に直すところ：{' '.join(self.faults[:3])}" if self.faults else "")


@dataclass(slots=True)
class _Named:
    """Everything of one kind by its folded names."""

    by_name: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: UUID, *names: str) -> None:
        for folded in {name_key(name) for name in names if name.strip()}:
            self.by_name[folded].append(key)

    def find(self, name: str) -> list[UUID]:
        return self.by_name.get(name_key(name), [])


class FormSources:
    """Finds and makes ready the sources of one batch; a source that many rows name is read once."""

    def __init__(self) -> None:
        self._taken: set[UUID] = set()
        self._definitions: dict[tuple[str, tuple[UUID, ...], str], tuple[FormDefinition, tuple[str, ...]]] = {}

    @cached_property
    def _papers(self) -> dict[UUID, PaperForm]:
        return {paper.id: paper for paper in spare_papers()}

    @cached_property
    def _names(self) -> dict[str, _Named]:
        blocks, procedures, papers = _Named(), _Named(), _Named()
        for block in usable_blocks():
            blocks.add(block.id, block.title)
        for key, form_id, name in Procedure.objects.exclude(form=None).values_list("id", "form_id", "name"):
            procedures.add(form_id, name, str(key))
        for paper in self._papers.values():
            papers.add(paper.id, paper.name, paper.title)
        return {"block": blocks, "procedure": procedures, "paper": papers}

    def form_of(self, text: str, kind: Kind) -> PlannedForm:
        """What would be made for a procedure of this kind. Raises NoSource."""
        source, names = read_source(text)
        if source == STARTER:
            definition, faults = self._ready("starter", (), kind)
            return PlannedForm(uuid7(), STARTER, "種類のひな形", definition, faults=faults)
        source, ids = self._found(source, names)
        if source == "paper":
            return self._from_paper(ids[0])
        definition, faults = self._ready(source, tuple(ids), kind if source == "block" else None)
        return PlannedForm(uuid7(), source, f"{_WORDS[source]}「{'、'.join(names)}」", definition, faults=faults)

    def _found(self, source: str, names: list[str]) -> tuple[str, list[UUID]]:
        kinds = [source] if source else ["paper", "procedure", "block"]
        found: list[UUID] = []
        for name in names:
            hits = [(kind, key) for kind in kinds for key in self._names[kind].find(name)]
            if not hits:
                raise NoSource(f"様式のもと「{name}」が見つかりません（変換した様式、手続、部品の名前を書きます）。")
            if len(hits) > 1:
                words = "・".join(dict.fromkeys(_WORDS[kind] for kind, _ in hits))
                raise NoSource(
                    f"様式のもと「{name}」が{len(hits)}つあります（{words}）。どれかが分かるように書いてください。"
                )
            source = hits[0][0]
            found.append(hits[0][1])
        return source, found

    def _from_paper(self, paper_id: UUID) -> PlannedForm:
        paper = self._papers[paper_id]
        if paper_id in self._taken:
            raise NoSource(f"変換した様式「{paper.name}」は、ほかの行で使っています。一つの手続にだけ使えます。")
        assert paper.form is not None  # For the type checker: spare papers were read.
        definition = _read(paper.form.draft)
        self._taken.add(paper_id)
        return PlannedForm(
            paper.form.id, "paper", f"変換した様式「{paper.name}」", definition, paper_id, _faults(definition)
        )

    def _ready(self, source: str, ids: tuple[UUID, ...], kind: Kind | None) -> tuple[FormDefinition, tuple[str, ...]]:
        known = (source, ids, kind.value if kind else "")
        if known not in self._definitions:
            made = _copied(ids[0]) if source == "procedure" else _with_blocks(starter_form(kind or Kind.REQUEST), ids)
            self._definitions[known] = made, _faults(made)
        return self._definitions[known]


def _read(draft: object) -> FormDefinition:
    try:
        return from_json(draft)
    except DefinitionError as error:
        raise NoSource(f"様式を読み取れません：{error}") from error


def _copied(form_id: UUID) -> FormDefinition:
    """What residents answer now, else the draft."""
    version = FormVersion.objects.filter(form_id=form_id).order_by("-number").first()
    return _read(version.definition if version is not None else form_for(form_id).draft)


def _with_blocks(definition: FormDefinition, block_ids: tuple[UUID, ...]) -> FormDefinition:
    """The starter form of the kind with the blocks on its last page, each followed from now on."""
    for block_id in block_ids:
        version = latest_block(block_id)
        use = BlockUse(str(version.form_id), version.number, version.form.title)
        try:
            definition, _ = insert_block(definition, definition.steps[-1].key, _read(version.definition), use)
        except DefinitionError as error:
            raise NoSource(f"部品「{version.form.title}」を入れられません：{error}") from error
    return definition


def _faults(definition: FormDefinition) -> tuple[str, ...]:
    """What stops publishing, and what is hard to use. Raises NoSource for what must not even be stored."""
    if found := my_number_problems(definition):
        raise NoSource(found[0].message)
    return (*(finding.message for finding in check_definition(definition)), *hard_to_use(definition))
