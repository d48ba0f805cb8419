"""Published editions: their facts, rows, files and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.kernel.errors import NotFound
from kakehashi.opendata.domain.columns import DataColumn, Rows
from kakehashi.opendata.domain.differences import Differences, compare
from kakehashi.opendata.domain.files import write
from kakehashi.opendata.models import Dataset, Edition
from kakehashi.opendata.selectors.datasets import head_of

__all__ = ["differences_between", "edition_file", "editions_of", "find_edition", "latest_edition", "public_edition"]


def editions_of(dataset: Dataset) -> QuerySet[Edition]:
    """Every edition of a dataset, the newest first, without its rows."""
    return Edition.objects.filter(dataset_id=dataset.id).defer("rows", "columns").order_by("-number")


def latest_edition(dataset: Dataset) -> Edition | None:
    """The newest edition that was not withdrawn, with its rows."""
    return Edition.objects.filter(dataset_id=dataset.id, withdrawn_at=None).order_by("-number").first()


def find_edition(dataset: Dataset, number: int) -> Edition:
    """An edition by its number, with its rows. Raises NotFound."""
    found = Edition.objects.filter(dataset_id=dataset.id, number=number).first()
    if found is None:
        raise NotFound
    return found


def public_edition(code: str, number: int | None = None) -> Edition:
    """The newest edition of a published dataset, or the one with a number. Raises NotFound for what is not public."""
    rows = Edition.objects.select_related("dataset", "dataset__department").filter(
        dataset__code=code, dataset__state="published", withdrawn_at=None
    )
    if number is not None:
        rows = rows.filter(number=number)
    found = rows.order_by("-number").first()
    if found is None:
        raise NotFound
    return found


def public_digest(code: str, number: int | None = None) -> tuple[UUID, int, str] | None:
    """The id, number and digest of a public edition without reading its rows; None for what is not public."""
    rows = Edition.objects.filter(dataset__code=code, dataset__state="published", withdrawn_at=None)
    if number is not None:
        rows = rows.filter(number=number)
    return rows.order_by("-number").values_list("id", "number", "digest").first()


def edition_file(edition: Edition, ending: str) -> bytes:
    """The file of an edition; for CSV, JSON and GeoJSON the same bytes every time. Raises KeyError for an unknown format."""
    return write(ending, head_of(edition.title, edition.licence), edition.data_columns, edition.rows)


def differences_between(before: Edition | None, columns: Sequence[DataColumn], rows: Rows) -> Differences | None:
    """What a draft would change against an edition; None when there is none yet."""
    if before is None:
        return None
    return compare((before.data_columns, before.rows), (columns, rows))
