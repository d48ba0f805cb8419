"""Moving one government out of an installation and into another: rows, files, journal and sign-in accounts.

Out: the government is closed first, so that nothing is written after the snapshot, and its part of the database goes into an
encrypted archive of the same form as a backup. In: everything happens in one transaction, which is kept only when the rows of
each table, the journal's root and every file's digest are what the archive says.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from kakehashi.kernel.data_keys import KeyInfo, key_ring
from kakehashi.site import moving_keys
from kakehashi.site.archive import (
    ArchiveReader,
    Contents,
    NotRestorable,
    Progress,
    RecoveryKey,
    Selection,
    write_archive,
)
from kakehashi.site.archive.contents import Connection, Head, journal_roots, migrations_of
from kakehashi.site.backups import owner_url
from kakehashi.site.config import Config

# What the installation owns and a government needs elsewhere: who signs in there, and how.
_ACCOUNTS = {
    "people_user": "id IN (SELECT user_id FROM people_membership WHERE government_id = {0})",
    "account_emailaddress": "user_id IN (SELECT user_id FROM people_membership WHERE government_id = {0})",
    "mfa_authenticator": "user_id IN (SELECT user_id FROM people_membership WHERE government_id = {0})",
}
_OWN = {
    "governments_government": "id = {0}",
    "governments_roomswitch": "government_id = {0}",
    "people_membership": "government_id = {0}",
}
Sql = sql.SQL | sql.Composed


class CannotMove(RuntimeError):
    """The government cannot be moved in or out; the message says why. Nothing was changed."""


class OneGovernment(Selection):
    """The part of the database that belongs to one government."""

    folders: tuple[str, ...] = ("journal",)

    def __init__(self, government_id: UUID, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self.government = str(government_id)
        self._where: dict[str, Sql] = {}
        one = sql.Literal(self.government)
        for table, condition in {**_OWN, **_ACCOUNTS}.items():
            self._where[table] = sql.SQL(condition).format(one)
        for table, column in owned_tables().items():
            self._where[table] = sql.SQL("{} = {}").format(sql.Identifier(column), one)

    def tables(self, connection: Connection) -> list[str]:
        """The government first, then accounts, then its own tables."""
        return list(self._where)

    def where(self, table: str) -> Sql:
        """The condition for rows of a table."""
        return self._where[table]

    def sequences(self, connection: Connection) -> dict[str, int]:
        """None: sequences belong to the installation."""
        return {}

    def takes_file(self, name: str) -> bool:
        """Its own content and its own checkpoint."""
        return name.startswith(f"files/{UUID(self.government).hex}/") or name == f"journal/{self.government}.checkpoint"


def owned_tables() -> dict[str, str]:
    """The tables whose rows belong to one government, with the column that says to which."""
    from kakehashi.kernel.row_security import owned_models

    columns = {"tenant": "government_id", "shared": "origin_id"}
    found = {m._meta.db_table: columns.get(getattr(m, "ownership", ""), "") for m in owned_models()}
    return {table: column for table, column in sorted(found.items()) if column}


def export_government(config: Config, government: Any, target: Path, key: RecoveryKey, progress: Progress) -> Contents:
    """Close the government, and write all it owns to `target`. When that fails it is opened again.

    Raises CannotMove, also when a file's content is lost: what moved without it would look whole on the other side.
    """
    from django.conf import settings

    from kakehashi.files.selectors import lost_files
    from kakehashi.governments.services import close_tenant, reopen_tenant
    from kakehashi.journal.services import journal_keys
    from kakehashi.kernel.tenancy import tenant_scope

    if settings.FILES_STORE:
        raise CannotMove(
            "添付が S3 にあります。フォルダーに移してから持ち出してください。 / Files are in a bucket, not in the folder."
        )
    with tenant_scope(government.id):
        lost = [str(one.id) for one in lost_files()]
    if lost:
        raise CannotMove(
            f"{len(lost)}件の添付の内容が見つかりません（{'、'.join(lost[:3])}{' ほか' if lost[3:] else ''}）。"
            "控えから戻してから持ち出してください。 / The content of files is lost; restore it from a backup first."
        )
    _seal_and_record(government, "site.government.moved_out")
    close_tenant(code=government.code)
    facts: dict[str, Any] = {
        "code": government.code,
        "name": government.name,
        "slug": government.slug,
        "data_keys": _data_keys(government.id),
        "data_keys_gone": [info.__dict__ for info in key_ring().keys(government.id) if info.destroyed_at],
        "journal_keys": [[public.hex(), until.isoformat()] for public, until in journal_keys(government.id)],
        **moving_keys.carried(government),
    }
    try:
        return write_archive(
            target,
            url=owner_url(config),
            home=config.home,
            public=key.public,
            progress=progress,
            selection=OneGovernment(government.id, facts),
        )
    except BaseException:
        reopen_tenant(code=government.code)
        raise


def import_government(config: Config, path: Path, key: RecoveryKey, progress: Progress) -> Head:
    """Take a government in, in one transaction. Raises CannotMove and NotRestorable; then nothing is left behind."""
    from kakehashi.journal.services import trust_earlier_keys

    with ArchiveReader(path, key) as archive:
        head = archive.head
        files = config.home / "files" / UUID(head.government).hex
        with psycopg.connect(owner_url(config)) as connection:
            _refuse(connection, head, files)
            try:
                _take_in(connection, archive, config.home, progress)
                connection.commit()
            except BaseException:
                connection.rollback()
                shutil.rmtree(files, ignore_errors=True)
                (config.home / "journal" / f"{head.government}.checkpoint").unlink(missing_ok=True)
                raise
    keys = [(bytes.fromhex(one), datetime.fromisoformat(until)) for one, until in head.facts["journal_keys"]]
    trust_earlier_keys(UUID(head.government), keys)
    for key_id, data_key in head.facts["data_keys"].items():
        key_ring().adopt(UUID(head.government), key_id, bytes.fromhex(data_key))
    for info in head.facts["data_keys_gone"]:
        key_ring().adopt_gone(UUID(head.government), KeyInfo(**info))
    moving_keys.adopt(UUID(head.government), head.facts["code"], head.facts)
    return head


def _data_keys(government_id: UUID) -> dict[str, str]:
    """The living keys of its specially protected data. Of the destroyed ones only who destroyed them and why goes along."""
    ring = key_ring()
    living = [info.id for info in ring.keys(government_id) if not info.destroyed_at]
    return {key_id: ring.key(government_id, key_id).hex() for key_id in living}


def finish_import(head: Head) -> Any:
    """Open the government that was taken in, write the act into its journal, and verify the whole of it."""
    from kakehashi.governments.selectors import get_government
    from kakehashi.governments.services import reopen_tenant
    from kakehashi.journal.services import verify_journal

    government = get_government(UUID(head.government))
    reopen_tenant(code=government.code)
    _seal_and_record(government, "site.government.moved_in")
    return verify_journal(government_id=government.id)


def _seal_and_record(government: Any, code: str) -> None:
    from kakehashi.journal.services import record_event, seal_events
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(government.id):
        record_event(
            actor=system_actor(government.id, "コマンド"),
            code=code,
            subject_kind="governments.government",
            subject_id=government.id,
            payload={"name": government.name},
        )
        seal_events()


def _refuse(connection: Connection, head: Head, files: Path) -> None:
    """Refuse what is there already, what would take another's address, and what another version wrote."""
    if not head.government:
        raise CannotMove("これは全体の控えです。kakehashi restore を使ってください。 / This is a backup of everything.")
    if set(head.migrations) != set(migrations_of(connection)):
        raise CannotMove("両方の架け橋の版をそろえてください。 / Both installations must run the same version.")
    one = {"id": head.government, "code": head.facts["code"], "slug": head.facts["slug"]}
    taken = connection.execute(
        "SELECT name FROM governments_government WHERE (code = %(code)s AND (is_tenant OR slug IS NOT NULL))"
        " OR id = %(id)s::uuid OR slug = %(slug)s",
        one,
    ).fetchone()
    if taken:
        raise CannotMove(
            f"この団体かアドレス「{one['slug']}」は、すでに使われています（{taken[0]}）。 / It is here already."
        )
    for table, column in owned_tables().items():
        statement = sql.SQL("SELECT 1 FROM {} WHERE {} = %s LIMIT 1").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        if connection.execute(statement, [head.government]).fetchone():
            raise CannotMove(f"この団体の行が {table} に残っています。 / Rows of it are left in {table}.")
    if files.exists():
        raise CannotMove(f"この団体の添付が {files} に残っています。 / Files of it are left.")


