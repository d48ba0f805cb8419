"""Eight presses at the same instant, in transactions of their own: one application, one case, one mail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from kakehashi.cases.models import Case
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import two_towns
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import submit_application
from kakehashi.procedures.testing import an_online_procedure, good_answers

PRESSES = 8


def test_eight_presses_make_one_application(swept_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        town = two_towns(settings.ROOMS).hibari
        with tenant_scope(town.id):
            procedure = an_online_procedure(town)
            given = {
                "actor": AnonymousActor(government_id=town.id), "procedure": procedure,
                "version": procedure.form.versions.get(), "answers": good_answers(procedure),
                "government_code": town.government.code, "idempotency_key": uuid7(),
            }  # fmt: skip
        start = Barrier(PRESSES)

        def press(_: int) -> UUID:
            try:
                with tenant_scope(town.id):
                    start.wait(timeout=20)
                    return submit_application(**given).id
            finally:
                connection.close()

        with ThreadPoolExecutor(PRESSES) as pool:
            receipts = set(pool.map(press, range(PRESSES)))
        with tenant_scope(town.id):
            assert len(receipts) == Application.objects.count() == Case.objects.count() == 1
            assert Notice.objects.filter(kind="procedures.received").count() == 1
