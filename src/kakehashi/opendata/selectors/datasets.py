"""The datasets of a government: what is offered, what it decided about each, and how old each is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from kakehashi.governments.selectors import get_government, rooms_of_id
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.opendata.domain.files import Head
from kakehashi.opendata.domain.freshness import Freshness
from kakehashi.opendata.domain.licences import LICENCES
from kakehashi.opendata.domain.registry import DATASETS, DatasetSource
from kakehashi.opendata.models import Dataset, DatasetState, Edition

__all__ = ["Line", "dataset_of", "find_source", "head_of", "offered", "public_lines", "staff_lines"]


@dataclass(frozen=True)
class Line:
    """A dataset in a list: what is offered, what was decided (unsaved until somebody decides), and its newest edition's facts."""

    source: DatasetSource
    dataset: Dataset
    number: int | None = None
    row_count: int = 0

    @property
    def freshness(self) -> Freshness:
        """How old it is; one that is not public has no age."""
        return self.dataset.freshness


def offered() -> list[DatasetSource]:
    """The datasets of the rooms this government uses, in the order of registration."""
    rooms = rooms_of_id(current_government_id())
    return [source for _, source in DATASETS.items() if source.room in rooms]


def find_source(code: str) -> DatasetSource:
    """An offered dataset by its code. Raises NotFound, also when its room is off."""
    for source in offered():
        if source.code == code:
            return source
    raise NotFound


def dataset_of(source: DatasetSource) -> Dataset:
    """What the government decided about a dataset; an unsaved row with the defaults before it decided anything."""
    found = Dataset.objects.select_related("department").filter(code=source.code).first()
    return found or unsaved(source)


def unsaved(source: DatasetSource) -> Dataset:
    """The defaults of a dataset nobody has decided about."""
    return Dataset(code=source.code, licence=source.licence, frequency=source.frequency.value)


def staff_lines() -> list[Line]:
    """Every offered dataset for staff, in two queries."""
    known = {row.code: row for row in _with_newest()}
    return [_line(source, known.get(source.code) or unsaved(source)) for source in offered()]


def public_lines(words: str = "", theme: str = "", titles: dict[str, str] | None = None) -> list[Line]:
    """The published datasets, those that contain all `words` (in the given titles, keywords and columns) and are of `theme`."""
    known = {row.code: row for row in _with_newest().filter(state=DatasetState.PUBLISHED)}
    lines = [_line(source, known[source.code]) for source in offered() if source.code in known]
    asked = fold(words).split()
    return [
        line
        for line in lines
        if (not theme or line.source.theme == theme)
        and all(word in _haystack(line.source, (titles or {}).get(line.source.code, "")) for word in asked)
    ]


def head_of(source_title: str, licence: str) -> Head:
    """What the files of a dataset say of themselves."""
    government, terms = get_government(current_government_id()), LICENCES[licence]
    return Head(source_title, government.name, government.code, terms.short, terms.url)


def _haystack(source: DatasetSource, title: str) -> str:
    headers = " ".join(column.header for column in source.columns)
    return fold(" ".join((source.title, title, source.description, *source.keywords, headers)))


def _with_newest() -> QuerySet[Dataset]:
    newest = Edition.objects.filter(dataset=OuterRef("pk"), withdrawn_at=None).order_by("-number")
    return Dataset.objects.select_related("department").annotate(
        newest_number=Subquery(newest.values("number")[:1]), newest_rows=Subquery(newest.values("row_count")[:1])
    )


def _line(source: DatasetSource, dataset: Dataset) -> Line:
    return Line(source, dataset, getattr(dataset, "newest_number", None), getattr(dataset, "newest_rows", None) or 0)
