"""What the harness promises to tests that commit: the next one finds nothing of the one before."""

import psycopg
import pytest

from kakehashi.people.models import Person


def state(cluster, name):
    """How many rows every table has, and where every count stands."""
    with psycopg.connect(cluster.server.url("postgres", name)) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        counted = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for (table,) in tables.fetchall())
        counts = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        return dict(connection.execute(counted).fetchall()), dict(counts)


@pytest.fixture
def fresh(cluster, swept_clone, swept_database):
    """How the clone stands that the migrations alone have written to."""
    swept_clone.renew()
    return state(cluster, swept_database)


def test_nothing_is_left_of_what_a_test_committed(cluster, swept_clone, swept_database, fresh, new_cast):
    new_cast()
    with psycopg.connect(cluster.server.url("postgres", swept_database)) as connection:
        connection.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'left behind')")
    assert state(cluster, swept_database)[0][Person._meta.db_table] > 2
    swept_clone.sweep()
    assert state(cluster, swept_database) == fresh


def test_a_change_of_what_the_migrations_wrote_brings_a_new_clone(cluster, swept_clone, swept_database, fresh):
    with psycopg.connect(cluster.server.url("postgres", swept_database)) as connection:
        connection.execute("DELETE FROM django_migrations")
    swept_clone.sweep()
    swept_clone.ready()
    assert state(cluster, swept_database) == fresh


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON people_person",
        "ALTER TABLE people_person DISABLE TRIGGER ALL",
        "ALTER TABLE people_person ADD COLUMN nickname text",
        "DROP TABLE site_backuprun",
        "GRANT TRUNCATE ON people_person TO kakehashi_app",
    ],
)
def test_a_change_of_what_the_migrations_defined_is_seen(cluster, swept_clone, swept_database, change):
    with psycopg.connect(cluster.server.url("postgres", swept_database)) as connection:
        before = swept_clone.state(connection)
        connection.execute(change)
        assert swept_clone.state(connection) != before
        connection.rollback()
        assert swept_clone.state(connection) == before
