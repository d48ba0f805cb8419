"""The hot path with real transactions: the scope is told with the beginning, and one key makes one application."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DataError, connection, transaction

from kakehashi.cases.models import Case
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.batching import insert_together
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.rows import read_row
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Department
from kakehashi.people.testing import Town, two_towns
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import submit_application
from kakehashi.procedures.testing import an_online_procedure, good_answers


@pytest.fixture
def town(swept_database: str) -> Town:
    return two_towns(settings.ROOMS).hibari


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('kakehashi.government', true)")
        return cursor.fetchone()[0] or ""


def the_scope_ends_with_its_transaction(town: Town) -> None:
    with tenant_scope(town.id):
        assert UUID(setting()) == town.id
    assert setting() == ""
    with pytest.raises(ValueError, match="undone"), tenant_scope(town.id):
        an_online_procedure(town)
        raise ValueError("undone")
    assert setting() == ""
    with tenant_scope(town.id):
        assert not Application.objects.exists()


def department(code: str) -> Department:
    return Department(code=code, name="試験課", valid_from=date(2026, 4, 1))


def codes(town: Town) -> set[str]:
    with tenant_scope(town.id):
        return set(Department.objects.filter(code__in=("76", "77", "78", "79")).values_list("code", flat=True))


def a_commit_that_goes_along_ends_the_transaction_not_the_scope(town: Town) -> None:
    with pytest.raises(ValueError, match="later"), tenant_scope(town.id):
        assert insert_together([department("77")], and_commit=True)
        assert read_row(Department, Department.objects.get(code="77").id).name == "試験課"
        insert_together([department("78")])
        raise ValueError("later")
    assert codes(town) == {"77"}


def within_a_savepoint_nothing_is_committed(town: Town) -> None:
    with pytest.raises(ValueError, match="later"), tenant_scope(town.id):
        with transaction.atomic():
            insert_together([department("76")], and_commit=True)
        raise ValueError("later")
    assert "76" not in codes(town)


def a_statement_that_fails_commits_nothing(town: Town) -> None:
    with pytest.raises(DataError), tenant_scope(town.id):
        insert_together([department("78"), department("7" * 200)], and_commit=True)
    with tenant_scope(town.id):
        assert insert_together([department("79")], and_commit=True)
    assert codes(town) == {"77", "79"}


def the_first_statement_may_be_a_savepoint(town: Town) -> None:
    with tenant_scope(town.id), transaction.atomic():
        assert read_row(Department, town.department.id).id == town.department.id


def test_scope_and_commit(town: Town) -> None:
    # One database for all of them: a clone of its own costs more than they do.
    the_scope_ends_with_its_transaction(town)
    a_commit_that_goes_along_ends_the_transaction_not_the_scope(town)
    within_a_savepoint_nothing_is_committed(town)
    a_statement_that_fails_commits_nothing(town)
    the_first_statement_may_be_a_savepoint(town)


def test_one_key_pressed_at_once_makes_one_application(town: Town) -> None:
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
        version, answers = procedure.form.versions.get(), good_answers(procedure)
    key = uuid7()

    def press(_: int) -> UUID:
        try:
            with tenant_scope(town.id):
                return submit_application(
                    actor=AnonymousActor(government_id=town.id), procedure=procedure, version=version, answers=answers,
                    government_code=town.government.code, idempotency_key=key,
                ).id  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(press, range(8)))
    with tenant_scope(town.id):
        assert found == {Application.objects.get().id}
        assert Case.objects.count() == 1
