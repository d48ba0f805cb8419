"""Ways around the tenant guard: the list is short and may only shrink."""

from __future__ import annotations

import re

from tests.architecture.floors import PACKAGE, sources

# Raw SQL stays inside the scope's transaction and under row-level security, but skips the first wall.
RAW_SQL = re.compile(r"\.(raw|extra)\(|connection\.cursor\(|connections\[")
OWNERS_CONNECTION = re.compile(r"""connections\[["']admin["']\]|using\(["']admin["']\)|using=["']admin["']""")

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
    wrong = []
    for path in sources():
        if path.parent.name == "kernel" and path.stem in {"clock", "ids"}:
            continue
        if re.search(r"timezone\.now\(|datetime\.now\(|date\.today\(|uuid4\(", path.read_text()):
            wrong.append(str(path.relative_to(PACKAGE)))
    assert wrong == []
