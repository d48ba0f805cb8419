"""One row by its key, without building a query set: for the row that a hot path begins with.

The ORM composes and compiles the same SELECT for every request, which cost more than PostgreSQL's answer. Here the text is made
once from the model and prepared once for each connection; the row comes back as the same model instance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import Col

from kakehashi.kernel.prepared import run_prepared
from kakehashi.kernel.tenancy import TenantModel, current_government_id

__all__ = ["read_row"]

Row = TypeVar("Row", bound=TenantModel)
Converter = tuple[int, list[Callable[[Any, Any, Any], Any]], Col]


def read_row(model: type[Row], row_id: UUID) -> Row:
    """The open tenant's row with this id, as `objects.get(id=…)` would give it.

    Raises `model.DoesNotExist`, also for another government's row, and `OutsideTenantScope` without a scope.
    """
    statement, names, converters = _plan(model)
    found = run_prepared(statement, [current_government_id().hex, row_id.hex]).rows
    if not found:
        raise model.DoesNotExist(f"{model.__name__} {row_id}")
    values = list(found[0])
    connection = connections[DEFAULT_DB_ALIAS]
    for place, steps, column in converters:
        for convert in steps:
            values[place] = convert(values[place], column, connection)
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


@lru_cache(maxsize=64)
def _plan(model: type[TenantModel]) -> tuple[bytes, list[str], list[Converter]]:
    """The statement, the names of its columns, and what turns the driver's values into the fields'."""
    connection, table = connections[DEFAULT_DB_ALIAS], model._meta.db_table
    fields = list(model._meta.concrete_fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    # The names come from the model.
    statement = f'SELECT {columns} FROM "{table}" WHERE "government_id" = $1::uuid AND "id" = $2::uuid'  # noqa: S608
    converters = []
    for place, field in enumerate(fields):
        column = Col(table, field)
        steps = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
        if steps:
            converters.append((place, steps, column))
    return statement.encode(), [field.attname for field in fields], converters
