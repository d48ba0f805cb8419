"""Pages of the yearly cycle: begin a list, propose, confirm, carry out, the certificate, the register."""

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast, Town
from kakehashi.records.models import DisposalItem, DisposalList, Measure
from kakehashi.records.services import execute_list, execute_piece, gather_piece
from kakehashi.records.testing import expired, gathered, through, with_schedule

BASE = "/staff/records/disposals/"


def text(response) -> str:
    return response.content.decode()


def test_from_the_list_to_the_register(town: Town, client_for) -> None:
    with_schedule(town)
    expired(town, with_content=b"words")
    officer = client_for(town.officer)
    assert "一覧を作る" in text(officer.get(BASE))
    assert officer.post(BASE, {"fiscal_year": "2025"}).status_code == 302
    made = DisposalList.objects.get()
    path, item = f"{BASE}{made.id}/", None
    assert "0 ／ 1冊" in text(officer.get(path))
    gather_piece(disposal_list=made)
    item = DisposalItem.objects.get()
    assert "申し出る" in text(client_for(town.clerk).get(path))
    data = {"verb": "propose", "item": str(item.id), f"measure-{item.id}": "destroy"}
    assert client_for(town.clerk).post(f"{path}act/", data).status_code == 302
    assert client_for(town.manager).post(f"{path}act/", {"verb": "confirm", "all": "1"}).status_code == 302
    assert "執行待ちの1冊を執行する" in text(officer.get(path))
    assert officer.post(f"{path}execute/").status_code == 302
    assert "執行しています" in text(officer.get(f"{path}progress/"))
    execute_piece(disposal_list=made, label="x")
    page = text(officer.get(path))
    assert "第1号（PDF）" in page
    assert "中身は残っていません" in text(officer.get(f"/staff/records/files/{item.record_file_id}/"))
    register = text(officer.get(f"{BASE}register/?q=C-02"))
    assert "廃棄済" in register
    for address in (f"{BASE}register/?format=csv", f"{path}?format=xlsx&state=done&measure=destroy&department=x"):
        assert officer.get(address).status_code == 200


def test_what_cannot_be_done_is_told(town: Town, client_for) -> None:
    with_schedule(town)
    officer = client_for(town.officer)
    assert officer.post(BASE, {"fiscal_year": "2025"}).status_code == 422
    expired(town)
    path = f"{BASE}{gathered(town).id}/"
    for data in ({"verb": "propose"}, {"verb": "send_back", "all": "1"}):
        officer.post(f"{path}act/", data)
        assert "dads-notification-banner" in text(officer.get(path))
    assert officer.post(f"{path}execute/").status_code == 302
    assert DisposalItem.objects.get().state == "waiting"


def test_a_package_is_accepted(town: Town, client_for) -> None:
    with_schedule(town)
    expired(town, with_content=b"words")
    made = through(town, Measure.TRANSFER)
    execute_list(actor=town.officer, disposal_list=made)
    execute_piece(disposal_list=made, label="x")
    officer = client_for(town.officer)
    page = text(officer.get(f"{BASE}{made.id}/"))
    assert "の包み（ZIP）" in page
    package = DisposalItem.objects.get().packages.get()
    path = f"/staff/records/packages/{package.id}/accept/"
    assert officer.post(path, {"accepted_by": ""}).status_code == 302
    officer.post(path, {"accepted_by": "公文書館", "accepted_on": "2026-01-01"})
    assert DisposalItem.objects.get().state == "done"


def test_strangers_are_refused(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_schedule(town)
        expired(town)
        made = gathered(town)
    assert client_for(cast.misaki.clerk).get(f"{BASE}{made.id}/").status_code == 404
    with tenant_scope(town.id):
        Role.objects.update(permissions=["records.file:read"])
    client = client_for(town.clerk)
    for path in ("act/", "execute/"):
        assert client.post(f"{BASE}{made.id}/{path}").status_code == 403
