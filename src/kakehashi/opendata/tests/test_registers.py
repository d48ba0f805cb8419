"""Tables kept by hand: add, edit, retire, import with matched columns, a trial and a report by row."""

import io

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.opendata import services
from kakehashi.opendata.domain.tables import BadTable, read_given
from kakehashi.opendata.models import Facility, TableImport
from kakehashi.opendata.selectors.registers import find_register
from kakehashi.people.models import Role

PAGES = "/staff/opendata/registers/facilities/"
CELLS = {
    "identifier": "1",
    "name": "公民館",
    "address": "ひばり町1-1",
    "latitude": "35.1",
    "longitude": "138.1",
    "opens_at": "09:00",
}


def codes():
    return list(
        Event.objects.filter(code__startswith="opendata.register").order_by("id").values_list("code", flat=True)
    )


def add(town, **changes):
    register = find_register("facilities")
    return services.add_row(actor=town.officer, register=register, cells=CELLS | changes, row_id=uuid7())


def test_a_row_is_added_edited_retired_and_taken_back(town):
    register = find_register("facilities")
    row = add(town)
    edited = services.edit_row(actor=town.officer, register=register, row=row, cells={"name": "中央公民館"}, revision=1)
    assert (edited.name, edited.revision) == ("中央公民館", 2)
    with pytest.raises(Stale):
        services.edit_row(actor=town.officer, register=register, row=row, cells={"name": "別の名"}, revision=1)
    services.retire_row(actor=town.officer, register=register, row=row)
    with pytest.raises(DomainError, match="使い回せません"):
        add(town)
    services.restore_row(actor=town.officer, register=register, row=row)
    assert codes() == [f"opendata.register.{verb}" for verb in ("added", "edited", "retired", "restored")]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("latitude", "34度52分"),
        ("name", ""),
        ("opens_at", "朝"),
        ("phone", "a\nb"),
        ("name", "長" * 201),
        ("identifier", ""),
    ],
)
def test_what_cannot_be_published_is_refused_at_its_field(town, field, text):
    with pytest.raises(DomainError) as caught:
        add(town, **{field: text})
    assert caught.value.field == field


def upload(client, text, name="施設.csv", codec="cp932"):
    file = io.BytesIO(text.encode(codec))
    file.name = name
    return client.post(f"{PAGES}import/", {"file": file, "idempotency_key": uuid7()})


OLD = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,住所,方書,緯度,経度,電話番号\r\n"
    "{code},1,みはる県,ひばり町,公民館,ひばり町1-1,,35.1,138.1,(054)625-0128\r\n"
    "{code},2,みはる県,ひばり町,図書館,ひばり町2-2,,三十五度,138.2,\r\n"
    "011002,3,北海道,札幌市,札幌の館,札幌市1,,43.0,141.3,\r\n"
    "{code},1,みはる県,ひばり町,重なり,ひばり町3,,35.1,138.1,\r\n"
)


def test_a_list_of_the_earlier_edition_is_tried_and_imported(cast, client_for):
    client, code = client_for(cast.hibari.officer), cast.hibari.government.code
    page = upload(client, OLD.format(code=code), codec="cp932")["Location"]
    shown = client.get(page).content.decode()
    assert "Shift_JIS" in shown
    assert "三十五度" in shown
    assert "1が2行目" not in shown
    with tenant_scope(cast.hibari.id):
        assert not Facility.objects.exists()
        made = TableImport.objects.get()
    assert client.post(f"{page}apply/").status_code == 302
    assert client.post(f"{page}apply/").status_code == 302
    with tenant_scope(cast.hibari.id):
        assert list(Facility.objects.values_list("identifier", "name")) == [("1", "公民館")]
        made.refresh_from_db()
        assert made.report["counts"] == {"new": 1, "changed": 0, "same": 0, "elsewhere": 1, "broken": 2, "missing": 0}
        assert codes() == ["opendata.register.imported"]
    report = client.get(f"{page}report/?format=csv").content.decode("utf-8-sig")
    assert "2行目と同じです" in report
    assert "054-625-0128" not in report


