"""The second wall, with raw SQL as the web's role: every verb across tenants, every tenant table, no scope no rows."""

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import two_towns

INSERT = (
    'INSERT INTO people_department (id, government_id, code, name, symbol, valid_from, "order")'
    " VALUES (%s, %s, 'zz', '侵入課', '', '2020-04-01', 1)"
)
TENANT_TABLES = sorted(
    model._meta.db_table for model in apps.get_models() if getattr(model, "ownership", "") == "tenant"
)


def run(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def ask(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def test_select_finds_nothing_of_the_neighbour(cast):
    with tenant_scope(cast.hibari.id):
        assert ask("SELECT count(*) FROM people_department") > 0
        assert ask("SELECT count(*) FROM people_department WHERE id = %s", [cast.misaki.department.id]) == 0
        assert ask("SELECT count(*) FROM people_department WHERE government_id = %s", [cast.misaki.id]) == 0


def test_insert_for_the_neighbour_is_refused(cast):
    with (
        tenant_scope(cast.hibari.id),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        run(INSERT, [uuid7(), cast.misaki.id])


def test_update_of_the_neighbour_touches_nothing(cast):
    with tenant_scope(cast.hibari.id):
        assert run("UPDATE people_department SET name = '乗取' WHERE id = %s", [cast.misaki.department.id]) == 0
    with tenant_scope(cast.misaki.id):
        assert ask("SELECT count(*) FROM people_department WHERE name = '乗取'") == 0


def test_a_row_cannot_be_given_to_the_neighbour(cast):
    with (
        tenant_scope(cast.hibari.id),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        run("UPDATE people_department SET government_id = %s", [cast.misaki.id])


def test_delete_of_the_neighbour_touches_nothing(cast):
    with tenant_scope(cast.hibari.id):
        assert run("DELETE FROM people_rolegrant WHERE government_id = %s", [cast.misaki.id]) == 0
    with tenant_scope(cast.misaki.id):
        assert ask("SELECT count(*) FROM people_rolegrant") > 0


def test_the_count_of_a_join_stays_inside(cast):
    with tenant_scope(cast.hibari.id):
        found = ask(
            "SELECT count(DISTINCT p.government_id) FROM people_post p JOIN people_department d ON d.id = p.department_id"
        )
        assert found == 1


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_a_scope_there_are_no_rows(cast, table):
    assert ask(f'SELECT count(*) FROM "{table}"') == 0


def test_without_a_scope_nothing_is_inserted(cast):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        run(INSERT, [uuid7(), cast.hibari.id])


@pytest.mark.parametrize("value", ["", "null", "x", "'; RESET ROLE; --", "00000000-0000-0000-0000-000000000000"])
def test_an_odd_setting_opens_nothing(cast, value):
    with transaction.atomic():
        run("SELECT set_config('kakehashi.government', %s, true)", [value])
        try:
            with transaction.atomic():
                assert ask("SELECT count(*) FROM people_person") == 0
        except DataError as problem:
            assert "uuid" in str(problem)
        run("SELECT set_config('kakehashi.government', '', true)")


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE kakehashi_owner",
        "SET ROLE postgres",
        "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON people_person",
        "ALTER ROLE kakehashi_app BYPASSRLS",
        "TRUNCATE people_person CASCADE",
        "CREATE TABLE public.stolen AS SELECT 1",
    ],
)
def test_the_webs_role_cannot_take_the_wall_down(cast, statement):
    with pytest.raises(ProgrammingError), transaction.atomic():
        run(statement)


def test_row_security_off_is_an_error_not_a_way_round(cast):
    with tenant_scope(cast.hibari.id), pytest.raises(ProgrammingError), transaction.atomic():
        run("SET LOCAL row_security = off")
        ask("SELECT count(*) FROM people_person")


def test_the_scope_ends_with_its_transaction(swept_database):
    cast = two_towns(settings.ROOMS)
    with tenant_scope(cast.hibari.id):
        assert ask("SELECT count(*) FROM people_person") > 0
    assert ask("SELECT coalesce(current_setting('kakehashi.government', true), '')") == ""
    assert ask("SELECT count(*) FROM people_person") == 0


def test_every_tenant_foreign_key_is_composite_in_the_database(db):
    from kakehashi.kernel.tenancy import TenantForeignKey

    expected = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and field.composite
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]"
            " WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 2"
        )
        found = {(table.strip('"'), column) for table, column in cursor.fetchall()}
    assert expected - found == set()


def test_a_key_to_the_neighbour_is_refused_by_raw_sql(swept_database):
    cast = two_towns(settings.ROOMS)
    with pytest.raises(IntegrityError, match="_tenant") as caught, tenant_scope(cast.hibari.id):
        run("UPDATE people_post SET department_id = %s WHERE department_id IS NOT NULL", [cast.misaki.department.id])
    assert isinstance(caught.value.__cause__, psycopg.errors.ForeignKeyViolation)
