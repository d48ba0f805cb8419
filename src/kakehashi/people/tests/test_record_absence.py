"""`record_absence`: by oneself in two taps, by 庶務 for others, never for the neighbour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Absence
from kakehashi.people.selectors import is_absent
from kakehashi.people.services import cancel_absence, record_absence
from kakehashi.people.testing import person_of

PAGE = reverse("people-staff:absence")
#: 31 March 2026, 23:30 in Japan.
LATE = datetime(2026, 3, 31, 14, 30, tzinfo=UTC)


def record(town, person, hours=4, actor=None):
    now = clock.now()
    return record_absence(actor=actor or town.clerk, person=person, starts_at=now, ends_at=now + timedelta(hours=hours))


def test_one_speaks_for_oneself_without_a_permission(town):
    absence = record(town, person_of(town.clerk))
    assert is_absent(person_of(town.clerk), absence.starts_at)
    assert Event.objects.get().code == "people.absence.recorded"


def test_the_last_instant_is_present_and_the_first_is_not(town):
    absence = record(town, person_of(town.clerk))
    person = person_of(town.clerk)
    assert not is_absent(person, absence.starts_at - timedelta(microseconds=1))
    assert is_absent(person, absence.ends_at - timedelta(microseconds=1))
    assert not is_absent(person, absence.ends_at)


def test_a_second_tap_records_nothing_twice(town):
    now = clock.now()
    span = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    first = record_absence(actor=town.clerk, person=person_of(town.clerk), **span)
    assert record_absence(actor=town.clerk, person=person_of(town.clerk), **span) == first
    assert Event.objects.count() == 1


def test_times_that_are_over_or_reversed_are_refused(town):
    now, person = clock.now(), person_of(town.clerk)
    for start, end in ((now, now), (now, now - timedelta(1)), (now - timedelta(2), now - timedelta(1))):
        with pytest.raises(DomainError):
            record_absence(actor=town.clerk, person=person, starts_at=start, ends_at=end)


def test_somebody_else_needs_the_permission(town):
    from dataclasses import replace

    plain = replace(town.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        record(town, person_of(town.manager), actor=plain)
    record(town, person_of(town.manager), actor=town.clerk)


def test_taking_it_back_ends_it_now_and_keeps_what_was(town):
    with clock.frozen(LATE):
        absence = record(town, person_of(town.clerk))
    with clock.frozen(LATE + timedelta(hours=1)):
        cancel_absence(actor=town.clerk, absence=absence)
        assert not is_absent(person_of(town.clerk), clock.now())
        assert is_absent(person_of(town.clerk), LATE + timedelta(minutes=30))
        with pytest.raises(Stale):
            cancel_absence(actor=town.clerk, absence=absence)


def test_two_taps_late_on_the_last_of_march_end_at_midnight_in_japan(cast, client_for):
    with clock.frozen(LATE):
        assert client_for(cast.hibari.clerk).post(PAGE, {"choice": "today"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Absence.objects.get().ends_at == datetime(2026, 3, 31, 15, 0, tzinfo=UTC)


def test_days_are_chosen_on_the_same_page(cast, client_for):
    client = client_for(cast.hibari.clerk)
    today = clock.today()
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(2)).isoformat(), "reason": "出張"}
    assert client.post(PAGE, days).status_code == 302
    backwards = days | {"last_day": (today - timedelta(1)).isoformat()}
    answer = client.post(PAGE, backwards)
    assert answer.status_code == 422
    assert "出張" in answer.content.decode()


@pytest.mark.parametrize("choice", ["", "never", "明日", "\x00"])
def test_an_unknown_choice_changes_nothing(cast, client_for, choice):
    client_for(cast.hibari.clerk).post(PAGE, {"choice": choice, "person": "not an id"})
    with tenant_scope(cast.hibari.id):
        assert not Absence.objects.exists()


def test_the_neighbours_person_is_not_there(cast, client_for):
    client = client_for(cast.misaki.manager)
    assert client.post(PAGE, {"choice": "today", "person": str(cast.hibari.clerk.id)}).status_code == 404


def test_an_absence_of_the_neighbour_cannot_be_taken_back(cast, client_for):
    with tenant_scope(cast.hibari.id):
        absence = record(cast.hibari, person_of(cast.hibari.clerk))
    path = reverse("people-staff:absence-cancel", args=[absence.id])
    assert client_for(cast.misaki.clerk).post(path).status_code == 404
    assert client_for(cast.hibari.clerk).get(path).status_code == 405
    assert client_for(cast.hibari.clerk).post(path).status_code == 302
