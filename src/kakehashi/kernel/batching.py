"""Statement batching: rows of several tables in one round trip.

Accepting an application writes a handful of rows in as many tables. Saving them one by one costs a round trip, a parse and a plan
each; together they are one statement, `WITH a AS (INSERT …), b AS (INSERT …) INSERT …`, which is prepared (`kernel.prepared`) and
atomic by itself, so it needs no savepoint. `bench/insert_together.py` compares the ways, `docs/develop/speed.md` says what came out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import count, groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import DatabaseDefault

from kakehashi.kernel.prepared import run_prepared
from kakehashi.kernel.tenancy import TenantModel, WrongTenant, current_government_id

Shape = tuple[tuple[type[models.Model], int], ...]
Writers = dict[type[Any], Callable[[Any], str | None]]


def insert_together(instances: Sequence[models.Model], *, once: tuple[str, ...] = (), and_commit: bool = False) -> bool:
    """Insert unsaved rows of any models in ONE statement; afterwards they count as saved. True when they were inserted.

    Order them so that a row follows those it refers to. All or nothing; row-level security, unique and foreign keys hold as for
    single inserts. No `save()` is called and no signal is sent. Every row must know its primary key (UUIDv7) beforehand.
    `once` names the columns of a unique constraint of the first row: when a row with the same values is there already, also one
    that another transaction is just writing, nothing at all is inserted, nothing is raised and False is returned.
    `and_commit` is for the last write of a request, see `run_prepared`.
    Raises `WrongTenant` for a row of another government, `OutsideTenantScope` without a scope, TypeError for a row without a key,
    IntegrityError as the database does.
    """
    if not instances:
        return True
    shape: Shape = tuple((model, sum(1 for _ in rows)) for model, rows in groupby(instances, key=type))
    connection = connections[DEFAULT_DB_ALIAS]
    values = [value for row in instances for value in _values(row, connection)]
    if not run_prepared(_statement(shape, once), values, and_commit=and_commit).count:
        return False
    for row in instances:
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS
    return True


def insert_many(rows: Sequence[models.Model], *, known_by: tuple[str, ...] = (), update: tuple[str, ...] = ()) -> None:
    """Insert thousands of unsaved rows of one model in one statement, for imports: they travel as one JSON value.

    `bulk_create` writes each value into the text of the statement, field by field, which takes longer than PostgreSQL does.
    `known_by` names the columns of a unique constraint: rows that are there already get the columns `update` anew instead.
    No `save()` is called and no signal is sent. A JSON column cannot be given None. Raises as `insert_together` does, and TypeError
    for a model with columns that are not plain (see `_PLAIN`).
    """
    if not rows:
        return
    model = type(rows[0])
    names = [(field.column, field.attname) for field in _plain_fields(model)]
    for row in rows:
        _check(row)
    given = _as_json(rows, names)
    columns = ", ".join(f'"{column}"' for column, _ in names)
    # Table and columns come from the model.
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) '  # noqa: S608
        f'SELECT {columns} FROM json_populate_recordset(NULL::"{model._meta.db_table}", %s::json)'
    )
    if known_by:
        anew = ", ".join(f'"{name}" = excluded."{name}"' for name in update)
        statement += f" ON CONFLICT ({', '.join(known_by)}) DO UPDATE SET {anew}"
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, [given])
    for row in rows:
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def update_many(rows: Sequence[models.Model], columns: Sequence[str]) -> int:
    """Write the plain columns `columns` of thousands of saved rows of one model in one statement; how many rows were there.

    `bulk_update` writes a CASE with a branch for each row and column, which is composed, sent and planned anew every time.
    Raises as `insert_many` does.
    """
    if not rows:
        return 0
    model = type(rows[0])
    wanted = [field for field in _plain_fields(model) if field.attname in columns or field.attname == "id"]
    if len(wanted) != len(columns) + 1:
        raise TypeError(f"{model.__name__} has not all of the columns {', '.join(columns)}")
    for row in rows:
        _check_owner(row)
    given = _as_json(rows, [(field.column, field.attname) for field in wanted])
    table, owner = model._meta.db_table, ""
    values: list[Any] = [given]
    if issubclass(model, TenantModel):
        owner = " AND old.government_id = %s"
        values.append(current_government_id())
    anew = ", ".join(f'"{field.column}" = new."{field.column}"' for field in wanted if field.attname != "id")
    statement = (
        f'UPDATE "{table}" AS old SET {anew} '  # noqa: S608 - table and columns come from the model
        f'FROM json_populate_recordset(NULL::"{table}", %s::json) AS new WHERE old.id = new.id{owner}'
    )
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _as_json(rows: Sequence[models.Model], names: Sequence[tuple[str, str]]) -> str:
    return json.dumps(
        [{column: row.__dict__[name] for column, name in names} for row in rows], ensure_ascii=False, default=_plain
    )


@lru_cache(maxsize=64)
def _plain_fields(model: type[models.Model]) -> list[Any]:
    fields = [field for field, _, _ in _columns(model)]
    for field in fields:
        kind = type(field.target_field if field.is_relation else field)
        base = type(field.base_field) if isinstance(field, ArrayField) else kind
        if base not in _PLAIN or getattr(field, "encoder", None) is not None:
            raise TypeError(f"{field}: insert_many takes plain columns only")
    return fields


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"insert_many cannot write {value!r}")


def _values(row: models.Model, connection: Any) -> list[Any]:
    """Return the row's values as the driver takes them. Most are plain and become text here, without the field's conversions."""
    _check(row)
    own, values = row.__dict__, []
    for field, name, writers in _columns(type(row)):
        value = own.get(name)
        write = writers.get(type(value))
        if write is None:
            value = field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        elif write is not str:
            value = write(value)
        values.append(value)
    return values


def _check(row: models.Model) -> None:
    if row.pk is None or isinstance(row.pk, DatabaseDefault):
        raise TypeError(f"{type(row).__name__}: insert_together needs the primary key beforehand")
    if not row._state.adding:
        raise TypeError(f"{type(row).__name__} {row.pk} is saved already")
    _check_owner(row)


def _check_owner(row: models.Model) -> None:
    if isinstance(row, TenantModel) and row.government_id != current_government_id():
        raise WrongTenant(f"{type(row).__name__} belongs to {row.government_id}, not to the open scope")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("insert_together takes aware datetimes only")
    return value.isoformat()


_json = json.JSONEncoder(ensure_ascii=False).encode


# How values of exactly these types become text in one call; a subclass of field or value takes the field's own way.
_TEXT: Writers = {str: str}
_WHOLE: Writers = {int: repr}
_WRITERS: dict[type[Any], Writers] = {
    models.UUIDField: {UUID: attrgetter("hex")},
    models.CharField: _TEXT,
    models.TextField: _TEXT,
    models.EmailField: _TEXT,
    models.SlugField: _TEXT,
    models.IntegerField: _WHOLE,
    models.PositiveIntegerField: _WHOLE,
    models.PositiveSmallIntegerField: _WHOLE,
    models.BooleanField: {bool: repr},
    models.DateField: {date: date.isoformat},
    models.DateTimeField: {datetime: _moment},
    models.JSONField: {dict: _json, list: _json},
}


# Columns whose values JSON carries as they are.
_PLAIN = {*_WRITERS, models.BigIntegerField, models.PositiveBigIntegerField, models.DecimalField}


@lru_cache(maxsize=256)
def _columns(model: type[models.Model]) -> tuple[tuple[Any, str, Writers], ...]:
    """Return the columns to write, all but those the database makes itself, with how their plain values become text."""
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    return tuple((field, field.attname, _writers(field)) for field in fields)


def _writers(field: Any) -> Writers:
    is_made_on_saving = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if is_made_on_saving or getattr(field, "encoder", None) is not None:
        return {}
    known = _WRITERS.get(type(field.target_field if field.is_relation else field))
    return {**known, type(None): _nothing} if known else {}


def _nothing(_value: None) -> None:
    return None


@lru_cache(maxsize=256)
def _statement(shape: Shape, once: tuple[str, ...] = ()) -> bytes:
    """Return the statement for this sequence of models; it depends on the shape only, so it is made once."""
    numbers = count(1)
    inserts = [_insert(model, rows, numbers) for model, rows in shape]
    if once:
        inserts = [_guarded(insert, place, once) for place, insert in enumerate(inserts)]
    named = ", ".join(f"step{place} AS ({insert})" for place, insert in enumerate(inserts[:-1]))
    return (f"WITH {named} {inserts[-1]}" if named else inserts[-1]).encode()


def _insert(model: type[models.Model], rows: int, numbers: Iterator[int]) -> str:
    columns = _columns(model)
    names = ", ".join(f'"{field.column}"' for field, _, _ in columns)
    values = ", ".join(
        "(" + ", ".join(f"${next(numbers)}::{_type(field)}" for field, _, _ in columns) + ")" for _ in range(rows)
    )
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {values}'  # noqa: S608 - names come from models


def _type(field: Any) -> str:
    """The type a value is read as. Without its length: a cast to varchar(20) would cut silently, the column refuses."""
    return re.sub(r"\([\d, ]+\)", "", field.db_type(connections[DEFAULT_DB_ALIAS]))


def _guarded(insert: str, place: int, once: tuple[str, ...]) -> str:
    """The first insert gives way to a row that is there already; the others happen only if it did not."""
    if place == 0:
        names = ", ".join(f'"{name}"' for name in once)
        return f"{insert} ON CONFLICT ({names}) DO NOTHING RETURNING 1"
    head, values = insert.split(" VALUES ", 1)
    return f"{head} SELECT given.* FROM (VALUES {values}) AS given WHERE EXISTS (SELECT FROM step0)"  # noqa: S608 - as above
