"""What a migration may do to a table that a released version uses: expand now, contract a release later.

While an upgrade runs, the previous version still serves people from the same tables. So nothing it reads or writes may go,
change its type or become compulsory, and nothing may lock a table while rows are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
from django.db import connection, migrations
from django.db.models import CharField, Field
from django.db.models.fields import NOT_PROVIDED

RELEASES = Path(__file__).resolve().parent.parent / "releases"
_HARMLESS = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RemoveIndex,
    migrations.RemoveConstraint,
    migrations.RenameIndex,
    ValidateConstraint,
)
_HARSH_SQL = re.compile(
    r"\bDROP\s+(TABLE|COLUMN)|\bALTER\s+COLUMN\b.*\b(TYPE|SET\s+NOT\s+NULL)|\bRENAME\b|\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)"
    r"|\bADD\s+CONSTRAINT\b(?!.*NOT\s+VALID)|\bVACUUM\b|\bCLUSTER\b|\bLOCK\s+TABLE|\bUPDATE\b|\bDELETE\b",
    re.IGNORECASE | re.DOTALL,
)


def releases() -> list[str]:
    """The releases whose databases are kept, oldest first."""
    found = [folder.name for folder in RELEASES.iterdir() if (folder / "expectations.json").exists()]
    return sorted(found, key=lambda name: [int(part) for part in name.split(".")])


def expectations(release: str) -> dict[str, Any]:
    """Migrations and statements of a release."""
    found: dict[str, Any] = json.loads((RELEASES / release / "expectations.json").read_text())
    return found


def columns_of(release: str) -> dict[str, set[str]]:
    """The columns a release writes, by table."""
    found = {}
    for statement in expectations(release)["statements"]:
        if statement.startswith("INSERT"):
            table, columns = re.match(r'INSERT INTO "(\w+)" \((.*?)\) SELECT', statement).groups()
            found[table] = {name.strip(' "') for name in columns.split(",")}
    return found


def complaints(migration: migrations.Migration, state: Any, released: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """(operation, what is wrong with it) for each operation that the previous version would not survive.

    `state` is the project's state before the migration; it is moved on.
    """
    for operation in _flat(migration.operations):
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        wrong = _judge(operation, migration, before, state, released)
        if wrong:
            yield operation.describe(), wrong


def _flat(operations: Any) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _judge(operation: Any, migration: Any, before: Any, after: Any, released: dict[str, set[str]]) -> str:
    if isinstance(operation, migrations.RunSQL):
        harsh = _HARSH_SQL.search(_text(operation.sql))
        return f"SQL says “{harsh.group(0).strip()}”" if harsh else ""
    if isinstance(operation, migrations.RunPython):
        return "code of our own runs in one transaction over the rows: list it, with a bound on its time"
    if isinstance(operation, _HARMLESS):
        return ""
    table, columns = _table(operation, migration.app_label, before), released
    if table not in columns:
        return ""
    if isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        return "" if not migration.atomic else "an index is built CONCURRENTLY outside a transaction: atomic = False"
    if isinstance(operation, migrations.AddField):
        return _judge_new(operation.field)
    if isinstance(operation, migrations.AlterField):
        return _judge_change(
            _field(operation, migration.app_label, before),
            _field(operation, migration.app_label, after),
            columns[table],
        )
    if isinstance(operation, migrations.RemoveField):
        column = _field(operation, migration.app_label, before).column
        return "the previous version still uses this column" if column in columns[table] else ""
    if isinstance(operation, migrations.AddIndex):
        return "this locks writers out: use kakehashi.kernel.migrations.AddIndexInUse"
    return "the previous version would not survive this, or nobody has said that it would"


def _judge_new(field: Field[Any, Any]) -> str:
    if not field.null and field.db_default is NOT_PROVIDED:
        return "the previous version leaves this column out when it inserts: null=True or db_default"
    if field.unique or getattr(field, "db_index", False):
        return "its index locks writers out: db_index=False, then AddIndexInUse"
    return ""


def _judge_change(old: Field[Any, Any], new: Field[Any, Any], columns: set[str]) -> str:
    if old.column not in columns:
        return ""
    if old.column != new.column or (_type(old) != _type(new) and not _is_wider(old, new)):
        return f"the column changes from {_type(old)} to {_type(new)}"
    if old.null and not new.null:
        return "the previous version may still write NULL here"
    if (new.unique, getattr(new, "db_index", False)) > (old.unique, getattr(old, "db_index", False)):
        return "its index locks writers out: AddIndexInUse"
    if old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED:
        return "the previous version may rely on this default of the database"
    return ""


def _is_wider(old: Field[Any, Any], new: Field[Any, Any]) -> bool:
    if not isinstance(old, CharField):
        return False
    return (not isinstance(new, CharField) and _type(new) == "text") or (
        isinstance(new, CharField) and (new.max_length or 1 << 30) >= (old.max_length or 1 << 30)
    )


def _type(field: Field[Any, Any]) -> str:
    return str(field.db_parameters(connection)["type"])


def _table(operation: Any, app: str, state: Any) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "old_name", None) or operation.name
    return str(state.apps.get_model(app, name)._meta.db_table)


def _field(operation: Any, app: str, state: Any) -> Any:
    return state.apps.get_model(app, operation.model_name)._meta.get_field(operation.name)


def _text(statements: Any) -> str:
    if isinstance(statements, str):
        return statements
    return "\n".join(one if isinstance(one, str) else one[0] for one in statements)
