"""様式から作る: a town's paper beside its draft, by keyboard and without JavaScript, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
from kakehashi.eforms.tests.papers.writers import WRITERS
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import a_procedure

pytestmark = pytest.mark.browser

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize("javascript", [True, False], ids=["keys", "plain"])
def test_a_paper_is_reviewed_beside_its_draft(served, page_at, check, javascript):
    town = served.cast.hibari
    with tenant_scope(town.id):
        procedure = a_procedure(town.officer)
    page = page_at(1280, who=town.officer, javascript=javascript)
    page.goto(served.address(f"/staff/procedures/inventory/{procedure.id}/"))
    page.get_by_role("link", name="様式から作る").click()
    paper = {"name": "水道.docx", "mimeType": WORD, "buffer": WRITERS["docx"](DEVELOPMENT["suido"][0])}
    page.get_by_label("いまお使いの様式").set_input_files(paper)
    page.get_by_role("button", name="様式から作る").click()
    first = page.locator("#f-1")
    expect(first).to_contain_text("届出日")
    if javascript:
        check(page)
        page.set_viewport_size({"width": 390, "height": 844})
        check(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.keyboard.press("j")
        expect(first).to_be_focused()
        page.keyboard.press("a")
    else:
        page.locator("#f-1 [data-act=accept]").click()
    expect(first).to_have_attribute("data-judged", "accept")
    note = page.locator(".paper-field", has_text="備考")
    note.locator("[data-act=drop]").click()
    expect(note).to_have_count(0)
    page.locator("#f-2 .paper-spot__number").click()
    expect(page.locator("#o-2")).to_be_visible()
