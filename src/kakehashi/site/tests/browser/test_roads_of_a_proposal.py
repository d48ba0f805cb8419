"""The other roads of a proposal: together on a phone, back to an earlier section, for an absent decider, on paper."""

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.models import Matter
from kakehashi.approvals.services import consent_step, endorse_step
from kakehashi.approvals.testing import away, deputy, edited_route, on_paper, submitted, with_rules
from kakehashi.files.testing import PDF
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser


@pytest.fixture
def town(served):
    town = served.cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        Matter.objects.filter(code="disposition.permit").update(batch_allowed=True)
    return town


def test_two_are_decided_together_on_a_phone(served, town, page_at, every_width):
    with tenant_scope(town.id):
        for _ in range(2):
            submitted(town)
    page = page_at(390, who=town.manager)
    page.goto(served.address("/staff/approvals/"))
    every_width(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="まとめて決裁する").click()
    expect(page.get_by_role("button", name="2件を決裁する")).to_be_visible()
    every_width(page)
    page.get_by_role("button", name="2件を決裁する").click()
    expect(page.get_by_text("2件を決裁しました。")).to_be_visible(timeout=20_000)
    every_width(page)


def test_back_to_a_section_that_agrees_again_then_decided_for_the_absent_mayor(served, town, page_at, every_width):
    with tenant_scope(town.id):
        deputy(town.mayor, town.administrator)
        extras = edited_route(town, consults=[town.officer])
        proposal = submitted(town, matter_code="disposition.refuse", extras=extras)
        proposal = endorse_step(actor=town.manager, proposal=proposal, digest=proposal.digest)
        proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest)
    address = served.address(f"/staff/approvals/{proposal.id}/")
    mayor = page_at(1280, who=town.mayor)
    mayor.goto(address)
    mayor.get_by_label("意見・理由").fill("影響を確かめてください。")
    mayor.get_by_label("差戻し先").select_option(label="総務課DX担当 高橋 直子")
    mayor.get_by_role("button", name="差戻し", exact=True).click()
    expect(mayor.get_by_text("総務課DX担当へ差し戻しました。")).to_be_visible()
    every_width(mayor)
    officer = page_at(390, who=town.officer)
    officer.goto(address)
    # The shipped rules hear the opinion of those whom the drafter adds.
    officer.get_by_role("button", name="回答する").click()
    expect(officer.get_by_text("回答しました。")).to_be_visible()
    with tenant_scope(town.id):
        away(town.mayor)
    acting = page_at(1280, who=town.administrator)
    acting.goto(address)
    acting.get_by_label("意見・理由").fill("町長から特に指示を受けた。")
    acting.get_by_role("button", name="代決する").click()
    expect(acting.get_by_text("代決しました。後閲に回ります。")).to_be_visible()
    every_width(acting)
    mayor.goto(address)
    mayor.get_by_role("button", name="後閲する").click()
    expect(mayor.get_by_text("後閲しました。")).to_be_visible()


def test_on_paper_and_the_pages_around_it(served, town, page_at, every_width):
    with tenant_scope(town.id):
        proposal = on_paper(town)
        submitted(town)
    page = page_at(1280, who=town.clerk)
    page.goto(served.address(f"/staff/approvals/{proposal.id}/"))
    every_width(page)
    page.get_by_label("押印した原本").set_input_files(
        {"name": "原本.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_label("原本の保管場所").fill("書庫1-3")
    page.get_by_role("button", name="紙の決裁を登録する").click()
    expect(page.get_by_text("紙の決裁を登録しました。")).to_be_visible()
    page.get_by_role("link", name="もとにして起案する").click()
    every_width(page)
    page.get_by_label("再決裁する理由").fill("条件を改めるため")
    page.get_by_role("button", name="再決裁の起案をつくる").click()
    expect(page.get_by_label("件名")).to_have_value("（再決裁）公園使用の許可について")
    page.get_by_text("経路に加える（合議・仮決裁・供覧）").click()
    every_width(page)
    page.goto(served.address("/staff/approvals/waiting/"))
    expect(page.get_by_text("お手元に1件")).to_be_visible()
    every_width(page)
    keeper = page_at(1280, who=town.administrator)
    keeper.goto(served.address("/staff/approvals/grants/"))
    keeper.get_by_label("どの職が行うか").select_option(label="総務課係長")
    keeper.get_by_label("だれの職務を").select_option(label="町長")
    keeper.get_by_label("根拠").fill("地方自治法第152条第1項")
    keeper.get_by_label("理由").fill("町長が欠けたため")
    keeper.get_by_role("button", name="記録する").click()
    expect(keeper.get_by_text("記録しました。")).to_be_visible()
    every_width(keeper)
