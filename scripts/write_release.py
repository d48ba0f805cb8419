"""Keep a release's database for the tests of upgrades: `python scripts/write_release.py 0.1`.

Run on the commit of the release. It writes tests/releases/<version>/database.sql.gz (the demo's smallest government, dumped)
and expectations.json: the migrations, and every statement that this version's models put to the database. The tests restore
the dump, migrate it to the newest version, and put the old statements to the new tables.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What psql alone understands, and what PostgreSQL 15 does not know.
LEFT_OUT = re.compile(
    r"^(\\(un)?restrict .*|SET transaction_timeout.*|SET default_table_access_method.*)$\n", re.MULTILINE
)


def main() -> None:
    """Make a demo in a temporary folder, dump it, and write down the statements."""
    target = ROOT / "tests" / "releases" / sys.argv[1]
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kakehashi-release-") as folder:
        Path(folder).chmod(0o711)
        os.environ |= {"KAKEHASHI_HOME": folder, "KAKEHASHI_DEMO": "1"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
        from kakehashi.site.cli.console import django_and_database

        with django_and_database():
            _fill()
            dump = _dump(Path(folder))
            (target / "database.sql.gz").write_bytes(gzip.compress(dump.encode(), 9, mtime=0))
            expectations = {"migrations": _migrations(), "statements": _statements()}
            text = json.dumps(expectations, ensure_ascii=False, indent=0, sort_keys=True)
            (target / "expectations.json").write_text(text + "\n")
    print(f"{target}: {(target / 'database.sql.gz').stat().st_size / 1e6:.2f} MB")


def _fill() -> None:
    from kakehashi.site.cli.migrate import migrate
    from kakehashi.site.demo import load

    migrate(verbosity=0)
    load.load(print, only={"komorebi"})


def _dump(home: Path) -> str:
    from kakehashi.site.embedded import OWNER, EmbeddedPostgres

    server = EmbeddedPostgres(home)
    arguments = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500", server.url(OWNER)]
    done = subprocess.run([server.program("pg_dump"), *arguments], capture_output=True, text=True, check=True)
    return LEFT_OUT.sub("", done.stdout)


def _migrations() -> list[list[str]]:
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    return sorted([app, name] for app, name in MigrationRecorder(connections["admin"]).applied_migrations())


def _statements() -> list[str]:
    """One SELECT, INSERT, UPDATE and DELETE of every column of every model, as Django words them, without values."""
    from django.apps import apps

    from kakehashi.kernel.row_security import INSERT_ONLY

    found = []
    for model in apps.get_models():
        if not model._meta.managed:
            continue
        table = f'"{model._meta.db_table}"'
        names = [f'"{field.column}"' for field in model._meta.local_concrete_fields if not field.generated]
        key = f'"{model._meta.pk.column}"'
        nothing = ", ".join("NULL" for _ in names)
        # ruff: noqa: S608 — the names come from the models
        found += [
            f"SELECT {', '.join(names)} FROM {table} WHERE {key} IS NULL",
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {nothing} WHERE false",
        ]
        if model._meta.db_table not in INSERT_ONLY:
            found.append(f"UPDATE {table} SET {', '.join(f'{name} = NULL' for name in names)} WHERE false")
            found.append(f"DELETE FROM {table} WHERE false")
    return found


if __name__ == "__main__":
    main()