def test_columns_are_matched_by_hand_and_remembered(cast, client_for):
    client = client_for(cast.hibari.officer)
    page = upload(client, "かんり番号,たてもの,ばしょ\r\n1,公民館,ひばり町1\r\n", codec="utf-8")["Location"]
    assert "取り込む</button>" not in client.get(page).content.decode()
    assert client.post(page, {"column_name": "たてもの"}).status_code == 422
    chosen = {"column_identifier": "かんり番号", "column_name": "たてもの", "column_address": "ばしょ"}
    assert client.post(page, chosen | {"column_city": "ばしょ"}).status_code == 422
    assert client.post(page, chosen).status_code == 302
    client.post(f"{page}apply/")
    again = upload(client, "かんり番号,たてもの,ばしょ\r\n2,図書館,ひばり町2\r\n", codec="utf-8")["Location"]
    client.post(again, chosen | {"retires_missing": "on"})
    client.post(f"{again}apply/")
    with tenant_scope(cast.hibari.id):
        assert Facility.objects.get(identifier="1").is_retired
        assert TableImport.objects.latest("created_at").matches["name"] == "たてもの"
        assert Facility.objects.get(identifier="2").name == "図書館"


def test_the_pages(cast, client_for):
    client = client_for(cast.hibari.officer)
    assert client.get("/staff/opendata/registers/").status_code == 200
    assert client.get(f"{PAGES}new/").status_code == 200
    assert client.post(f"{PAGES}new/", CELLS | {"latitude": "北", "idempotency_key": uuid7()}).status_code == 422
    sent = CELLS | {"idempotency_key": uuid7()}
    for _ in range(2):
        assert client.post(f"{PAGES}new/", sent).status_code == 302
    with tenant_scope(cast.hibari.id):
        row = Facility.objects.get()
    assert "公民館" in client.get(f"{PAGES}?q=公民").content.decode()
    assert client.get(f"{PAGES}?format=xlsx").content.startswith(b"PK")
    assert client.post(f"{PAGES}{row.id}/", CELLS | {"name": "新公民館", "revision": 1}).status_code == 302
    assert client.post(f"{PAGES}{row.id}/", CELLS | {"name": "古い画面から", "revision": 1}).status_code == 422
    assert client.post(f"{PAGES}{row.id}/retire/").status_code == 302
    assert "廃止" in client.get(f"{PAGES}?retired=1").content.decode()
    assert client.get(f"{PAGES}{row.id}/retire/").status_code == 405


def test_permissions_and_neighbours(cast, client_for):
    with tenant_scope(cast.hibari.id):
        row = add(cast.hibari)
        Role.objects.update(permissions=["opendata.dataset:read"])
        with pytest.raises(PermissionRefused):
            services.retire_row(actor=AnonymousActor(cast.hibari.id), register=find_register("facilities"), row=row)
    clerk = client_for(cast.hibari.clerk)
    assert clerk.get(PAGES).status_code == 200
    for path in ("new/", "import/", f"{row.id}/"):
        assert clerk.get(PAGES + path).status_code == 403
    assert clerk.post(f"{PAGES}{row.id}/retire/").status_code == 403
    assert client_for(cast.misaki.officer).get(f"{PAGES}{row.id}/").status_code == 404
    assert client_for(cast.misaki.officer).get("/staff/opendata/registers/nothing/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"features": [{"properties": "abc", "geometry": "Point"}]}',
        b'{"features": [{"properties": [[1]], "geometry": {"type": "Point", "coordinates": {"0": 1}}}]}',
        b"," * 300_000 + b"\n" + b"1," * 300_000,
        b"PK\x03\x04" + b"a" * 1000,
    ],
)
def test_a_file_made_to_harm_is_refused_or_empty(content):
    try:
        assert read_given("a", content).rows == []
    except BadTable as problem:
        assert str(problem)


def test_what_no_database_can_hold_is_left_out():
    table = read_given("a.json", b'[{"a\\u0000": "1\\u0000", "\\ud800": "\\udfff"}]')
    assert (table.headers, table.rows) == (["a", "?"], [(2, ["1", "?"])])
