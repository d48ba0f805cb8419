"""渡す・受け取る: layouts, packages, previews, the watched folder, outside numbers."""

import csv
import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.exchange.domain.coexistence import Handover, HandoverRow, Intake, Paper, Taken
from kakehashi.exchange.domain.columns import Column
from kakehashi.exchange.models import HandedOver, IntakeRun, OutsideNumber
from kakehashi.exchange.selectors import find_outside_numbers
from kakehashi.exchange.services import (
    apply_intake,
    make_handover,
    record_outside_number,
    save_layout,
    start_intake,
    try_intake,
)
from kakehashi.exchange.services.inbox import inbox_folder, sweep_inbox
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7

READ = "exchange.bundle:read"
ONE = uuid7()
CODE = "exchange.test"
CSV = "番号,値段\r\n1,100\r\n2,x\r\n1,100\r\n"
UTF8, SJIS = CSV.encode(), CSV.encode("cp932")


@pytest.fixture
def systems(monkeypatch):
    """One list that goes out and one that comes in."""
    out = Handover(
        "試験の一覧", "試験のため", "exchange", READ, CODE, ("name",), lambda: [("name", "名前"), ("price", "値段")],
        lambda handed: [each for each in [HandoverRow(ONE, {"name": "=一", "price": "100"}, [Paper("a/b.pdf", lambda: b"%PDF-")])]
                        if not handed.filter(subject_id=each.subject_id).exists()] if handed != [] else
        [HandoverRow(ONE, {"name": "=一", "price": "100"})],
        lambda _: "", lambda subject_id: "一" if subject_id == ONE else "", ("document",),
    )  # fmt: skip

    def apply(actor, values):
        if not values["price"].isdigit():
            raise DomainError("値段が数字ではありません。")
        before = OutsideNumber.objects.filter(subject_kind=CODE, number=values["number"]).exists()
        record_outside_number(
            actor=actor, subject_kind=CODE, subject_id=uuid7() if not before else OutsideNumber.objects.get(number=values["number"]).subject_id,
            kind="document", number=values["number"], title="x",
        )  # fmt: skip
        return Taken(f"番号{values['number']}", is_new=not before)

    into = Intake(
        "試験の結果",
        "試験のため",
        "exchange",
        READ,
        (Column("number", "番号", True), Column("price", "価格", True, ("値段",))),
        apply,
    )
    for place in ("exchange.views.systems", "exchange.services.inbox"):
        monkeypatch.setattr(f"kakehashi.{place}.intakes", lambda: [(CODE, into)])
    monkeypatch.setattr("kakehashi.exchange.views.systems.handovers", lambda: [(CODE, out)])
    monkeypatch.setattr("kakehashi.exchange.views.systems.handover", {CODE: out}.get)
    monkeypatch.setattr("kakehashi.exchange.views.systems.intake", {CODE: into}.get)
    return out, into


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_package_holds_the_list_and_the_papers_once(town, systems):
    package = make_handover(actor=town.officer, code=CODE, how=systems[0])
    inside = unpacked(package.content)
    assert inside["書類/b.pdf"] == b"%PDF-"
    assert next(csv.reader(io.StringIO(inside["一覧.csv"].decode("utf-8-sig")))) == ["名前"]
    assert HandedOver.objects.count() == 1
    assert Event.objects.filter(code="exchange.handover.made").count() == 1
    with pytest.raises(DomainError):
        make_handover(actor=town.officer, code=CODE, how=systems[0])
    assert make_handover(actor=town.officer, code=CODE, how=systems[0], again=True).count == 1


def test_the_layout_is_the_towns_own(town, systems, client_for):
    client = client_for(town.officer)
    address = f"/staff/exchange/systems/out/{CODE}/"
    chosen = {"place.price": "1", "header.price": "金額", "place.name": "2", "header.name": "", "charset": "cp932"}
    assert client.post(address, chosen).status_code == 302
    table = unpacked(client.post(address + "make/").content)["一覧.csv"].decode("cp932")
    assert table == "金額,名前\r\n100,'=一\r\n"
    assert client.post(address, {"charset": "cp932"}).status_code == 422


def test_an_unknown_field_or_encoding_is_refused(town, systems):
    for columns, encoding in (([], "utf-8-sig"), ([("x", "")], "utf-8-sig"), ([("name", "")], "utf-7")):
        with pytest.raises(DomainError):
            save_layout(actor=town.officer, code=CODE, how=systems[0], columns=columns, encoding=encoding)


def test_a_file_is_tried_without_writing_then_taken_in(town, systems):
    run = start_intake(actor=town.officer, code=CODE, how=systems[1], file_name="a.csv", content=CSV.encode("cp932"))
    tried = try_intake(actor=town.officer, run=run, how=systems[1])
    assert [each["state"] for each in tried] == ["ok", "wrong", "known"]
    assert not OutsideNumber.objects.exists()
    done = apply_intake(actor=town.officer, run=run, how=systems[1])
    assert (done.ok_count, done.wrong_count, done.known_count, done.state) == (1, 1, 1, "failed")
    assert bytes(IntakeRun.objects.get().content) == b""
    with pytest.raises(Stale):
        apply_intake(actor=town.officer, run=run, how=systems[1])


