"""手続台帳: a messy spreadsheet comes in and is taken back; publishing together, with a gate that refuses."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain import large
from kakehashi.procedures.selectors.import_works import open_works
from kakehashi.procedures.services import close_procedure, import_survey, run_work, write_exclusion_rule
from kakehashi.procedures.services.progress import ProgressTeller
from kakehashi.procedures.testing import a_messy_book, a_procedure, an_online_procedure, survey_file

pytestmark = pytest.mark.browser
INVENTORY = "/staff/procedures/inventory/"


@pytest.fixture
def look(check):
    """The rules of every page, and a picture for whoever wants to look: `SHOTS=/folder`."""

    def run(page, name):
        check(page)
        if folder := os.environ.get("SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)

    return run


def test_a_messy_spreadsheet_comes_in_and_is_taken_back(served, page_at, look, tmp_path):
    town = served.cast.hibari
    book = tmp_path / "棚卸し.xlsx"
    book.write_bytes(a_messy_book(town.department.name))
    page = page_at(1280, who=town.officer)
    page.goto(served.address(INVENTORY))
    page.get_by_role("link", name="取り込む・まとめて変える").first.click()
    look(page, "batches")
    page.get_by_label("手続の一覧表").set_input_files(book)
    page.get_by_role("button", name="中身を確かめる").click()
    expect(page.get_by_text("3行目と", exact=False).or_(page.get_by_text("と同じ手続です")).first).to_be_visible()
    page.get_by_text("列の対応（", exact=False).click()
    expect(page.get_by_label("年間件数", exact=True)).to_have_value("4")
    look(page, "batch")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "batch")
    page.get_by_role("button", name="3件を反映する").click()
    expect(page.get_by_role("button", name="この取り込みを元に戻す")).to_be_visible()
    look(page, "batch-report")
    page.goto(served.address(INVENTORY))
    expect(page.get_by_role("link", name="住宅改修補助金交付申請").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="この取り込みを元に戻す").click()
    expect(page.get_by_text("3件を元に戻しました。").first).to_be_visible()
    page.goto(served.address(INVENTORY))
    expect(page.get_by_text("まだ手続が載っていません", exact=False)).to_be_visible()


def test_publishing_together_with_a_gate_that_refuses(served, page_at, look, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        import_survey(actor=town.officer, data=survey_file())
        write_exclusion_rule(
            actor=town.officer, code="R1", title="法令による対面", text="対面が法令で定められている手続"
        )
        close_procedure(actor=town.officer, procedure=an_online_procedure(town))
        bare = a_procedure(town.officer, "道路占用許可申請", volume=140, department=town.department).id
    page = page_at(1280, who=town.officer)
    page.goto(served.address(f"{INVENTORY}rates/"))
    look(page, "rates")
    page.goto(served.address(f"{INVENTORY}rules/"))
    look(page, "rules")
    page.goto(served.address(f"{INVENTORY}priority/"))
    look(page, "priority")
    page.set_viewport_size({"width": 390, "height": 844})
    effort = page.get_by_role("columnheader", name="手間").first.bounding_box()
    assert effort["x"] + effort["width"] <= 390, "the effort is what the list is about"
    assert page.locator("main svg text").first.bounding_box()["height"] >= 10, "words of the map can be read"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="どれから", exact=False).or_(page.locator("svg a")).last.focus()
    page.goto(served.address(f"{INVENTORY}?volume=own"))
    look(page, "inventory")
    page.get_by_role("button", name="まとめて公開する", exact=False).click()
    expect(page.get_by_text("公開できません。", exact=False)).to_be_visible()
    expect(page.get_by_text("根拠法令・条例を書いてください。", exact=False)).to_be_visible()
    above, below = page.get_by_role("button", name="やめる").bounding_box(), page.locator("main table").bounding_box()
    assert below["y"] - above["y"] - above["height"] >= 8, "the button does not stand on the table"
    page.get_by_role("button", name="1件を反映する").click()
    expect(page.get_by_text("1件を反映しました。").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served.address(f"{INVENTORY}{bare}/"))
    expect(page.get_by_text("根拠法令・条例を書いてください。")).to_be_visible()
    look(page, "gates")
    page.goto(served.address(f"{INVENTORY}rates/"))
    look(page, "rates")
    page.get_by_role("link", name="残っている手続を見る").click()
    expect(page.get_by_role("link", name="道路占用許可申請").first).to_be_visible()


def test_a_long_list_goes_on_in_the_worker(served, page_at, look, tmp_path, django_db_blocker, monkeypatch):
    monkeypatch.setattr(large, "LONG_BYTES", 100)
    monkeypatch.setattr(large, "LONG_ROWS", 3)
    town, book = served.cast.hibari, tmp_path / "一覧.csv"
    book.write_bytes(("手続名,年間件数\r\n" + "".join(f"第{n}号の届出,{n}\r\n" for n in range(9))).encode())

    def work():
        with django_db_blocker.unblock(), tenant_scope(town.id):
            waiting = open_works().get()
            with ProgressTeller(town.id, waiting.id) as tell:
                run_work(work_id=waiting.id, tell=tell)

    page = page_at(390, who=town.officer)
    page.goto(served.address(f"{INVENTORY}batches/"))
    page.get_by_label("手続の一覧表").set_input_files(book)
    page.get_by_role("button", name="中身を確かめる").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    look(page, "import-work")
    work()
    expect(page.get_by_role("button", name="9件を反映する")).to_be_visible()
    plain = page_at(1280, who=town.officer, javascript=False)
    plain.goto(page.url)
    plain.get_by_role("button", name="9件を反映する").click()
    expect(plain.get_by_text("順番を待っています。")).to_be_visible()
    page.get_by_role("button", name="9件を反映する").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    plain.get_by_role("link", name="今の状態を見る").click()
    expect(plain.get_by_role("button", name="この取り込みを元に戻す")).to_be_visible()
    expect(page.get_by_role("button", name="この取り込みを元に戻す")).to_be_visible()