def _take_in(connection: Connection, archive: ArchiveReader, home: Path, progress: Progress) -> None:
    head = archive.head
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    connection.execute("SET LOCAL lock_timeout = '10s'")
    archive.unpack_keys(home)
    with _aside(connection, head) as places, _triggers_off(connection, head):
        contents = archive.add_rows(connection, home, progress, places=places)
        _adopt_government(connection, head)
        _adopt_accounts(connection)
    different = list(_differences(connection, head, contents, home))
    if different:
        raise NotRestorable("; ".join(different))


@contextmanager
def _aside(connection: Connection, head: Head) -> Iterator[dict[str, str]]:
    """Temporary tables for the rows that meet others' here; gives table → temporary table."""
    places = {table: f"moving_{table}" for table in ("governments_government", *_ACCOUNTS)}
    for table, place in places.items():
        connection.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP").format(
                sql.Identifier(place), sql.Identifier(table)
            )
        )
    yield places


@contextmanager
def _triggers_off(connection: Connection, head: Head) -> Iterator[None]:
    """Without our own triggers, which guard what is decided against every hand, this one included."""
    found = connection.execute(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relname = ANY(%s)",
        [list(head.columns)],
    ).fetchall()
    for (table,) in found:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    yield
    # Pending checks of deferred keys would forbid altering the tables.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for (table,) in found:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _adopt_government(connection: Connection, head: Head) -> None:
    """The government's row: in place of the one the national list made here, under the parent known here."""
    known = connection.execute(
        "SELECT id, parent_id FROM governments_government WHERE code = %s", [head.facts["code"]]
    ).fetchone()
    if known:
        referring = connection.execute(
            "SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k"
            " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
            " WHERE k.contype = 'f' AND k.confrelid = 'governments_government'::regclass"
        ).fetchall()
        for table, column in referring:
            connection.execute(
                sql.SQL("UPDATE {} SET {column} = %s WHERE {column} = %s").format(
                    sql.SQL(table), column=sql.Identifier(column)
                ),
                [head.government, known[0]],
            )
        connection.execute("DELETE FROM governments_government WHERE id = %s", [known[0]])
    connection.execute("UPDATE moving_governments_government SET parent_id = %s", [known[1] if known else None])
    connection.execute("INSERT INTO governments_government SELECT * FROM moving_governments_government")


