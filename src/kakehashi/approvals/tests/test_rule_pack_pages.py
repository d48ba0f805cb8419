"""Pages of the rule pack: they work, refuse, keep what was typed, and change nothing that is in force."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kakehashi.approvals.models import RulePack
from kakehashi.approvals.services import begin_rule_pack
from kakehashi.approvals.testing import with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast, Town

BASE = "/staff/approvals/rules/"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def draft(town: Town) -> RulePack:
    with_rules(town)
    return begin_rule_pack(actor=town.administrator, document="town", title="令和9年4月改正")


def grant_row(pack: RulePack) -> int:
    rows = pack.document["tables"]["rules"]
    return next(at for at, row in enumerate(rows) if row["matter"] == "disposition.grant")


def test_a_shipped_pack_is_begun_and_put_in_force_on_screen(town: Town, client_for) -> None:
    client = client_for(town.administrator)
    assert "ひな形から始める" in text(client.get(BASE))
    response = client.post(f"{BASE}begin/", {"pack": "town"})
    pack = RulePack.objects.get()
    assert response["Location"].endswith(f"{pack.id}/")
    page = text(client.get(f"{BASE}{pack.id}/"))
    assert "制定へ進む" in page
    response = client.post(
        f"{BASE}{pack.id}/enforce/", {"revision": 1, "valid_from": "2026-04-01", "edition": "令和8年訓令第4号"}
    )
    assert response.status_code == 302
    page = text(client.get(BASE))
    assert "施行中の版" in page
    assert "令和8年訓令第4号" in page


def test_every_table_opens_and_is_searched(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.clerk)
    for part in draft.document["tables"]:
        assert client.get(f"{BASE}{draft.id}/{part}/").status_code == 200
    page = text(client.get(f"{BASE}{draft.id}/rules/?q=補助金"))
    assert "補助金等の交付決定" in page
    assert "諸証明" not in page
    assert client.get(f"{BASE}{draft.id}/nothing/").status_code == 404


def test_a_wrong_row_is_answered_beside_its_field_and_loses_nothing(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.administrator)
    url = f"{BASE}{draft.id}/rules/{grant_row(draft)}/"
    assert "500000" in text(client.get(url))
    response = client.post(
        url, {"revision": 1, "matter": "disposition.grant", "decider": "課長", "high": "五十万", "clause": "別表"}
    )
    assert response.status_code == 422
    assert "五十万" in text(response)
    assert "は0以上の整数で" in text(response)


def test_a_changed_band_is_caught_by_the_linter_and_mended(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.administrator)
    url = f"{BASE}{draft.id}/rules/{grant_row(draft)}/"
    row = {
        "revision": 1,
        "matter": "disposition.grant",
        "decider": "課長",
        "high": "３００，０００円",
        "high_word": "le",
        "clause": "別表第1第4項(1)",
    }
    assert client.post(url, row).status_code == 302
    page = text(client.get(f"{BASE}{draft.id}/enforce/"))
    assert "300,001円以上500,001円未満のとき、決裁する者がいません" in page
    assert "この版を制定する" not in page
    refused = client.post(f"{BASE}{draft.id}/enforce/", {"revision": 2, "valid_from": "2027-04-01"})
    assert refused.status_code == 422
    assert client.post(url, row | {"revision": 1}).status_code == 409


def test_a_row_is_added_and_taken_out(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.administrator)
    assert (
        client.post(f"{BASE}{draft.id}/labels/new/", {"revision": 1, "word": "paper", "label": "紙文書"}).status_code
        == 302
    )
    place = len(RulePack.objects.get(id=draft.id).document["tables"]["labels"]) - 1
    assert "紙文書" in text(client.get(f"{BASE}{draft.id}/labels/"))
    assert client.post(f"{BASE}{draft.id}/labels/{place}/", {"revision": 2, "remove": ""}).status_code == 302
    assert "紙文書" not in text(client.get(f"{BASE}{draft.id}/labels/"))
    assert client.get(f"{BASE}{draft.id}/labels/{place}/").status_code == 404


def test_a_workbook_goes_out_is_changed_and_becomes_a_draft_that_tells_its_differences(
    town: Town, client_for, draft: RulePack
) -> None:
    client = client_for(town.administrator)
    book = load_workbook(BytesIO(client.get(f"{BASE}{draft.id}/workbook.xlsx").content))
    sheet = book["呼び名"]
    sheet["B2"] = "公文書管理簿"
    out = BytesIO()
    book.save(out)
    response = client.post(f"{BASE}import/", {"title": "改正案", "file": SimpleUploadedFile("a.xlsx", out.getvalue())})
    assert response.status_code == 302
    page = text(client.get(response["Location"]))
    assert "呼び名「registry」の呼び名がファイル管理簿から公文書管理簿に変わります。" in page
    sheet["B2"] = ""
    book["専決"]["F2"] = "多額"
    out = BytesIO()
    book.save(out)
    count = RulePack.objects.count()
    refused = client.post(f"{BASE}import/", {"file": SimpleUploadedFile("a.xlsx", out.getvalue())})
    assert refused.status_code == 422
    assert "読めないところが2件" in text(refused)
    assert RulePack.objects.count() == count


def test_the_simulator_names_decider_and_clause_of_the_day(town: Town, client_for) -> None:
    with_rules(town)
    client = client_for(town.clerk)
    query = {
        "matter": "disposition.grant",
        "amount": "5,000,000",
        "department": str(town.department.id),
        "on": "2026-11-22",
        "subject": "祭りの補助",
    }
    page = text(client.get(f"{BASE}simulate/", query))
    assert "副町長が専決します。根拠は事務決裁規程別表第1第4項(2)です。" in page
    assert "祭りの補助" in page
    assert "第1版" in page
    assert "この日に施行されている版がありません" in text(client.get(f"{BASE}simulate/", query | {"on": "2019-03-31"}))
    assert client.get(f"{BASE}simulate/", query | {"department": "x"}).status_code == 422
    assert client.get(f"{BASE}simulate/").status_code == 200


def test_two_versions_are_compared_and_a_version_is_revised(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.administrator)
    first = RulePack.objects.get(number=1)
    assert "違いはありません" in text(client.get(f"{BASE}{draft.id}/compare/?with={first.id}"))
    assert client.post(f"{BASE}begin/", {"based_on": str(first.id)}).status_code == 302
    assert RulePack.objects.filter(based_on=first).count() == 1
    assert client.post(f"{BASE}{draft.id}/discard/").status_code == 302
    assert client.get(f"{BASE}{draft.id}/").status_code == 404


def test_a_version_is_called_off_on_screen(town: Town, client_for, draft: RulePack) -> None:
    client = client_for(town.administrator)
    day = clock.today() + dt.timedelta(days=400)
    assert client.post(f"{BASE}{draft.id}/enforce/", {"revision": 1, "valid_from": day.isoformat()}).status_code == 302
    assert "施行予定" in text(client.get(f"{BASE}{draft.id}/"))
    assert client.post(f"{BASE}{draft.id}/call-off/", {"reason": "延期"}).status_code == 302
    assert "取りやめ" in text(client.get(BASE))


@pytest.mark.parametrize("path", ["import/", "{id}/rules/0/", "{id}/rules/new/", "{id}/enforce/"])
def test_reading_is_for_readers_and_changing_for_managers(town: Town, client_for, draft: RulePack, path: str) -> None:
    Role.objects.filter(code="staff").update(permissions=["approvals.proposal:read"])
    client = client_for(town.clerk)
    assert client.get(f"{BASE}{draft.id}/").status_code == 200
    assert client.get(BASE + path.format(id=draft.id)).status_code == 403


@pytest.mark.parametrize("path", ["", "rules/", "compare/", "enforce/", "workbook.xlsx", "rules/0/"])
def test_another_town_does_not_see_it(cast: Cast, client_for, path: str) -> None:
    with tenant_scope(cast.misaki.id):
        other = begin_rule_pack(actor=cast.misaki.administrator, document="town")
    assert client_for(cast.hibari.administrator).get(f"{BASE}{other.id}/{path}").status_code == 404


def test_the_registry_bears_the_body_s_own_name(town: Town, client_for) -> None:
    assert "<h1>行政文書ファイル管理簿</h1>" in text(client_for(town.clerk).get("/staff/records/"))
    with_rules(town)
    assert "<h1>ファイル管理簿</h1>" in text(client_for(town.clerk).get("/staff/records/"))
