"""The hot path with real transactions: the scope is told with the beginning, and one key makes one application."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from kakehashi.cases.models import Case
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town, two_towns
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import submit_application
from kakehashi.procedures.testing import an_online_procedure, good_answers


@pytest.fixture
def town(fresh_database: str) -> Town:
    return two_towns(settings.ROOMS).hibari


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('kakehashi.government', true)")
        return cursor.fetchone()[0] or ""


def test_the_scope_ends_with_its_transaction(town: Town) -> None:
    with tenant_scope(town.id):
        assert UUID(setting()) == town.id
    assert setting() == ""
    with pytest.raises(ValueError, match="undone"), tenant_scope(town.id):
        an_online_procedure(town)
        raise ValueError("undone")
    assert setting() == ""
    with tenant_scope(town.id):
        assert not Application.objects.exists()


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
