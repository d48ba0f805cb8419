"""Ways around the tenant guard: the list is short and may only shrink."""

from __future__ import annotations

import re

from tests.architecture.floors import PACKAGE, sources

# Raw SQL stays inside the scope's transaction and under row-level security, but skips the first wall.
RAW_SQL = re.compile(r"\.(raw|extra)\(|connection\.cursor\(|connections\[")
OWNERS_CONNECTION = re.compile(r"""connections\[["']admin["']\]|using\(["']admin["']\)|using=["']admin["']""")
OWN_CLOCK = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|uuid4\(")

MAY_USE_RAW_SQL = {
    line.strip()
    for line in (PACKAGE.parents[1] / "tests/architecture/raw_sql.txt").read_text().splitlines()
    if line.strip()
}
MAY_USE_THE_OWNER = {
    line.strip()
    for line in (PACKAGE.parents[1] / "tests/architecture/owner_connection.txt").read_text().splitlines()
    if line.strip()
}


def users(pattern: re.Pattern[str]) -> set[str]:
    return {str(p.relative_to(PACKAGE)) for p in sources() if pattern.search(p.read_text())}


def test_raw_sql_stands_only_where_it_is_listed():
    assert users(RAW_SQL) == MAY_USE_RAW_SQL


def test_the_owners_connection_is_only_for_migration_and_care():
    assert users(OWNERS_CONNECTION) == MAY_USE_THE_OWNER


def test_time_and_ids_come_from_the_kernel():
    assert users(OWN_CLOCK) - {"kernel/clock.py", "kernel/ids.py"} == set()


def test_the_checks_can_fail():
    assert RAW_SQL.search('with connection.cursor() as cursor: cursor.execute("…")')
    assert RAW_SQL.search('Case.objects.raw("SELECT …")')
    assert OWNERS_CONNECTION.search('Case.objects.using("admin").all()')
    assert OWN_CLOCK.search("opened_at = timezone.now()")
    assert OWN_CLOCK.search("id = uuid.uuid4()")