def _adopt_accounts(connection: Connection) -> None:
    """Sign-in accounts: somebody who has one here under the same mail address keeps that one, with its password."""
    connection.execute(
        "CREATE TEMPORARY TABLE moving_same ON COMMIT DROP AS"
        " SELECT m.id AS was, u.id AS stays FROM moving_people_user m JOIN people_user u ON u.email = m.email"
    )
    for statement in (
        "INSERT INTO people_user SELECT * FROM moving_people_user WHERE id NOT IN (SELECT was FROM moving_same)",
        "UPDATE people_membership SET user_id = stays FROM moving_same WHERE user_id = was",
        "UPDATE people_person SET user_id = stays FROM moving_same WHERE user_id = was",
    ):
        connection.execute(statement)
    for table in ("account_emailaddress", "mfa_authenticator"):
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname <> 'id'",
            [table],
        ).fetchall()
        names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in columns)
        # Their numbers are this installation's own.
        connection.execute(
            sql.SQL(
                "INSERT INTO {table} ({names}) SELECT {names} FROM {place} WHERE user_id NOT IN (SELECT was FROM moving_same)"
            ).format(table=sql.Identifier(table), names=names, place=sql.Identifier(f"moving_{table}"))
        )


def _differences(connection: Connection, head: Head, contents: Contents, home: Path) -> Iterator[str]:
    """What did not arrive as the archive says."""
    for table, column in {
        **owned_tables(),
        "people_membership": "government_id",
        "governments_roomswitch": "government_id",
    }.items():
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        (count,) = connection.execute(statement, [head.government]).fetchone() or (0,)
        if count != contents.rows.get(table):
            yield f"{table}: {contents.rows.get(table)} → {count}"
    if (roots := journal_roots(connection, head.government)) != contents.journals:
        yield f"journal: {contents.journals} → {roots}"
    arrived = [path for path in (home / "files" / UUID(head.government).hex).rglob("*") if path.is_file()]
    arrived += [path for path in [home / "journal" / f"{head.government}.checkpoint"] if path.exists()]
    if len(arrived) != contents.files:
        yield f"files: {contents.files} → {len(arrived)}"
    for path in arrived:
        if len(path.name) == 64 and path.name != _digest(path):
            yield f"{path.name}: the content is another"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


__all__ = ["CannotMove", "OneGovernment", "export_government", "finish_import", "import_government", "owned_tables"]
