"""Two presses at the same moment, in real transactions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.db import connections

from kakehashi.cases.models import Case
from kakehashi.desk.models import CaseReuse, Consultation
from kakehashi.desk.services import adopt_case, file_consultation, save_draft
from kakehashi.desk.testing import ANSWERS, published
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town, two_towns


def test_a_double_click_and_a_draft_in_flight_make_one_consultation(fresh_database: str) -> None:
    town, key = two_towns(settings.ROOMS).hibari, uuid7()

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
        assert Consultation.objects.get().state == "received"
        assert Case.objects.count() == 1


def test_two_colleagues_adopt_a_case_at_once(fresh_database: str) -> None:
    cast = two_towns(settings.ROOMS)
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)

    def press(who: str) -> UUID:
        town: Town = cast.misaki
        try:
            with tenant_scope(town.id):
                return adopt_case(actor=getattr(town, who), case_id=case.id).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(press, ["clerk", "officer"]))
    with tenant_scope(cast.misaki.id):
        assert len(made) == 1
        assert CaseReuse.objects.count() == 1
