"""取り込む: any spreadsheet a municipality keeps, tried before it is applied, the second time nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tables import as_csv, as_excel
from kakehashi.people.testing import Town
from kakehashi.procedures.models import Batch, BatchRow, Procedure, RowState, Stage
from kakehashi.procedures.selectors.batches import plan_batch
from kakehashi.procedures.selectors.sheet import SHEET_HEADERS, sheet_rows
from kakehashi.procedures.services import apply_batch, close_procedure, lay_out_batch, start_batch
from kakehashi.procedures.testing import a_messy_book, a_procedure, an_online_procedure

BATCHES = "/staff/procedures/inventory/batches/"


def states(batch: Batch, actor: Any) -> list[str]:
    return [row.state.value for row in plan_batch(batch, actor)]


def take(town: Town, content: bytes, name: str = "台帳.csv") -> Batch:
    return apply_batch(actor=town.officer, batch=start_batch(actor=town.officer, name=name, content=content))


def test_a_messy_book(town: Town) -> None:
    content = a_messy_book(town.department.name)
    batch = start_batch(actor=town.officer, name="棚卸し.xlsx", content=content)
    assert states(batch, town.officer) == ["new", "new", "duplicate", "new"]
    assert not Procedure.objects.exists()
    apply_batch(actor=town.officer, batch=batch)
    grant = Procedure.objects.get(name="住宅改修補助金交付申請")
    assert (grant.volume, grant.online_volume, grant.seal, grant.department_id) == (
        40,
        3,
        "required",
        town.department.id,
    )
    assert Procedure.objects.get(name="転入届").department_id == town.department.id
    road = Procedure.objects.get(name="道路占用許可")
    assert (road.volume, road.seal, road.department) == (None, "none", None)
    assert road.note.splitlines() == ["年間件数：多数", "所管課：ない課"]
    report = list(BatchRow.objects.filter(batch=batch).order_by("line").values_list("line", "state"))
    assert report == [(5, "new"), (6, "new"), (7, "duplicate"), (8, "new")]


def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    content = a_messy_book(town.department.name)
    take(town, content, "棚卸し.xlsx")
    before = list(Procedure.objects.order_by("id").values())
    again = start_batch(actor=town.officer, name="棚卸し.xlsx", content=content)
    assert set(states(again, town.officer)) == {"same", "duplicate"}
    with pytest.raises(DomainError, match="変わる手続がありません"):
        apply_batch(actor=town.officer, batch=again)
    assert list(Procedure.objects.order_by("id").values()) == before


@pytest.mark.parametrize("write", [as_csv, lambda headers, rows: as_excel("台帳", headers, rows)])
def test_what_goes_out_comes_in_unchanged(town: Town, write: Callable) -> None:
    an_online_procedure(
        town, needs=["見積書、写真", "=1+1"], channels=["counter"], target_year=2027, seal="none", volume=0
    )
    a_procedure(town.officer, "住民票の写しの交付")
    content = write(SHEET_HEADERS, sheet_rows(Procedure.objects.all()))
    batch = start_batch(actor=town.officer, name="x.csv" if write is as_csv else "x.xlsx", content=content)
    assert states(batch, town.officer) == ["same", "same"]


def test_shift_jis_and_columns_chosen_by_hand_are_remembered(town: Town) -> None:
    content = "手続一覧,,\r\nなまえ,もとになるきまり,\r\n死亡届,戸籍法,\r\n".encode("cp932")
    batch = start_batch(actor=town.officer, name="a.csv", content=content)
    lay_out_batch(
        actor=town.officer,
        batch=batch,
        sheet="CSV",
        header_line=2,
        header_rows=1,
        mapping={"name": 0, "legal_basis": 1},
    )
    batch.refresh_from_db()
    apply_batch(actor=town.officer, batch=batch)
    assert Procedure.objects.get().legal_basis == "戸籍法"
    later = start_batch(actor=town.officer, name="b.csv", content=content + "出生届,戸籍法,\r\n".encode("cp932"))
    assert later.layout["mapping"] == {"name": 0, "legal_basis": 1}
    assert states(later, town.officer) == ["same", "new"]


def test_a_header_chosen_by_hand_is_found_again(town: Town) -> None:
    book = "手続一覧,,\r\n手続名,根拠法令,年間件数\r\n（正式名）,（条まで）,（件／年）\r\n死亡届,戸籍法,12\r\n".encode()
    batch = start_batch(actor=town.officer, name="a.csv", content=book)
    assert (batch.layout["header_from"], batch.layout["header_rows"]) == (1, 1)
    lay_out_batch(actor=town.officer, batch=batch, sheet="CSV", header_line=2, header_rows=2, mapping=None)
    later = start_batch(
        actor=town.officer,
        name="b.csv",
        content=b"\r\n" + "令和9年度,,\r\n".encode() + book + "出生届,戸籍法,30\r\n".encode(),
    )
    assert (later.layout["header_from"], later.layout["header_rows"]) == (2, 2)
    assert states(later, town.officer) == ["new", "new"]


@pytest.mark.parametrize(
    ("table", "counts"),
    [
        ("手続名,件数（紙）,件数（電子申請）\r\n死亡届,12,30\r\n", (42, 30)),
        ("手続名,年間件数,\r\n,紙,電子申請\r\n死亡届,12,30\r\n", (42, 30)),
        ("手続名,窓口件数,郵送件数,オンライン件数\r\n死亡届,12,5,30\r\n", (47, 30)),
        ("手続名,窓口件数,紙の件数,オンライン件数\r\n死亡届,12,5,30\r\n", (47, 30)),
        ("手続名,年間件数,,\r\n,窓口,紙（郵送）,オンライン\r\n死亡届,12,5,30\r\n", (47, 30)),
        ("手続名,紙の件数,うち窓口件数,うち郵送件数,電子の件数\r\n死亡届,17,12,5,30\r\n", (47, 30)),
        ("手続名,窓口・郵送の件数,電子の件数\r\n死亡届,12,0\r\n", (12, 0)),
        ("手続名,年間件数,うち紙\r\n死亡届,42,12\r\n", (42, 30)),
        ("手続名,年間件数 計,年間件数 紙,年間件数 電子\r\n死亡届,50,12,30\r\n", (50, 30)),
        ("手続名,年間件数,うちオンライン,オンライン利用率\r\n死亡届,42,30,71%\r\n", (42, 30)),
        ("手続名,紙の件数\r\n死亡届,12\r\n", (12, None)),
    ],
)
def test_a_count_split_into_paper_and_online_is_added_up(
    town: Town, table: str, counts: tuple[int, int | None]
) -> None:
    a_procedure(town.officer, "死亡届")
    batch = start_batch(actor=town.officer, name="a.csv", content=table.encode("cp932"))
    assert states(batch, town.officer) == ["change"]
    apply_batch(actor=town.officer, batch=batch)
    found = Procedure.objects.get()
    assert (found.volume, found.online_volume) == counts


def test_a_table_that_names_an_ordinance_makes_procedures_of_the_towns_own_rules(town: Town) -> None:
    table = "手続名,根拠条例等\r\n自治会館使用申請,ひばり町自治会館条例\r\n死亡届,戸籍法第86条\r\n".encode()
    batch = start_batch(actor=town.officer, name="a.csv", content=table)
    apply_batch(actor=town.officer, batch=batch)
    assert dict(Procedure.objects.values_list("name", "basis")) == {"自治会館使用申請": "ordinance", "死亡届": "law"}


def test_parts_that_do_not_make_the_total_are_told(town: Town) -> None:
    table = "手続名,年間件数,うち紙,うち電子\r\n死亡届,50,12,30\r\n出生届,,8,\r\n".encode()
    plan = plan_batch(start_batch(actor=town.officer, name="a.csv", content=table), town.officer)
    assert [(row.procedure.volume, row.procedure.online_volume) for row in plan if row.procedure] == [
        (50, 30),
        (8, None),
    ]
    assert "紙とオンラインの合計（42件）が年間件数と合いません" in plan[0].text
    assert "紙の件数だけを年間件数にします" in plan[1].text


def test_nobody_guesses_between_two_of_one_name(town: Town) -> None:
    a_procedure(town.officer, "営業許可申請", legal_basis="食品衛生法")
    a_procedure(town.officer, "営業許可申請", legal_basis="興行場法")
    plan = plan_batch(
        start_batch(actor=town.officer, name="a.csv", content="手続名,年間件数\r\n営業許可申請,3\r\n".encode()),
        town.officer,
    )
    assert plan[0].state == RowState.WRONG
    assert "2件あります" in plan[0].text


def test_what_is_too_long_or_stands_twice_stops_its_row_only(town: Town) -> None:
    rows = [
        "手続名,手続ID,手数料,提出先",
        f"死亡届,{'9' * 41},,",
        f"出生届,7,,{'窓' * 90}",
        "婚姻届,7,,",
        f"離婚届,,{'円' * 201},",
        "転居届,,,",
    ]
    batch = take(town, "\r\n".join(rows).encode())
    report = BatchRow.objects.filter(batch=batch).order_by("line").values_list("state", flat=True)
    assert list(report) == ["wrong", "new", "duplicate", "wrong", "new"]


def test_publishing_by_a_file_goes_through_the_gates(town: Town) -> None:
    ready = close_procedure(actor=town.officer, procedure=an_online_procedure(town))
    bare = a_procedure(town.officer, "道路占用許可", legal_basis="道路法")
    rows = f"台帳ID,手続名,操作\r\n{ready.id},,公開\r\n{bare.id},,公開\r\n"
    batch = start_batch(actor=town.officer, name="公開.csv", content=rows.encode())
    plan = plan_batch(batch, town.officer)
    assert [row.state for row in plan] == [RowState.CHANGE, RowState.WRONG]
    assert "様式を作って" in plan[1].text
    apply_batch(actor=town.officer, batch=batch)
    assert Procedure.objects.get(id=ready.id).stage == Stage.ONLINE
    assert Procedure.objects.get(id=bare.id).stage == Stage.PAPER


def test_one_event_with_the_digest_of_every_row(town: Town) -> None:
    before = Event.objects.count()
    batch = take(town, "手続名\r\n死亡届\r\n出生届\r\n".encode())
    assert Event.objects.count() == before + 1
    event = Event.objects.order_by("-id").first()
    assert event is not None
    assert (event.code, event.payload["rows"]) == ("procedures.batch.applied", batch.digest)
    with pytest.raises(Stale):
        apply_batch(actor=town.officer, batch=batch)


def test_by_the_pages(town: Town, client_for: Callable) -> None:
    client = client_for(town.officer)
    assert client.get(BATCHES).status_code == 200
    assert client.get(f"{BATCHES}sample/").status_code == 200
    assert client.post(BATCHES, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk")}).status_code == 422
    book = SimpleUploadedFile("棚卸し.xlsx", a_messy_book(town.department.name))
    address = client.post(BATCHES, {"file": book})["Location"].removeprefix(f"/{town.government.slug}")
    page = client.get(address).content.decode()
    assert "3件を反映する" in page
    # Rows are numbered as the spreadsheet does, empty ones counted, above the header as below it.
    assert "見出しの場所（3行目から2行" in page
    assert client.get(f"{address}?state=duplicate").status_code == 200
    wrong = {"sheet": "Sheet", "header_from": "99", "header_rows": "1", "what": "header"}
    assert client.post(address, wrong).status_code == 422
    assert client.post(address, wrong | {"header_from": "3", "header_rows": "2"}).status_code == 302
    assert "3件を反映する" in client.get(address).content.decode()
    assert client.post(f"{address}apply/").status_code == 302
    report = client.get(address).content.decode()
    assert "この取り込みを元に戻す" in report
    assert "新しく載せた" in report
    assert "新しく載せる" not in report
    assert "新しく載せた" in client.get(f"{address}?format=csv").content.decode("utf-8-sig")
    assert client.post(f"{address}discard/").status_code == 302
    assert client.post(f"{address}undo/").status_code == 302
    assert not Procedure.objects.exists()


def test_a_selection_of_the_inventory(town: Town, client_for: Callable) -> None:
    an_online_procedure(town)
    a_procedure(town.officer, "道路占用許可")
    client = client_for(town.officer)
    select = "/staff/procedures/inventory/select/?stage=online"
    made = client.post(select, {"act": "close"})
    page = client.get(made["Location"].removeprefix(f"/{town.government.slug}"))
    assert "1件を反映する" in page.content.decode()
    assert client.post("/staff/procedures/inventory/select/?q=ない", {"act": "open"}).status_code == 302
