"""Limits: a program that guesses is stopped, a town hall on a Monday morning is not."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.domain.tries import OFFICE_FACTOR, Limit
from kakehashi.people.models import MailCode
from kakehashi.people.services import count_try
from kakehashi.procedures.testing import an_application, an_online_procedure
from kakehashi.procedures.views.resident_mine import FINDS_PER_RECEIPT

OUTSIDE = "203.0.113.9"
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_tries_are_counted_in_one_statement(db, django_assert_num_queries):
    limit = Limit("people.test", 2, 60)
    with clock.frozen(NOON), django_assert_num_queries(3 * 3):  # each in its savepoint
        assert [count_try(limit=limit, subject="a") for _ in range(3)] == [True, True, False]
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert count_try(limit=limit, subject="a")


def test_a_program_that_starts_drafts_is_stopped_and_told_when_to_return(cast, client_for):
    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    client = client_for(cast.hibari)
    with clock.frozen(NOON):
        for _ in range(60):
            count_try(limit=Limit("procedures.start_per_client", 60, 900), subject=OUTSIDE)
        answer = client.post(f"/procedures/{procedure.id}/start/", REMOTE_ADDR=OUTSIDE)
        assert answer.status_code == 429
        seconds = int(answer["Retry-After"])
        assert 60 < seconds <= 901
        assert f"{-(-seconds // 60)}分ほど待ってから" in answer.content.decode()
        # A colleague at the town hall and a neighbour elsewhere are not held up.
        for address in ("10.1.2.3", "203.0.113.10"):
            assert client.post(f"/procedures/{procedure.id}/start/", REMOTE_ADDR=address).status_code == 302


def test_many_people_behind_the_address_of_a_town_hall(db):
    limit = Limit("people.test", 5, 60)
    with clock.frozen(NOON):
        found = [count_try(limit=limit, subject="10.0.0.1", is_office=True) for _ in range(5 * OFFICE_FACTOR + 1)]
    assert (all(found[:-1]), found[-1]) == (True, False)


def test_one_receipt_number_is_asked_for_ten_times_an_hour(cast, client_for):
    with tenant_scope(cast.hibari.id):
        application = an_application(cast.hibari, an_online_procedure(cast.hibari))
        email = application.applicant_email = "hanako@example.jp"
        application.save(update_fields=["applicant_email"])
    client = client_for(cast.hibari)
    with clock.frozen(NOON):
        for _ in range(10):
            count_try(limit=FINDS_PER_RECEIPT, subject=str(application.id))
        form = {"number": application.receipt_number, "email": email}
        assert client.post("/procedures/mine/find/", form, REMOTE_ADDR=OUTSIDE).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert MailCode.objects.latest("created_at").is_decoy


@pytest.mark.parametrize("seed", range(5))
def test_a_hall_of_five_hundred_signs_in_on_a_monday(seed):
    """Arrivals around 08:28 with a spread of four minutes; one in twelve mistypes, some of them twice."""
    rates = {name: value.split("/")[0] for name, value in settings.ACCOUNT_RATE_LIMITS.items()}
    chance = random.Random(seed)
    tries, failures = Counter(), Counter()
    for _ in range(500):
        minute = int(chance.gauss(28, 4))
        mistakes = sum(chance.random() < 1 / 12 for _ in range(2))
        tries[minute] += 1 + mistakes
        failures[minute] += mistakes
    # Half the limit is left over, even in the worst minute.
    assert max(tries.values()) * 2 <= int(rates["login"])
    assert max(failures.values()) * 2 <= int(rates["login_failed"])
