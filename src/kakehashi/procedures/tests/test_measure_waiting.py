"""いまの待ち日数: counted by the worker, read by the public page."""

import datetime as dt
from collections.abc import Callable

from kakehashi.governments.selectors import forget_tenants
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Application, WaitingTime
from kakehashi.procedures.services import measure_waiting
from kakehashi.procedures.testing import an_application


def finished(cast: Cast, procedure: object, *days: int, ago: int = 10) -> None:
    """Applications that took so many days, finished `ago` days ago."""
    pattern = an_application(cast.hibari, procedure)
    Application.objects.filter(id=pattern.id).delete()
    for each in days:
        pattern.id, pattern.idempotency_key = uuid7(), uuid7()
        pattern.receipt_number = pattern.id.hex[-21:]
        pattern.case, pattern.completed_at = None, clock.now() - dt.timedelta(days=ago)
        pattern.days_to_decision = each
        pattern.save(force_insert=True)


def test_the_median_of_ninety_days(cast: Cast, online: Callable, client_for: Callable) -> None:
    procedure, client = online(), client_for(cast.hibari)
    address = f"/procedures/{procedure.id}/"
    with tenant_scope(cast.hibari.id):
        finished(cast, procedure, 3, 4, 9, 30)
        finished(cast, procedure, 99, 99, ago=91)
        assert measure_waiting() == 1
        assert WaitingTime.objects.get().median_days is None
    assert "件数が少ない" in client.get(address).content.decode()
    with tenant_scope(cast.hibari.id):
        finished(cast, procedure, 5)
        measure_waiting()
        assert WaitingTime.objects.get().median_days == 5
    assert "まん中の人は5日でした" in client.get(address).content.decode()
    with clock.frozen(clock.now() + dt.timedelta(days=91)), tenant_scope(cast.hibari.id):
        assert measure_waiting() == 0
        assert not WaitingTime.objects.exists()


def test_the_public_page_is_eight_queries(
    cast: Cast, online: Callable, client_for: Callable, django_assert_max_num_queries: Callable, settings: object
) -> None:
    forget_tenants()
    settings.GOVERNMENT_CACHE_SECONDS = 60  # type: ignore[attr-defined]
    procedure, client = online(), client_for(cast.hibari)
    client.get(f"/procedures/{procedure.id}/")
    # The scope's savepoint and setting come four times in tests; the rest is the page's own.
    with django_assert_max_num_queries(8 + 4):
        assert client.get(f"/procedures/{procedure.id}/").status_code == 200
    forget_tenants()
