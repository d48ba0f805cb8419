"""The case page, its forms, and who may open it."""

import pytest

from kakehashi.cases.models import Message
from kakehashi.cases.testing import sample_case
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role


@pytest.fixture
def case(town):
    return sample_case(town)


def test_the_page_has_facts_acts_and_both_threads(town, case, client_for):
    page = client_for(town.clerk).get(f"/staff/cases/{case.id}/").content.decode()
    for words in ("転入届", "田中 めぐみ", "補正を依頼する", "申請者に連絡する", "職員だけのメモ", "番号待ち"):
        assert words in page


def test_a_message_is_posted_once(town, case, client_for):
    client, key = client_for(town.clerk), str(uuid7())
    form = {"thread": "internal", "body": "メモ", "idempotency_key": key}
    for _ in range(2):
        assert client.post(f"/staff/cases/{case.id}/messages/", form).status_code == 302
    assert Message.objects.get().body == "メモ"


def test_what_was_typed_is_kept(town, case, client_for):
    form = {"thread": "public", "body": "あ" * 5001}
    answer = client_for(town.clerk).post(f"/staff/cases/{case.id}/messages/", form)
    assert answer.status_code == 422
    assert "あ" * 5001 in answer.content.decode()
    assert "dads-error-summary" in answer.content.decode()


def test_what_the_resident_sees(town, case, client_for):
    page = client_for(town.clerk).get(f"/staff/cases/{case.id}/as-resident/").content.decode()
    assert f"/sample/{case.source_id}/" in page


def test_assigning_from_the_page(town, case, client_for):
    client_for(town.manager).post(f"/staff/cases/{case.id}/assign/", {"handler": str(town.clerk.id)})
    case.refresh_from_db()
    assert case.handler_id == town.clerk.id


def test_a_forged_handler_is_told(town, case, client_for):
    page = client_for(town.manager).post(f"/staff/cases/{case.id}/assign/", {"handler": str(uuid7())}, follow=True)
    assert "担当を選び直してください。" in page.content.decode()


@pytest.mark.parametrize("path", ["", "as-resident/"])
def test_the_neighbour_finds_nothing(cast, client_for, path):
    with tenant_scope(cast.hibari.id):
        case = sample_case(cast.hibari)
    stranger, at_home = client_for(cast.misaki.clerk, at=cast.hibari), client_for(cast.misaki.clerk)
    assert stranger.get(f"/staff/cases/{case.id}/{path}").status_code == 404
    assert at_home.get(f"/staff/cases/{case.id}/{path}").status_code == 404


def test_writing_needs_a_post(town, case, client_for):
    client = client_for(town.clerk)
    for path in ("messages/", "assign/"):
        assert client.get(f"/staff/cases/{case.id}/{path}").status_code == 405


def test_without_the_permission_it_is_refused(town, case, client_for):
    Role.objects.filter(code="staff").update(permissions=["cases.case:read"])
    client = client_for(town.clerk)
    assert client.get(f"/staff/cases/{case.id}/").status_code == 200
    assert client.post(f"/staff/cases/{case.id}/assign/", {"handler": ""}).status_code == 403
