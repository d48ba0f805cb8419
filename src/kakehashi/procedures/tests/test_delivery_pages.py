"""郵送リスト, the page of a delivery, and the applicant's choice of how to get the result."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import Case
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
    assert "〒100-0001" in page.content.decode()
    chosen = {"deliveries": [str(letter.id)]}
    assert client.post(LIST, chosen | {"labels": "1", "sheet": "12", "start": "1"}).content[:5] == b"%PDF-"
    assert client.post(LIST, chosen | {"letters": "1"}).content[:5] == b"%PDF-"
    assert client.post(LIST, {"labels": "1", "sheet": "12"}).status_code == 422
    day = {"posted": "1", "posted_on": clock.today().isoformat(), "mail_kind": "普通郵便"}
    assert client.post(LIST, day).status_code == 422
    assert client.post(LIST, chosen | day).status_code == 302
    export = client.get(f"{LIST}?standing=sent&format=csv").content.decode("utf-8-sig")
    assert "田中 めぐみ 様" in export
    assert client.delete(LIST).status_code == 405


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


def _ticked(page: str) -> set[str]:
    return set(re.findall(r'id="delivery-([0-9a-f-]+)"[^>]* checked', page))


def test_the_chosen_letters_stay_chosen_when_a_reason_is_asked(cast: Cast, client_for) -> None:
    """Another section's letters are printed after a reason; the unticked one is not ticked again on the way back."""
    with tenant_scope(cast.hibari.id):
        an_issued_application(with_rules(cast.hibari))
        an_issued_application(cast.hibari)
        kept, left = (str(each.id) for each in DocumentDelivery.objects.order_by("id"))
    client = client_for(cast.hibari.officer)
    assert _ticked(client.get(LIST).content.decode()) == {kept, left}
    given = {"labels": "1", "deliveries": [kept], "sheet": "12", "start": "1"}
    here = f"http://testserver/hibari{LIST}?standing=waiting"
    asked = client.post(f"{LIST}?standing=waiting", given, headers={"Referer": here})
    assert "/journal/accesses/reason/" in asked.url
    back = parse_qs(urlsplit(asked.url).query)["next"][0]
    page = client.get(back.removeprefix("http://testserver/hibari"))
    assert page.status_code == 200
    assert _ticked(page.content.decode()) == {kept}
    assert _ticked(client.get(LIST).content.decode()) == {kept, left}


def test_a_refusal_leaves_the_list_as_it_was(cast: Cast, client_for, letter) -> None:
    """What was narrowed and unticked stays so, and the sentence says what is missing."""
    client = client_for(cast.hibari.clerk)
    refused = client.post(f"{LIST}?way=post&standing=waiting", {"labels": "1", "sheet": "21", "start": "3"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "印刷する手紙を選んでください" in page
    assert _ticked(page) == set()
    assert '<option value="post" selected>' in page
    assert '<option value="21" selected>' in page


def test_what_waits_at_the_counter_is_not_asked_to_be_posted(cast: Cast, client_for) -> None:
    with tenant_scope(cast.hibari.id):
        an_issued_application(with_rules(cast.hibari), Way.COUNTER)
    page = client_for(cast.hibari.clerk).get(LIST).content.decode()
    assert "宛名を開いて、渡したことを記録します" in page
    assert "発送を記録する</button>" not in page
    assert "宛名ラベル" not in page


def test_a_decided_application_is_not_overdue_while_its_letter_waits(cast: Cast, client_for, letter) -> None:
    """標準処理期間 ends with the decision; the list says 交付待ち, and no day that has passed."""
    with tenant_scope(cast.hibari.id):
        Case.objects.filter(id=letter.application.case_id).update(due_on=clock.today() - dt.timedelta(days=10))
    page = client_for(cast.hibari.clerk).get("/staff/procedures/").content.decode()
    assert "施行済・交付待ち" in page
    assert "営業日超過" not in page
