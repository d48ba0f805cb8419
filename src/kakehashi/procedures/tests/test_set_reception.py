"""受付の期間と件数: exact whatever comes at once, and nothing for procedures that have none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town, two_towns
from kakehashi.procedures.models import Application, Procedure, ReceptionWindow
from kakehashi.procedures.selectors.reception import reception_of
from kakehashi.procedures.services import set_reception, start_draft, submit_application
from kakehashi.procedures.services.reception import take_place
from kakehashi.procedures.testing import an_online_procedure, good_answers


def hand_in(town: Town, procedure: Procedure, answers: dict[str, Any], key: UUID | None = None) -> Application:
    return submit_application(
        actor=AnonymousActor(government_id=town.id),
        procedure=procedure,
        version=procedure.form.versions.get(),
        answers=answers,
        government_code=town.government.code,
        idempotency_key=key or uuid7(),
        reception=reception_of(procedure),
    )


def test_so_many_are_taken_and_no_more(town: Town) -> None:
    procedure = an_online_procedure(town)
    answers, key = good_answers(procedure), uuid7()
    set_reception(actor=town.officer, procedure=procedure, places=1)
    first = hand_in(town, procedure, answers, key)
    assert hand_in(town, procedure, answers, key).id == first.id
    assert ReceptionWindow.objects.get().taken == 1
    with pytest.raises(DomainError, match="先着の件数"):
        hand_in(town, procedure, answers)
    with pytest.raises(DomainError, match="もう1件"):
        set_reception(actor=town.officer, procedure=procedure, places=0)
    set_reception(actor=town.officer, procedure=procedure, places=2)
    hand_in(town, procedure, answers)
    assert Application.objects.count() == 2


def test_a_limit_that_was_lifted_a_moment_ago_stops_nobody(town: Town) -> None:
    procedure = an_online_procedure(town)
    set_reception(actor=town.officer, procedure=procedure, places=1)
    remembered = reception_of(procedure)
    set_reception(actor=town.officer, procedure=procedure)
    assert take_place(remembered) is False


@pytest.mark.parametrize(("opens", "closes", "said"), [(1, None, "受付は.*から"), (None, -1, "終わりました")])
def test_days_are_kept(town: Town, opens: int | None, closes: int | None, said: str) -> None:
    procedure = an_online_procedure(town)
    answers = good_answers(procedure)
    days = [None if one is None else clock.today() + dt.timedelta(days=one) for one in (opens, closes)]
    set_reception(actor=town.officer, procedure=procedure, opens_on=days[0], closes_on=days[1])
    with pytest.raises(DomainError, match=said):
        hand_in(town, procedure, answers)
    with pytest.raises(DomainError, match=said):
        start_draft(actor=AnonymousActor(government_id=town.id), procedure=procedure)
    set_reception(actor=town.officer, procedure=procedure)
    hand_in(town, procedure, answers)


def test_only_who_may_open_a_procedure_sets_it(town: Town) -> None:
    procedure = an_online_procedure(town)
    with pytest.raises(PermissionRefused):
        set_reception(actor=AnonymousActor(government_id=town.id), procedure=procedure, places=1)
    with pytest.raises(DomainError, match="前になっています"):
        set_reception(
            actor=town.officer, procedure=procedure, opens_on=dt.date(2026, 5, 2), closes_on=dt.date(2026, 5, 1)
        )


def test_staff_say_it_and_residents_read_it(cast: Cast, client_for: Callable[..., Any]) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    url = f"/staff/procedures/inventory/{procedure.id}/reception/"
    client = client_for(cast.hibari.officer)
    assert "件数を決めてから届いた分" in client.get(url).content.decode()
    assert client.post(url, {"places": "x"}).status_code == 422
    yesterday = clock.today() - dt.timedelta(days=1)
    assert client.post(url, {"closes_on": yesterday.isoformat(), "places": "30"}).status_code == 302
    assert "先着30件" in client.get(f"/staff/procedures/inventory/{procedure.id}/").content.decode()
    page = client_for(cast.hibari).get(f"/procedures/{procedure.id}/").content.decode()
    assert "受付は、終わりました" in page
    assert "申請を始める" not in page
    assert client_for(cast.misaki.officer, at=cast.hibari).get(url).status_code == 404


def test_twelve_at_once_for_five_places(swept_database: str, django_db_blocker: Any, settings: Any) -> None:
    with django_db_blocker.unblock():
        town = two_towns(settings.ROOMS).hibari
        with tenant_scope(town.id):
            procedure = an_online_procedure(town)
            answers = good_answers(procedure)
            set_reception(actor=town.officer, procedure=procedure, places=5)
        told = together(town, procedure, answers, 12)
        with tenant_scope(town.id):
            assert (Application.objects.count(), ReceptionWindow.objects.get().taken) == (5, 5)
    assert sorted(told) == ["accepted"] * 5 + ["full"] * 7


def together(town: Town, procedure: Procedure, answers: dict[str, Any], count: int) -> list[str]:
    told: list[str] = []

    def one() -> None:
        try:
            with tenant_scope(town.id):
                hand_in(town, procedure, answers)
            told.append("accepted")
        except DomainError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
