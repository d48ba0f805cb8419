"""One row by its key without building a query set, and a new row without building it field by field: for hot paths.

The ORM composes and compiles the same SELECT for every request, which cost more than PostgreSQL's answer. Here the text is made
once from the model and prepared once for each connection; the row comes back as the same model instance. And `Model(…)` walks all fields of the table for every instance; here the walk is done once for each model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.fields import NOT_PROVIDED

from kakehashi.kernel.prepared import run_prepared
from kakehashi.kernel.tenancy import TenantModel, current_government_id

__all__ = ["new_row", "read_row"]

Row = TypeVar("Row", bound=TenantModel)
Made = TypeVar("Made", bound=models.Model)
Converter = tuple[int, list[Callable[[Any, Any, Any], Any]], Col]


def read_row(model: type[Row], row_id: UUID, *, without: tuple[str, ...] = ()) -> Row:
    """The open tenant's row with this id, as `objects.get(id=…)` would give it; with the columns `without` deferred.

    Raises `model.DoesNotExist`, also for another government's row, and `OutsideTenantScope` without a scope.
    """
    statement, names, converters = _plan(model, without)
    found = run_prepared(statement, [current_government_id().hex, row_id.hex]).rows
    if not found:
        raise model.DoesNotExist(f"{model.__name__} {row_id}")
    values = list(found[0])
    connection = connections[DEFAULT_DB_ALIAS]
    for place, steps, column in converters:
        for convert in steps:
            values[place] = convert(values[place], column, connection)
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def new_row(model: type[Made], /, **values: Any) -> Made:
    """An unsaved row as `model(**values)` makes it, by the names of columns (`case_id`) or of relations (`case`), the latter not None.

    No `pre_init` or `post_init` is sent, no `__init__` of the model's own is run. Raises TypeError for an unknown name.
    """
    fixed, made, names, relations = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    own = row.__dict__
    own.update(fixed)
    for name in values.keys() - names:
        if name not in relations:
            raise TypeError(f"{model.__name__} has no column {name}")
        value = values.pop(name)
        own[relations[name]], row._state.fields_cache[name] = value.pk, value
    own.update(values)
    for name, make in made:
        if own[name] is _MISSING:
            own[name] = make()
    return row


_MISSING = object()
Blank = tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str], dict[str, str]]


@lru_cache(maxsize=64)
def _blank(model: type[models.Model]) -> Blank:
    """What a new row starts with: its fixed values, what is made anew for each, its columns, its relations' columns."""
    fields = model._meta.concrete_fields
    made = {field.attname: field.get_default for field in fields if callable(field.default) or _is_made_there(field)}
    fixed = {field.attname: _MISSING if field.attname in made else field.get_default() for field in fields}
    relations = {field.name: field.attname for field in fields if field.is_relation}
    return fixed, list(made.items()), frozenset(fixed), relations


def _is_made_there(field: Any) -> bool:
    return field.db_default is not NOT_PROVIDED and not field.has_default()


@lru_cache(maxsize=64)
def _plan(model: type[TenantModel], without: tuple[str, ...]) -> tuple[bytes, list[str], list[Converter]]:
    """The statement, the names of its columns, and what turns the driver's values into the fields'."""
    connection, table = connections[DEFAULT_DB_ALIAS], model._meta.db_table
    fields = [field for field in model._meta.concrete_fields if field.attname not in without]
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
