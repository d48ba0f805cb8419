"""The second wall: row-level security, grants and composite keys, made from the models themselves.

Run after every migration as the owner of the tables. All statements can be run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kakehashi.kernel.tenancy import SETTING, AddressedModel, Owned, TenantForeignKey

# Tables the web's role may only add to: what is written there is evidence.
INSERT_ONLY: set[str] = set()

_OPEN = f"(SELECT nullif(current_setting('{SETTING}', true), '')::uuid)"


def insert_only(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: the web's role may SELECT and INSERT, never UPDATE, DELETE or TRUNCATE."""
    INSERT_ONLY.add(model._meta.db_table)
    return model


def owned_models() -> Iterable[type[models.Model]]:
    """Every concrete model of this project."""
    return [model for model in apps.get_models() if model.__module__.startswith("kakehashi.")]


def apply_row_security(connection: BaseDatabaseWrapper, *, role: str, only_existing: bool = False) -> None:
    """Make policies, composite keys and grants in the database behind `connection` (the owner's).

    `role` is the role the web and the worker log in as; it owns nothing and cannot bypass policies. What is in order stays
    as it is: a policy that is dropped and made again would, for a moment, hide every row from a running program. With
    `only_existing`, models without their table are passed over: the database was brought back to an earlier version.
    """
    with connection.cursor() as cursor:
        there = _columns(cursor) if only_existing else None
        _apply_policies(connection, cursor, there)
        _apply_composite_keys(connection, cursor, there)
        for statement in _grants(role, there):
            cursor.execute(statement)
        # A database that was brought back to an earlier version keeps the functions of that version.
        for statement in _waiting(role) if there is None else ():
            cursor.execute(statement)


def _waiting(role: str) -> Iterable[str]:
    """The functions that name the governments with work: the owner's eyes, lent for one question each."""
    from kakehashi.kernel.queue import sweeps

    for each in sweeps():
        if each.waiting:
            yield (
                f'CREATE OR REPLACE FUNCTION "{each.function}"() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER'
                f" SET search_path = public, pg_temp AS $sweep$ {each.waiting} $sweep$"
            )
            yield f'REVOKE ALL ON FUNCTION "{each.function}"() FROM PUBLIC'
            yield f'GRANT EXECUTE ON FUNCTION "{each.function}"() TO "{role}"'


Columns = dict[str, set[str]]


def _columns(cursor: Any) -> Columns:
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    found: Columns = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def _owned(ownership: str, there: Columns | None) -> list[type[models.Model]]:
    return [
        m
        for m in owned_models()
        if issubclass(m, Owned) and m.ownership == ownership and (there is None or m._meta.db_table in there)
    ]


def _apply_policies(connection: BaseDatabaseWrapper, cursor: Any, there: Columns | None) -> None:
    cursor.execute(
        "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE c.relrowsecurity AND obj_description(p.oid, 'pg_policy') IS NOT NULL"
    )
    known = dict(cursor.fetchall())
    for ownership, policy in (("tenant", _tenant_policy), ("shared", _shared_policy)):
        for model in _owned(ownership, there):
            table = model._meta.db_table
            first, statements = (
                _shared_policy(table, _readers(model, there).replace("{open}", _OPEN))
                if issubclass(model, AddressedModel)
                else policy(table)
            )
            digest = hashlib.sha256("".join(statements).encode()).hexdigest()[:16]
            if known.get(table) != digest:
                with transaction.atomic(using=connection.alias):
                    for statement in statements:
                        cursor.execute(statement)
                    cursor.execute(f"COMMENT ON POLICY {first} ON \"{table}\" IS '{digest}'")


def _apply_composite_keys(connection: BaseDatabaseWrapper, cursor: Any, there: Columns | None) -> None:
    """Unique indexes first, then the keys that lean on them. Tables that are in use are not locked while rows are read."""
    cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid")
    indexes = {name.strip('"') for (name,) in cursor.fetchall()}
    for model in _owned("tenant", there):
        table = model._meta.db_table
        if f"{_short(table)}_tenant_id" not in indexes:
            _make_index(connection, cursor, table)
    cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND convalidated")
    keys = {name for (name,) in cursor.fetchall()}
    for model in _owned("tenant", there):
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if not (isinstance(field, TenantForeignKey) and field.composite) or _key_name(model, field) in keys:
                continue
            if there is None or field.column in there[table]:
                _make_key(cursor, model, field)


def _grants(role: str, there: Columns | None) -> Iterable[str]:
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in sorted(INSERT_ONLY if there is None else INSERT_ONLY & set(there)):
        yield f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"'
    yield f'REVOKE INSERT, UPDATE, DELETE ON "django_migrations" FROM "{role}"'


def _tenant_policy(table: str) -> tuple[str, list[str]]:
    return "tenant", [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS tenant ON "{table}"',
        f'CREATE POLICY tenant ON "{table}" USING (government_id = {_OPEN}) WITH CHECK (government_id = {_OPEN})',
    ]


def _readers(model: type[AddressedModel], there: Columns | None) -> str:
    """Who reads a published copy; where the table is of an earlier version, its origin and the government it is addressed to alone."""
    fields = {field.column for field in model._meta.local_fields}
    is_whole = there is None or fields <= there[model._meta.db_table]
    return model.readers if is_whole else AddressedModel.readers


def _shared_policy(table: str, readers: str = "true") -> tuple[str, list[str]]:
    names = ("shared_read", "shared_insert", "shared_update", "shared_delete")
    return "shared_read", [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        *(f'DROP POLICY IF EXISTS {name} ON "{table}"' for name in names),
        f'CREATE POLICY shared_read ON "{table}" FOR SELECT USING ({readers})',
        f'CREATE POLICY shared_insert ON "{table}" FOR INSERT WITH CHECK (origin_id = {_OPEN})',
        f'CREATE POLICY shared_update ON "{table}" FOR UPDATE USING (origin_id = {_OPEN})',
        f'CREATE POLICY shared_delete ON "{table}" FOR DELETE USING (origin_id = {_OPEN})',
    ]


def _make_index(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> None:
    """Serves the composite keys, and keyset pages in the order rows were made (UUIDv7)."""
    name = f"{_short(table)}_tenant_id"
    cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
    (has_rows,) = cursor.fetchone()
    # Slower, but writers go on; it cannot run inside a transaction, and an empty table needs no such care.
    how = "CONCURRENTLY" if has_rows and not connection.in_atomic_block else ""
    cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
    cursor.execute(f'CREATE UNIQUE INDEX {how} "{name}" ON "{table}" (government_id, id)')


def _make_key(cursor: Any, model: type[models.Model], field: TenantForeignKey) -> None:
    table, target, name = model._meta.db_table, field.related_model._meta.db_table, _key_name(model, field)
    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
    cursor.execute(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (government_id, "{field.column}")'
        f' REFERENCES "{target}" (government_id, id) DEFERRABLE INITIALLY DEFERRED NOT VALID'
    )
    cursor.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"')


def _key_name(model: type[models.Model], field: TenantForeignKey) -> str:
    return f"{_short(model._meta.db_table)}_{field.column}_tenant"[:63]


def _short(table: str) -> str:
    return table[:40]
