"""郵送リスト, the page of a delivery, and the applicant's choice of how to get the result."""

from __future__ import annotations

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.models import Application, DocumentDelivery
from kakehashi.procedures.services import choose_delivery_way
from kakehashi.procedures.testing import an_application, an_issued_application, an_online_procedure

LIST = "/staff/procedures/post/"


@pytest.fixture
def letter(cast: Cast) -> DocumentDelivery:
    with tenant_scope(cast.hibari.id):
        an_issued_application(with_rules(cast.hibari))
        return DocumentDelivery.objects.get()


def test_letters_are_printed_and_posted_from_the_list(cast, client_for, letter) -> None:
    client = client_for(cast.hibari.clerk)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "千代田1-1" in page.content.decode()
    chosen = {"deliveries": [str(letter.id)]}
    assert client.post(f"{LIST}act/", chosen | {"labels": "1", "sheet": "12", "start": "1"}).content[:5] == b"%PDF-"
    assert client.post(f"{LIST}act/", chosen | {"letters": "1"}).content[:5] == b"%PDF-"
    assert client.post(f"{LIST}act/", {"labels": "1", "sheet": "12"}).status_code == 422
    day = {"posted": "1", "posted_on": clock.today().isoformat(), "mail_kind": "普通郵便"}
    assert client.post(f"{LIST}act/", day).status_code == 422
    assert client.post(f"{LIST}act/", chosen | day).status_code == 302
    export = client.get(f"{LIST}?standing=sent&format=csv").content.decode("utf-8-sig")
    assert "田中 めぐみ 様" in export
    assert client.get(f"{LIST}act/").status_code == 405


def test_the_page_of_a_delivery(cast, client_for, letter) -> None:
    client = client_for(cast.hibari.clerk)
    path = f"/staff/procedures/deliveries/{letter.id}/"
    assert "宛先を直す" in client.get(path).content.decode()
    refused = client.post(f"{path}address/", {"addressee": "田中 様", "postcode": "12", "address": "ひばり町1"})
    assert refused.status_code == 422
    assert "7けた" in refused.content.decode()
    assert client.post(f"{path}address/", {"addressee": "田中 様", "address": "ひばり町1"}).status_code == 302
    assert client.post(f"{path}nothing/", {}).status_code == 404
    assert client.post(f"{path}returned/", {"returned_on": clock.today().isoformat(), "note": "x"}).status_code == 422


def test_other_towns_see_nothing(cast, client_for, letter) -> None:
    assert client_for(cast.misaki.clerk).get(f"/staff/procedures/deliveries/{letter.id}/").status_code == 404


def test_the_way_is_written_down(town: Town) -> None:
    application: Application = an_application(with_rules(town), an_online_procedure(town))
    assert application.accepts_electronic_notice
    choose_delivery_way(actor=town.clerk, application=application, way=Way.COUNTER)
    assert not Application.objects.get(id=application.id).accepts_electronic_notice
