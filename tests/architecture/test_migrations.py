"""Expand, then contract: no migration may break the version that is still running beside it."""

from __future__ import annotations

import csv

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from kakehashi.kernel.migration_states import LeanState
from kakehashi.kernel.migrations import AddIndexInUse
from tests.architecture.floors import ROOT, rooms
from tests.architecture.migration_rules import columns_of, complaints, expectations, releases

# migration, operation as Django describes it, the release since which nothing uses what goes, why it is safe
LIST = ROOT / "tests" / "architecture" / "contractions.csv"
OLD = {"t_person": {"id", "name", "fax"}}


def allowed() -> dict[tuple[str, str], str]:
    with LIST.open() as file:
        return {(row["migration"], row["operation"]): row["unused_since"] for row in csv.DictReader(file)}


def test_no_migration_breaks_the_previous_release():
    loader, newest, listed = MigrationLoader(None), releases()[-1], allowed()
    released = {tuple(one) for one in expectations(newest)["migrations"]}
    wrong, judged_migrations, state = [], 0, LeanState(real_apps=loader.unmigrated_apps)
    for key in dict.fromkeys(one for leaf in loader.graph.leaf_nodes() for one in loader.graph.forwards_plan(leaf)):
        migration = loader.graph.nodes[key]
        if key not in released and key[0] in {*rooms()}:
            judged_migrations += 1
            for operation, why in complaints(migration, state.clone(), columns_of(newest)):
                if (f"{key[0]}.{key[1]}", operation) not in listed:
                    wrong.append(f"{key[0]}.{key[1]}: {operation} — {why}")
        state = migration.mutate_state(state, preserve=False)
    assert wrong == [], "see docs/develop/migrations.md"
    assert judged_migrations == len(
        [key for key in loader.disk_migrations if key not in released and key[0] in {*rooms()}]
    )


def test_what_contracts_names_a_release_that_exists():
    assert [row for row, release in allowed().items() if release not in releases()] == []


def start() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=10)),
        ("fax", models.CharField(max_length=10, null=True)),
        ("unreleased", models.CharField(max_length=10)),
    ]
    migrations.CreateModel("Person", fields, {"db_table": "t_person"}).state_forwards("t", state)
    return state


def judged(*operations, atomic=True):
    migration = migrations.Migration("0002_x", "t")
    migration.operations, migration.atomic = list(operations), atomic
    return [why for _, why in complaints(migration, start(), OLD)]


INDEX = models.Index(fields=("name",), name="by_name")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("person", "mail", models.CharField(max_length=9)),
        migrations.AddField("person", "mail", models.CharField(max_length=9, default="")),
        migrations.AddField("person", "mail", models.CharField(max_length=9, null=True, db_index=True)),
        migrations.AlterField("person", "name", models.CharField(max_length=9)),
        migrations.AlterField("person", "name", models.IntegerField()),
        migrations.AlterField("person", "fax", models.CharField(max_length=10)),
        migrations.AlterField("person", "name", models.CharField(max_length=10, unique=True)),
        migrations.RemoveField("person", "fax"),
        migrations.RenameField("person", "fax", "telefax"),
        migrations.RenameModel("Person", "Human"),
        migrations.DeleteModel("Person"),
        migrations.AddIndex("person", INDEX),
        migrations.AddConstraint("person", models.UniqueConstraint(fields=("name",), name="once")),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("CREATE INDEX x ON t_person (name)"),
        migrations.RunSQL(["ALTER TABLE t_person\n ALTER COLUMN name SET NOT NULL"]),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("person", "fax")]),
    ],
    ids=lambda operation: operation.describe()[:40],
)
def test_what_the_previous_version_would_not_survive(operation):
    assert len(judged(operation)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("person", "mail", models.CharField(max_length=9, null=True)),
        migrations.AddField("person", "mail", models.CharField(max_length=9, db_default="")),
        migrations.AlterField("person", "name", models.CharField(max_length=20)),
        migrations.AlterField("person", "name", models.TextField()),
        migrations.AlterField("person", "name", models.CharField(max_length=10, null=True)),
        migrations.RemoveField("person", "unreleased"),
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON t_person (name)"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("person", "fax")]),
    ],
    ids=lambda operation: operation.describe()[:40],
)
def test_what_expands_is_welcome(operation):
    assert judged(operation) == []


def test_an_index_in_use_is_built_outside_a_transaction():
    assert judged(AddIndexInUse("person", INDEX), atomic=False) == []
    assert len(judged(AddIndexInUse("person", INDEX))) == 1
