"""外との受け渡し in a browser: what a person carries, what waits, what was refused; and the delay on the applicant's page."""

import pytest
from playwright.sync_api import expect

from kakehashi.exchange.adapters.transport import MEDIA_TYPE
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import FileCheck, Peer
from kakehashi.exchange.services import read_bundle, write_bundle
from kakehashi.exchange.testing import carried, paired_with_far_side
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser
PAGE = "/staff/exchange/"


@pytest.fixture
def split(served, settings, tmp_path, django_db_blocker):
    """ひばり町 as the staff side, with something of everything on the page."""
    settings.EXCHANGE_KEYS, settings.EXCHANGE_QUARANTINE = tmp_path / "keys", tmp_path / "quarantine"
    town = served.cast.hibari
    with django_db_blocker.unblock():
        with tenant_scope(town.id):
            far = paired_with_far_side(town.id, Side.STAFF)
            write_bundle(actor=town.officer, via="file")
            far.sequence = 1
            unknown = carried("procedures.unknown", uuid7(), {})
            early = carried("procedures.message", uuid7(), {"application": str(uuid7()), "who": "申請者", "body": "x"})
            read_bundle(actor=town.officer, content=far.bundle(unknown, early, waiting=3), via="file")
            read_bundle(actor=town.officer, content=b"x", via="file")
            FileCheck.objects.create(
                file_id=uuid7(), item_kind="procedures.application", item_id=uuid7(), name="見積.docx", sha256="0" * 64,
                size=1, is_refused=True, what="見積.docx：取り込めないため隔離した（マクロ）", quarantine="x.sealed",
            )  # fmt: skip
            Peer.objects.update(failed_at=clock.now(), failure="公開側につながりません。", url="https://example.jp/")
        yield served, far


def test_staff_carry_bundles_as_files(split, page_at, check, picture, tmp_path):
    served, far = split
    page = page_at(1280, who=served.cast.hibari.administrator)
    page.goto(served.address(PAGE))
    check(page)
    picture(page, "exchange")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="包みを作る").click()
    assert far.opened(downloaded.value.path().read_bytes()).received
    bundle = {"name": "b.kkb", "mimeType": MEDIA_TYPE, "buffer": far.bundle()}
    page.get_by_label("相手側の包み").set_input_files(bundle)
    page.get_by_role("button", name="包みを取り込む").click()
    expect(page.get_by_text("を取り込みました")).to_be_visible()
    page.get_by_role("link", name="包みの記録").click()
    expect(page.get_by_text("断った")).to_be_visible()
    check(page)
    picture(page, "exchange-bundles")


@pytest.mark.parametrize("name", ["", "bundles/", "pairing/"])
def test_the_pages_fit_a_phone(split, page_at, check, picture, name):
    served, _ = split
    page = page_at(390, who=served.cast.hibari.administrator)
    page.goto(served.address(PAGE + name))
    check(page)
    picture(page, f"exchange-{name.strip('/') or 'index'}")


TABLE = "申請番号,審査結果,起案番号,決裁年月日\r\n990019-261122-AAAA-BBBB-C,許可,総決第1号,令和8年11月21日\r\n"


def test_staff_look_before_they_take_results_in(served, page_at, check, picture):
    page = page_at(1280, who=served.cast.hibari.administrator)
    page.goto(served.address(f"{PAGE}systems/"))
    check(page)
    picture(page, "exchange-systems")
    page.get_by_role("link", name="決裁の結果").click()
    file = {"name": "結果.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp932")}
    page.get_by_label("CSVファイル").set_input_files(file)
    page.get_by_role("button", name="中身を確かめる").click()
    expect(page.get_by_text("取り込めない 1行")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
        picture(page, "exchange-run")


@pytest.mark.parametrize("name", ["systems/", "systems/out/procedures.deciding/", "systems/in/procedures.decision/"])
def test_the_pages_of_other_systems_fit_a_phone(served, page_at, check, picture, name):
    page = page_at(390, who=served.cast.hibari.administrator)
    page.goto(served.address(PAGE + name))
    check(page)
    picture(page, f"exchange-{name.strip('/').replace('/', '-')}")
