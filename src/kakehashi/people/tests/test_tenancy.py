import psycopg
import pytest
from django.db import connection, connections, models

from kakehashi.kernel.tenancy import NestedTenantScope, OutsideTenantScope, WrongTenant, tenant_scope
from kakehashi.people.models import Department, Person, Post, RoleGrant


def test_a_query_outside_a_scope_raises(cast):
    with pytest.raises(OutsideTenantScope):
        Person.objects.count()


def test_a_row_cannot_be_made_outside_a_scope(cast):
    with pytest.raises(OutsideTenantScope):
        Person(name="誰か").save()


def test_a_scope_shows_only_its_own_rows(cast):
    with tenant_scope(cast.hibari.id):
        assert not Person.objects.filter(name="渡辺 健").exists()
        assert Person.objects.filter(name="山田 花子").exists()


def test_another_scope_cannot_be_opened_inside(cast):
    with tenant_scope(cast.hibari.id), pytest.raises(NestedTenantScope), tenant_scope(cast.misaki.id):
        pass


def test_a_row_of_the_neighbour_cannot_be_saved(cast):
    with tenant_scope(cast.misaki.id):
        stranger = Person.objects.first()
    with tenant_scope(cast.hibari.id), pytest.raises(WrongTenant):
        stranger.save()


def test_joins_carry_the_government(town):
    query = str(RoleGrant.objects.filter(person__name="山田 花子").query)
    assert query.count("government_id") >= 3


def test_reverse_joins_carry_the_government(town):
    query = str(Department.objects.filter(posts__name="課長").query)
    assert query.count("government_id") >= 3


def test_prefetch_and_traversal_stay_inside(town):
    posts = Post.objects.select_related("department").prefetch_related("holdings__person")
    assert {h.person.name for p in posts for h in p.holdings.all()} >= {"山田 花子"}


def test_row_security_hides_the_neighbour_from_raw_sql(cast):
    with tenant_scope(cast.hibari.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person WHERE government_id = %s", [cast.misaki.id])
        assert cursor.fetchone() == (0,)


def test_row_security_shows_nothing_without_a_scope(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)


def test_every_tenant_table_has_a_policy(db):
    from kakehashi.kernel.row_security import owned_models

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        guarded = {name for (name,) in cursor.fetchall()}
    expected = {m._meta.db_table for m in owned_models() if getattr(m, "ownership", "") in {"tenant", "shared"}}
    assert expected <= guarded


def test_the_composite_key_refuses_a_neighbours_parent(swept_database):
    from django.conf import settings

    from kakehashi.people.testing import two_towns

    cast = two_towns(settings.ROOMS)
    with pytest.raises((models.ProtectedError, Exception), match="_tenant"), tenant_scope(cast.hibari.id):
        post = Post.objects.filter(department=cast.hibari.department).first()
        Post.objects.filter(id=post.id).update(department_id=cast.misaki.department.id)


def test_the_webs_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_webs_role_cannot_change_an_event(town):
    from django.db import ProgrammingError, transaction

    for statement in ("UPDATE journal_event SET code = 'x'", "DELETE FROM journal_event", "TRUNCATE journal_event"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_psycopg_is_the_driver():
    assert psycopg.__version__.startswith("3.")
