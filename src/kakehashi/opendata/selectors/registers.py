"""The tables that staff keep by hand, and the datasets made from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from kakehashi.governments.selectors import get_government, rooms_of_id
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.opendata.domain.columns import canonical
from kakehashi.opendata.domain.registry import REGISTERS, DatasetSource, RegisterTable
from kakehashi.opendata.models import KeptRow, TableImport

__all__ = [
    "cells_of", "find_import", "find_register", "find_row", "imports_of", "kept_rows", "link_of_key", "published_rows",
    "register_of_dataset", "registers", "remembered_headers", "town_code",
]  # fmt: skip


def registers() -> list[RegisterTable]:
    """The tables of the rooms that this government uses."""
    rooms = rooms_of_id(current_government_id())
    return [register for _, register in REGISTERS.items() if register.room in rooms]


def find_register(code: str) -> RegisterTable:
    """A table by its code. Raises NotFound, also when its room is off."""
    for register in registers():
        if register.code == code:
            return register
    raise NotFound


def register_of_dataset(source: DatasetSource) -> RegisterTable | None:
    """The table a dataset is made from; None for one that comes from business rows."""
    return next((register for register in registers() if register.code == source.register), None)


def kept_rows(register: RegisterTable, words: str = "", *, with_retired: bool = False) -> QuerySet[Any]:
    """The rows of a table that contain the words, by ID."""
    rows: QuerySet[Any] = register.model.objects.all()
    if not with_retired:
        rows = rows.filter(retired_on=None)
    for word in words.replace("\x00", " ").split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(identifier__icontains=word) | Q(address__icontains=word))
    return rows


def find_row(register: RegisterTable, row_id: UUID) -> Any:
    """A row by its key in this database. Raises NotFound."""
    found = register.model.objects.filter(id=row_id).first()
    if found is None:
        raise NotFound
    return found


def cells_of(register: RegisterTable, row: KeptRow) -> dict[str, str]:
    """A row as text, by the keys of the columns it keeps itself."""
    return {column.key: canonical(column, row.value_of(column.key)) for column in register.own_columns}


def published_rows(register: RegisterTable, **where: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table as its dataset shows them: not retired, in the order of their IDs, with what is derived."""
    derived = register.derived()
    own = register.own_columns
    rows = sorted(register.model.objects.filter(retired_on=None, **where), key=lambda row: _natural(row.identifier))
    for row in rows:
        yield {**{column.key: row.value_of(column.key) for column in own}, **derived}


def _natural(identifier: str) -> tuple[int, int, str]:
    """Numbers in their order, then everything else by its letters."""
    if identifier.isascii() and identifier.isdigit():
        return 0, int(identifier), identifier
    return 1, 0, identifier


def town_code() -> dict[str, str]:
    """What is derived in every list: the code of the government."""
    return {"government_code": get_government(current_government_id()).code}


def link_of_key(source: DatasetSource, row_key: str) -> str:
    """The page where staff mend the row with this ID; empty where the rows are not kept by hand."""
    register = register_of_dataset(source)
    if register is None or not row_key:
        return ""
    found = register.model.objects.filter(identifier=row_key.partition("（")[0]).values_list("id", flat=True).first()
    return reverse("opendata-staff:edit-row", args=[register.code, found]) if found else ""


def imports_of(register: RegisterTable) -> QuerySet[TableImport]:
    """The files that were imported, the newest first, without their rows."""
    return TableImport.objects.filter(register=register.code).defer("rows", "headers").order_by("-created_at")


def find_import(register: RegisterTable, import_id: UUID) -> TableImport:
    """An import by its id. Raises NotFound."""
    found = TableImport.objects.filter(register=register.code, id=import_id).first()
    if found is None:
        raise NotFound
    return found


def remembered_headers(register: RegisterTable) -> dict[str, str]:
    """What was confirmed the last time: our key → the file's heading."""
    last = TableImport.objects.filter(register=register.code, state="applied").order_by("-applied_at").first()
    return dict(last.matches) if last else {}
