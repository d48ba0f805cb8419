"""What upper rooms offer for publication: datasets, and tables that staff keep by hand. Filled once, when the program starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kakehashi.kernel.personal_data import HOLDERS
from kakehashi.kernel.registry import Registry
from kakehashi.opendata.domain.columns import DataColumn
from kakehashi.opendata.domain.files import formats_of
from kakehashi.opendata.domain.freshness import Frequency
from kakehashi.opendata.domain.licences import DEFAULT_LICENCE

__all__ = ["DATASETS", "REGISTERS", "DatasetSource", "ListKind", "RegisterTable", "Row", "check_columns"]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class DatasetSource:
    """A dataset that a room can publish.

    `code` is its name in addresses ("evacuation_space"); `title` and `description` are Japanese msgids of the room's own catalogue.
    `rows` gives, in the open scope of a government, what is public and nothing else: mappings from the keys of `columns`.
    `room` must be switched on for it to be there. `frequency`, `licence` and `theme` (a DCAT theme) are what a town begins with.
    `standard` names the published definition that the columns follow. `page` is where staff mend a row: (row's unique value) → path.
    """

    code: str
    room: str
    title: str
    description: str
    columns: tuple[DataColumn, ...]
    rows: Callable[[], Iterable[Row]]
    theme: str = "GOVE"
    frequency: Frequency = Frequency.MONTHLY
    licence: str = DEFAULT_LICENCE
    standard: str = ""
    register: str = ""
    keywords: tuple[str, ...] = ()

    @property
    def formats(self) -> list[str]:
        """The endings of the files it is published in."""
        return [each.ending for each in formats_of(self.columns)]


@dataclass(frozen=True)
class ListKind:
    """A kind of list that is imported into a table: what every row of it is (`always`), and what a new row begins with (`at_first`)."""

    code: str
    label: str
    always: Mapping[str, Any] = field(default_factory=dict)
    at_first: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisterTable:
    """A table that staff keep by hand and that a dataset is made from (台帳).

    `model` inherits `opendata.models.KeptRow` and has a field for every column that is not in `derived`. `derived` gives, for the
    open government, the columns that are the same in every row, such as its code; `own_code` is the key of the one that says whose a
    row is. `permission` is asked for every change; only this room writes the table, on the owning room's behalf.
    `kinds` are the lists it is imported from (the first is usual); `same_rows` gives, for a kind, a way to find the row that a line
    without our ID is about. `pages` are further pages about it (label, URL name).
    """

    code: str
    room: str
    label: str
    noun: str
    model: Any
    columns: tuple[DataColumn, ...]
    permission: str
    derived: Callable[[], Mapping[str, str]]
    dataset: str = ""
    own_code: str = "government_code"
    kinds: tuple[ListKind, ...] = (ListKind("usual", "この台帳の一覧"),)
    pages: tuple[tuple[str, str], ...] = ()
    same_rows: Callable[[str], Callable[[Mapping[str, str]], str | None]] | None = None

    @property
    def own_columns(self) -> tuple[DataColumn, ...]:
        """The columns that a row keeps itself."""
        derived = set(self.derived())
        return tuple(column for column in self.columns if column.key not in derived)

    def kind(self, code: str) -> ListKind:
        """A kind of list by its code; the usual one for an unknown code."""
        return next((kind for kind in self.kinds if kind.code == code), self.kinds[0])


DATASETS: Registry[DatasetSource] = Registry("datasets")
REGISTERS: Registry[RegisterTable] = Registry("registers of open data")


def check_columns(columns: Iterable[DataColumn]) -> None:
    """Refuse columns that may never be published or cannot be told apart.

    Raises ValueError for a column taken from a model that holds personal data, and for two columns with one key or heading.
    """
    keys: set[str] = set()
    headers: set[str] = set()
    for column in columns:
        model = column.source.partition(".")[0]
        if model and model in HOLDERS:
            message = f"column {column.key!r} shows {column.source}, which is personal data and cannot be published"
            raise ValueError(message)
        if column.key in keys or column.header in headers:
            message = f"column {column.key!r} ({column.header}) stands there twice"
            raise ValueError(message)
        keys.add(column.key)
        headers.add(column.header)
