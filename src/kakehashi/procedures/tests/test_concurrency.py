"""The same form sent twice at the same moment, in real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.db import connections

from kakehashi.cases.models import Case, Message
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import two_towns
from kakehashi.procedures.models import Application, Channel
from kakehashi.procedures.services import record_counter_application, write_to_applicant
from kakehashi.procedures.testing import an_online_procedure


def test_one_record_at_the_counter_and_one_message(swept_database: str) -> None:
    town, key = two_towns(settings.ROOMS).hibari, uuid7()
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)

    def record() -> UUID:
        return record_counter_application(
            actor=town.clerk,
            procedure=procedure,
            government_code="000000",
            applicant_name="髙﨑 𠮷子",
            channel=Channel.COUNTER,
            arrived_on=clock.today(),
            idempotency_key=key,
        ).id

    def write() -> None:
        filed = Application.objects.get(idempotency_key=key)
        write_to_applicant(actor=town.clerk, application=filed, body="届きました", idempotency_key=key)

    assert len(set(_at_once(town.id, record))) == 1
    _at_once(town.id, write)
    with tenant_scope(town.id):
        assert Application.objects.filter(idempotency_key=key).count() == 1
        assert Case.objects.filter(requester_name="髙﨑 𠮷子").count() == 1
        assert Message.objects.filter(body="届きました").count() == 1


def _at_once(town: UUID, press: Callable[[], object]) -> list[object]:
    def pressed(_: int) -> object:
        try:
            with tenant_scope(town):
                return press()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(pressed, range(8)))
