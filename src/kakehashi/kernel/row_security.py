"""The second wall: row-level security, grants and composite keys, made from the models themselves.

Run after every migration as the owner of the tables. All statements can be run again.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from kakehashi.kernel.tenancy import SETTING, Owned, TenantForeignKey

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


def apply_row_security(connection: BaseDatabaseWrapper, *, role: str) -> None:
    """Make policies, composite keys and grants in the database behind `connection` (the owner's).

    `role` is the role the web and the worker log in as; it owns nothing and cannot bypass policies.
    """
    with connection.cursor() as cursor:
        for statement in _statements(role):
            cursor.execute(statement)


def _statements(role: str) -> Iterable[str]:
    tenant = [m for m in owned_models() if issubclass(m, Owned) and m.ownership == "tenant"]
    for model in tenant:
        yield from _tenant_policy(model._meta.db_table)
    for model in tenant:
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey) and field.composite:
                yield from _composite_key(model, field)
    for shared in owned_models():
        if issubclass(shared, Owned) and shared.ownership == "shared":
            yield from _shared_policy(shared._meta.db_table)
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in sorted(INSERT_ONLY):
        yield f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"'
    yield f'REVOKE INSERT, UPDATE, DELETE ON "django_migrations" FROM "{role}"'


def _tenant_policy(table: str) -> Iterable[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS tenant ON "{table}"'
    yield (f'CREATE POLICY tenant ON "{table}" USING (government_id = {_OPEN}) WITH CHECK (government_id = {_OPEN})')
    # Serves the composite keys, and keyset pages in the order rows were made (UUIDv7).
    yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{_short(table)}_tenant_id" ON "{table}" (government_id, id)'


def _shared_policy(table: str) -> Iterable[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    for name in ("shared_read", "shared_insert", "shared_update", "shared_delete"):
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
    yield f'CREATE POLICY shared_read ON "{table}" FOR SELECT USING (true)'
    yield f'CREATE POLICY shared_insert ON "{table}" FOR INSERT WITH CHECK (origin_id = {_OPEN})'
    yield f'CREATE POLICY shared_update ON "{table}" FOR UPDATE USING (origin_id = {_OPEN})'
    yield f'CREATE POLICY shared_delete ON "{table}" FOR DELETE USING (origin_id = {_OPEN})'


def _composite_key(model: type[models.Model], field: TenantForeignKey) -> Iterable[str]:
    table, target = model._meta.db_table, field.related_model._meta.db_table
    name = f"{_short(table)}_{field.column}_tenant"[:63]
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}'"
        f" AND conrelid = '\"{table}\"'::regclass) THEN"
        f' ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (government_id, "{field.column}")'
        f' REFERENCES "{target}" (government_id, id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$'
    )


def _short(table: str) -> str:
    return table[:40]
