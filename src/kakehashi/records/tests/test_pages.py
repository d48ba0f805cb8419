"""Pages of records: the registry, the disposal year, a file, a document, holds."""

import datetime as dt

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast, Town
from kakehashi.records.models import Hold, RecordFile
from kakehashi.records.testing import filed, with_schedule

BASE = "/staff/records/"


def text(response) -> str:
    return response.content.decode()


def test_the_registry_explains_every_date(town: Town, client_for) -> None:
    with_schedule(town)
    filed(town)
    page = text(client_for(town.clerk).get(BASE))
    for part in ("令和7年度 C-03に関する文書", "令和13年3月31日", "なぜこの日？", "翌年度の4月1日", "別表第1 C-03"):
        assert part in page


def test_the_registry_is_narrowed_and_exported(town: Town, client_for) -> None:
    with_schedule(town)
    filed(town)
    client = client_for(town.clerk)
    assert "C-03に関する" not in text(client.get(f"{BASE}?year=2020"))
    assert "C-03に関する" in text(client.get(f"{BASE}?year=2025&q=C-03&department={town.department.id}"))
    assert "2031-03-31" in text(client.get(f"{BASE}?format=csv"))
    assert client.get(f"{BASE}?format=xlsx").status_code == 200
    assert client.get(f"{BASE}?year=x&department=x&cursor=x").status_code == 200


def test_the_disposal_year_shows_what_ends_and_why(town: Town, client_for) -> None:
    with_schedule(town)
    filed(town)
    client = client_for(town.clerk)
    assert "C-03に関する文書" in text(client.get(f"{BASE}disposal/?year=2030"))
    assert "この年度に満了する簿冊はありません" in text(client.get(f"{BASE}disposal/?year=2031"))
    assert client.get(f"{BASE}disposal/?year=2030&format=csv").status_code == 200


def test_a_document_page_shows_number_dates_and_file(town: Town, client_for) -> None:
    with_schedule(town)
    document = filed(town)
    client = client_for(town.clerk)
    assert "公園使用の許可" in text(client.get(f"{BASE}documents/{document.id}/"))
    assert "公園使用の許可" in text(client.get(f"{BASE}files/{document.record_file_id}/"))


def test_a_hold_is_placed_and_released(town: Town, client_for) -> None:
    with_schedule(town)
    record_file = filed(town).record_file
    client = client_for(town.officer)
    path = f"{BASE}files/{record_file.id}/hold/"
    assert client.post(path, {"ground": "litigation", "reason": ""}).status_code == 422
    assert client.post(path, {"ground": "litigation", "reason": "地裁の事件"}).status_code == 302
    assert RecordFile.objects.get(id=record_file.id).expires_on is None
    assert "保留中" in text(client.get(f"{BASE}?held=1"))
    assert client.post(f"{BASE}holds/{Hold.objects.get().id}/release/").status_code == 302
    assert RecordFile.objects.get(id=record_file.id).expires_on == dt.date(2031, 3, 31)


def test_a_period_is_extended(town: Town, client_for) -> None:
    with_schedule(town)
    record_file = filed(town).record_file
    client = client_for(town.officer)
    path = f"{BASE}files/{record_file.id}/extend/"
    assert client.post(path, {"years": "0", "reason": "監査"}).status_code == 422
    assert client.post(path, {"years": "2", "reason": "監査"}).status_code == 302
    assert RecordFile.objects.get(id=record_file.id).expires_on == dt.date(2033, 3, 31)


def test_strangers_are_refused(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_schedule(town)
        document = filed(town)
    other = client_for(cast.misaki.clerk)
    assert other.get(f"{BASE}documents/{document.id}/").status_code == 404
    assert other.get(f"{BASE}files/{document.record_file_id}/").status_code == 404
    assert client_for(town.clerk).post(BASE).status_code == 405
    with tenant_scope(town.id):
        Role.objects.update(permissions=[])
    client = client_for(town.clerk)
    for path in ("", "disposal/", f"documents/{document.id}/", f"files/{document.record_file_id}/"):
        assert client.get(BASE + path).status_code == 403
    assert client.post(f"{BASE}files/{document.record_file_id}/hold/").status_code == 403
