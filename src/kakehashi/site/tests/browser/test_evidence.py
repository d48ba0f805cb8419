"""A decided proposal leaves as 証明一式; the root goes to the 広報; みさき市 becomes ひばり町's witness."""

import zipfile

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import attached, with_rules
from kakehashi.journal.domain.verify import verify
from kakehashi.journal.services import seal_events
from kakehashi.journal.testing import own_keys
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser


@pytest.fixture
def decided(served, tmp_path, django_db_blocker):
    with own_keys(tmp_path), django_db_blocker.unblock():
        with tenant_scope(served.cast.hibari.id):
            proposal = attached(with_rules(served.cast.hibari))
            seal_events()
        with tenant_scope(served.cast.misaki.id):
            with_rules(served.cast.misaki)
        yield served, proposal


def saved(page, name, path):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    download.value.save_as(path)
    return path


def test_the_evidence_leaves_the_root_is_printed_and_a_neighbour_signs(
    decided, page_at, every_width, picture, tmp_path, capsys
):
    served, proposal = decided
    mayor = page_at(390, who=served.cast.hibari.administrator)
    mayor.goto(served.address(f"/staff/journal/dossier/approvals.proposal/{proposal.id}/"))
    reason = mayor.get_by_label("見る理由")
    reason.fill("開示決定により請求した人に渡すため")
    mayor.get_by_role("button").last.click()
    expect(mayor.get_by_role("heading", name="入るもの")).to_be_visible()
    every_width(mayor)
    picture(mayor, "dossier")
    path = saved(mayor, "証明一式を受け取る", tmp_path / "taken.zip")
    assert any(name.endswith("原議.pdf") for name in zipfile.ZipFile(path).namelist())

    town = page_at(1280, who=served.cast.hibari.administrator)
    town.goto(served.address("/staff/journal/proof/"))
    town.get_by_role("link", name="ルートを広報に載せる").click()
    town.get_by_label("載せるもの").fill("広報ひばり 12月号")
    town.get_by_role("button", name="このルートを載せる").click()
    expect(town.get_by_role("cell", name="広報ひばり 12月号", exact=True)).to_be_visible()
    every_width(town)
    picture(town, "root-printing")

    town.goto(served.address("/staff/journal/proof/witness/"))
    every_width(town)
    request = saved(town, "依頼のファイルを作る", tmp_path / "request.json")
    witness = page_at(1280, who=served.cast.misaki.administrator)
    witness.goto(served.address("/staff/journal/proof/witness/", served.cast.misaki))
    signing = witness.locator("section", has=witness.locator("#h-sign"))
    signing.locator("input[type=file]").set_input_files(request)
    signing.get_by_role("button", name="確かめて署名する").click()
    expect(witness.get_by_text("別の道で鍵が同じこと").first).to_be_visible()
    every_width(witness)
    signing.locator("input[type=file]").set_input_files(request)
    signing.get_by_label("鍵を確かめた").check()
    answer = saved(witness, "確かめて署名する", tmp_path / "answer.json")
    asking = town.locator("section", has=town.locator("#h-ask"))
    asking.locator("input[type=file]").set_input_files(answer)
    asking.get_by_label("鍵を確かめた").check()
    asking.get_by_role("button", name="署名のファイルを受け取る").click()
    expect(town.get_by_role("cell", name="みさき市").first).to_be_visible()
    every_width(town)
    picture(town, "witnesses")
    assert verify(str(path)) == 0, capsys.readouterr().out
