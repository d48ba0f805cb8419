"""Two presses at the same moment, in real transactions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections

from kakehashi.cases.models import Case
from kakehashi.desk.hooks import Promotion, register_promotion
from kakehashi.desk.models import CaseReuse, Consultation
from kakehashi.desk.services import adopt_case, file_consultation, promote_consultation, save_draft
from kakehashi.desk.testing import ANSWERS, published, with_purpose
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town, two_towns


@pytest.fixture(scope="module")
def towns(module_database: str) -> Cast:
    return two_towns(settings.ROOMS)


def test_a_double_click_and_a_draft_in_flight_make_one_consultation(towns: Cast) -> None:
    town, key = towns.hibari, uuid7()

    def press(number: int) -> None:
        try:
            with tenant_scope(town.id):
                verb = save_draft if number % 3 == 0 else file_consultation
                verb(actor=town.clerk, consultation_id=key, answers=ANSWERS)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(9)))
    with tenant_scope(town.id):
        assert Consultation.objects.get(id=key).state == "received"
        assert Case.objects.filter(source_id=key).count() == 1


def test_two_colleagues_adopt_a_case_at_once(towns: Cast) -> None:
    with tenant_scope(towns.hibari.id):
        case = published(towns.hibari)

    def press(who: str) -> UUID:
        town: Town = towns.misaki
        try:
            with tenant_scope(town.id):
                return adopt_case(actor=getattr(town, who), case_id=case.id).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(press, ["clerk", "officer"]))
    with tenant_scope(towns.misaki.id):
        assert len(made) == 1
        assert CaseReuse.objects.count() == 1


def test_two_people_promote_a_consultation_twice_each_and_one_thing_is_made(towns: Cast) -> None:
    town, made = towns.hibari, list[str]()

    def start(actor: Actor, consultation: Consultation) -> str:
        made.append(f"/{actor.label}/")
        return made[0]

    register_promotion("desk.at_once", Promotion("試験", "試す", "desk.consultation:support", start))
    with tenant_scope(town.id):
        consultation = with_purpose(town)
    together = Barrier(4)

    def press(who: str) -> str:
        try:
            with tenant_scope(town.id):
                seen = Consultation.objects.get(id=consultation.id)
                together.wait(30)
                return promote_consultation(actor=getattr(town, who), consultation=seen, kind="desk.at_once")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(press, ["officer", "administrator", "officer", "administrator"]))
    with tenant_scope(town.id):
        assert told == set(made) == {Consultation.objects.get(id=consultation.id).promoted_url}
        assert len(made) == 1
        assert events_for(consultation.id).filter(code="desk.consultation.promoted").count() == 1
