"""The other roads of a proposal: together on a phone, back to an earlier section, for an absent decider, on paper."""

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.models import Matter
from kakehashi.approvals.services import consent_step, endorse_step, grant_authority
from kakehashi.approvals.testing import away, deputy, edited_route, on_paper, submitted, with_rules
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import DeputyRule, Post

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


def test_pulled_up_past_an_absent_section_chief_and_told_to_who_comes_too_late(served, town, page_at, every_width):
    with tenant_scope(town.id):
        DeputyRule.objects.all().delete()
        deputy(town.manager, town.clerk)
        proposal = submitted(town)
        away(town.manager)
    address = served.address(f"/staff/approvals/{proposal.id}/")
    drafter, chief, late = page_at(1280, who=town.clerk), page_at(390, who=town.mayor), page_at(1280, who=town.clerk)
    drafter.goto(address)
    expect(drafter.get_by_text("起案者は、自分の起案を代決できません。")).to_be_visible()
    every_width(drafter)
    drafter.get_by_role("button", name="引上げを頼む").click()
    expect(drafter.get_by_text("に、引上げを頼みました。")).to_be_visible()
    late.goto(address)
    chief.goto(served.address("/staff/approvals/?box=acting"))
    chief.get_by_role("link", name=proposal.subject).click()
    chief.get_by_role("button", name="引き上げる").click()
    expect(chief.get_by_text("引き上げました。")).to_be_visible()
    every_width(chief)
    chief.get_by_role("button", name="決裁する").click()
    expect(chief.get_by_text("決裁しました。")).to_be_visible()
    late.get_by_label("意見・理由").fill("直したい")
    late.get_by_role("button", name="引き戻す").click()
    expect(late.get_by_text("町長 鈴木 太郎が", exact=False).last).to_contain_text("決裁しました")
    expect(late.get_by_text("直したい")).to_be_visible()
    every_width(late)
    absent = page_at(1280, who=town.manager)
    absent.goto(served.address("/staff/approvals/?box=reviews"))
    absent.get_by_role("link", name=proposal.subject).click()
    absent.get_by_role("button", name="後閲する").click()
    expect(absent.get_by_text("後閲しました。")).to_be_visible()


def test_taken_back_given_up_refused_and_decided_under_a_grant(served, town, page_at, every_width):
    with tenant_scope(town.id):
        given_up, refused, granted = submitted(town), submitted(town), submitted(town)
    drafter, chief = page_at(1280, who=town.clerk), page_at(1280, who=town.manager)

    def act(page, proposal, button, reason, said):
        page.goto(served.address(f"/staff/approvals/{proposal.id}/"))
        page.get_by_label("意見・理由").fill(reason)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text(said).first).to_be_visible()

    act(drafter, given_up, "引き戻す", "誤りに気づいたため", "引き戻しました。")
    act(drafter, given_up, "回議に出す", "", "回議に出しました。")
    act(chief, given_up, "差戻し", "宛先が違います", "起案者へ差し戻しました。")
    act(drafter, given_up, "取り下げる", "取りやめるため", "取り下げました。")
    every_width(drafter)
    act(chief, refused, "否決する", "時期が早いため", "否決しました。")
    drafter.goto(served.address(f"/staff/approvals/{refused.id}/"))
    expect(drafter.get_by_text("時期が早いため").first).to_be_visible()
    with tenant_scope(town.id):
        to, by = (Post.objects.get(id=each.post_id) for each in (town.manager, town.officer))
        grant_authority(
            actor=town.administrator, kind=GrantKind.AUTHORITY_TRANSFER, post=to, acting_post=by,
            clause="地方自治法第153条第1項", reason="事務の集約のため", valid_from=clock.today(),
        )  # fmt: skip
    other = page_at(390, who=town.officer)
    act(other, granted, "決裁する", "", "決裁しました。")
    expect(other.locator(".approvals-mark", has_text="委任")).to_be_visible()
    every_width(other)
