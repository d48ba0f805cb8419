"""実績を書く: a person's count becomes the town's own number."""

from collections.abc import Callable

import pytest

from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.services import measure_procedure
from kakehashi.procedures.testing import an_application, an_online_procedure


def test_measured(town: Town) -> None:
    procedure = an_online_procedure(town, volume=None)
    measure_procedure(actor=town.officer, procedure=procedure, year=2026, online=3, others=7)
    assert (procedure.volume, procedure.online_volume, procedure.volume_source) == (10, 3, VolumeSource.OWN)
    assert procedure.stage_words == "オンライン（測定済）"


def test_not_for_a_year_to_come(town: Town) -> None:
    with pytest.raises(DomainError, match="まだ来ていない"):
        measure_procedure(actor=town.officer, procedure=an_online_procedure(town), year=2999, online=1, others=1)


def test_the_page_proposes_what_was_counted_here(town: Town, client_for: Callable) -> None:
    procedure = an_online_procedure(town)
    an_application(town, procedure)
    client, address = client_for(town.officer), f"/staff/procedures/inventory/{procedure.id}/measure/"
    page = client.get(address)
    assert page.context["online"] == 1
    assert client.post(address, {"year": "x", "online": "", "others": "1"}).status_code == 422
    assert client.post(address, {"year": page.context["year"], "online": "１", "others": "2"}).status_code == 302
    procedure.refresh_from_db()
    assert procedure.volume == 3