def upload(client, content=UTF8, code=CODE):
    return client.post(f"/staff/exchange/systems/in/{code}/", {"file": SimpleUploadedFile("結果.csv", content)})


def test_the_whole_way_in_the_browser(town, systems, client_for):
    client = client_for(town.officer)
    page = upload(client)
    assert "取り込める 1行" in client.get(page.url).content.decode()
    assert client.post(page.url, {"column.number": "1", "column.price": "0"}).status_code == 302
    assert client.post(page.url, {"column.number": "0", "column.price": "0"}).status_code == 422
    assert client.post(page.url, {"column.number": "0", "column.price": "1"}).status_code == 302
    assert client.post(page.url + "apply/").status_code == 302
    assert "取り込めない" in client.get(page.url + "report/").content.decode("utf-8-sig")
    assert "取り込めない行を直して" in client.get(page.url).content.decode()
    assert client.get(f"/staff/exchange/systems/in/{CODE}/sample/").content.decode("utf-8-sig").startswith("番号,価格")


def test_the_confirmed_columns_are_remembered(town, systems, client_for):
    client = client_for(town.officer)
    page = upload(client, "甲,乙\r\n1,100\r\n".encode())
    assert "に当たる列を選んでください" in client.get(page.url).content.decode()
    client.post(page.url, {"column.number": "0", "column.price": "1"})
    again = upload(client, "乙,甲\r\n100,1\r\n".encode())
    assert IntakeRun.objects.get(id=again.url.rstrip("/").rsplit("/", 1)[1]).mapping == {"number": 1, "price": 0}


def test_what_is_no_table_is_refused_beside_the_field(town, systems, client_for):
    answer = upload(client_for(town.officer), b"\x00\x00")
    assert (answer.status_code, "CSVではない" in answer.content.decode()) == (422, True)
    assert upload(client_for(town.officer), code="no.such").status_code == 404


@pytest.fixture
def inbox(town, systems, settings, tmp_path):
    settings.EXCHANGE_INBOX = tmp_path / "inbox"
    folder = inbox_folder(town.government.code, CODE)
    folder.mkdir(parents=True)
    return folder


def put(folder, name, content=SJIS, *, settled=True):
    path = folder / name
    path.write_bytes(content)
    if settled:
        os.utime(path, (1, 1))
    return path


def swept(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return sweep_inbox()


def test_the_watched_folder_takes_each_file_once(inbox, django_capture_on_commit_callbacks):
    put(inbox, "良い.csv", "番号,値段\r\n7,100\r\n".encode())
    put(inbox, "悪い.csv")
    put(inbox, "表でない.csv", b"\x00")
    put(inbox, "書きかけ.csv", settled=False)
    put(inbox, "写真.jpg")
    assert swept(django_capture_on_commit_callbacks) == 3
    done, failed = (sorted(path.name for path in (inbox / name).iterdir()) for name in ("done", "failed"))
    assert [name.split("_", 1)[1] for name in done] == ["良い.csv", "良い_report.csv"]
    assert len(failed) == 4
    report = next((inbox / "failed").glob("*悪い_report.csv")).read_text("utf-8-sig")
    assert "3,取り込めない,値段が数字ではありません。" in report
    assert {path.name for path in inbox.iterdir() if path.is_file()} == {"書きかけ.csv", "写真.jpg"}
    put(inbox, "良い２.csv", "番号,値段\r\n7,100\r\n".encode())
    assert swept(django_capture_on_commit_callbacks) == 1
    assert OutsideNumber.objects.filter(number="7").count() == 1
    assert "同じ内容" in next((inbox / "done").glob("*良い２_report.csv")).read_text("utf-8-sig")


def test_nothing_is_watched_while_the_folder_does_not_exist(town, systems, settings, tmp_path):
    settings.EXCHANGE_INBOX = tmp_path / "none"
    assert sweep_inbox() == 0
    assert not (tmp_path / "none").exists()


def test_outside_numbers_are_found_however_they_are_typed(town, systems, client_for):
    for number in ("総決第１２３号", "総決第124号"):
        record_outside_number(
            actor=town.officer, subject_kind=CODE, subject_id=ONE, kind="document", number=number, title="補助金"
        )
    assert [each.number for each in find_outside_numbers("総決第124")] == ["総決第124号"]
    assert Event.objects.filter(code="exchange.number.recorded").count() == 2
    page = client_for(town.officer).get("/staff/exchange/systems/", {"q": "124号"}).content.decode()
    assert "補助金" in page


def test_staff_write_a_number_by_hand(town, systems, client_for, monkeypatch):
    client = client_for(town.officer)
    address = f"/staff/exchange/systems/out/{CODE}/{ONE}/"
    assert client.post(address, {"document": ""}).status_code == 422
    assert client.post(address, {"document": "総第5号", "dated_on": "2026-11-20"}).status_code == 302
    assert OutsideNumber.objects.get().number == "総第5号"
    assert client.get(f"/staff/exchange/systems/out/{CODE}/{uuid7()}/").status_code == 404
