"""The pictures of the staff's manual (docs/municipality): its main pages, walked with something on each of them.

`PICTURES=1` writes them to docs/municipality/images; without it the walk only sees that the pages still open.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kakehashi.approvals.testing import away, deputy, with_rules
from kakehashi.cases.services import assign_case, number_cases
from kakehashi.desk.testing import filed, published
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value, take_snapshots
from kakehashi.journal.services import seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import person_of
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.services import report_initiative
from kakehashi.plans.testing import small_plan
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import import_survey, request_correction
from kakehashi.procedures.testing import REQUEST, YOU, an_application, an_online_procedure, survey_file
from kakehashi.search.services import index_pending

pytestmark = pytest.mark.browser

SURVEY = [
    ("転入届出", "4473575", "0"), ("児童手当の認定請求", "1320400", "98000"), ("犬の登録申請", "412000", "3100"),
    ("水道の使用開始届出", "905000", "310000"), ("道路占用許可の申請", "268000", "1200"),
]  # fmt: skip
PEOPLE = [
    ("中村", "健太", "ナカムラ", "ケンタ"), ("小林", "美咲", "コバヤシ", "ミサキ"), ("高橋", "誠", "タカハシ", "マコト"),
]  # fmt: skip


@pytest.fixture
def town(served, django_db_blocker):
    """ひばり町 with the rules of decisions."""
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        return with_rules(served.cast.hibari)


def called(family, given, family_kana, given_kana):
    """The answer to the question for the name."""
    return {"name": {"family": family, "given": given, "family_kana": family_kana, "given_kana": given_kana}}


@pytest.fixture
def work(town, django_db_blocker):
    """A morning's work: an inventory, two procedures and the applications of three residents; gives the first procedure."""
    with django_db_blocker.unblock(), tenant_scope(town.id):
        rows = [{"手続ID": str(n), "手続名": name, "総手続件数": total, "オンライン手続件数": online}
                for n, (name, total, online) in enumerate(SURVEY)]  # fmt: skip
        import_survey(actor=town.officer, data=survey_file(*rows))
        grant = an_online_procedure(town)
        notice = an_online_procedure(town, name="空き家の届出", kind=Kind.NOTIFICATION)
        came = [get_application(an_application(town, each, **called(*who)).id)
                for each, who in zip((grant, notice, grant), PEOPLE, strict=True)]  # fmt: skip
        for each in came:
            assign_case(actor=town.manager, case=each.case, handler=person_of(town.clerk))
        request_correction(
            actor=town.clerk,
            application=came[2],
            message="見積書の日付が読めません。もう一度付けてください。",
            deadline=clock.today() + timedelta(days=14),
        )
        return grant


def apply(page, served, procedure, picture):
    """One application on a phone, from the procedure's page to the receipt; gives its page."""
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.get_by_role("button", name="申請を始める").click()
    for values, name in ((YOU, "次へ進む"), (REQUEST, "確認へ進む")):
        page.wait_for_load_state()
        for key, value in values.items():
            field = page.locator(f"[name='{key}']").first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(label=value)
            elif field.get_attribute("type") in {"checkbox", "radio"}:
                field.check()
            else:
                field.fill(value)
        page.evaluate("scrollTo(0, 0)")
        if values is YOU:
            picture(page, "application-step")
        page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="申請する").click()
    page.get_by_role("link", name="今の状況を見る").wait_for()
    picture(page, "application-receipt")


def propose(page, picture):
    """The clerk accepts the application on the page, drafts the proposal and hands it in."""
    page.get_by_role("button", name="受付する").click()
    expect(page.get_by_role("link", name="起案する")).to_be_visible()
    picture(page, "application-case")
    page.get_by_role("link", name="起案する").click()
    page.get_by_label("許可", exact=True).check()
    page.get_by_label("理由").fill("要綱第3条の要件をすべて満たすため。")
    page.get_by_role("button", name="起案する").click()
    page.get_by_role("button", name="回議に出す").click()
    expect(page.get_by_role("button", name="引き戻す")).to_be_visible()
    return page.url


def test_from_the_application_to_the_record(served, town, work, page_at, picture):
    apply(page_at(390), served, work, picture)
    with tenant_scope(town.id):
        number_cases(government_id=town.id)
    clerk = page_at(1280, who=town.clerk)
    clerk.goto(served.address("/staff/cases/"))
    picture(clerk, "today")
    clerk.goto(served.address("/staff/cases/?tab=department"))
    clerk.get_by_role("link", name="田中 めぐみ").click()
    proposal = propose(clerk, picture)
    manager = page_at(390, who=town.manager)
    manager.goto(proposal)
    picture(manager, "decision")
    manager.set_viewport_size({"width": 1280, "height": 900})
    picture(manager, "decision")
    manager.get_by_role("button", name="決裁する").click()
    expect(manager.get_by_text("決裁しました。")).to_be_visible()
    with clock.frozen(clock.now() + timedelta(seconds=30)):
        clerk.goto(f"{proposal}issue/")
        picture(clerk, "issue")
        clerk.get_by_role("button", name="施行する").click()
    clerk.goto(served.address("/staff/records/"))
    clerk.get_by_text("なぜこの日？").first.click()
    picture(clerk, "records-why")


def test_the_applicant_is_asked_for_a_correction(served, town, work, page_at, picture):
    page = page_at(390)
    apply(page, served, work, lambda *_: None)
    with tenant_scope(town.id):
        mine = Application.objects.get(applicant_name__startswith="田中")
        request_correction(
            actor=town.clerk,
            application=get_application(mine.id),
            message="工事前の写真を添えてください。",
            deadline=clock.today() + timedelta(days=14),
        )
    page.get_by_role("link", name="今の状況を見る").click()
    expect(page.get_by_role("button", name="直して提出する")).to_be_visible()
    picture(page, "my-application")


def test_procedures_and_their_form(served, town, work, page_at, picture):
    page = page_at(1280, who=town.officer)
    page.goto(served.address("/staff/procedures/inventory/"))
    picture(page, "inventory")
    page.goto(served.address(reverse("eforms-staff:edit", args=[work.form_id])))
    expect(page.get_by_role("heading", name="住民が見る画面")).to_be_visible()
    picture(page, "form-editor")


def test_a_consultation_and_a_case_to_reuse(served, town, page_at, picture):
    with tenant_scope(served.cast.misaki.id):
        shared = published(served.cast.misaki, title="公民館の予約をオンラインにした", conditions="部屋が4室まで。")
    with tenant_scope(town.id):
        filed(town, task="空き家補助金の審査")
        index_pending()
    page = page_at(1280, who=town.officer)
    page.goto(served.address("/staff/desk/new/"))
    page.get_by_label("どの業務ですか").fill("公民館の予約")
    page.get_by_label("何に困っていますか").fill("台帳に何度も書き写している")
    page.get_by_label("その業務は、何のためですか").fill("町民が使いやすいように")
    page.get_by_label("どうなったらよいですか").fill("一度書けば済む")
    page.locator("#similar a").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    picture(page, "consultation")
    page.goto(served.address(f"/staff/desk/cases/shared/{shared.id}/"))
    expect(page.get_by_role("button", name="うちでも使う")).to_be_visible()
    picture(page, "reuse")


def test_a_plan_and_its_rows(served, town, work, page_at, picture):
    with tenant_scope(town.id):
        plan = small_plan(town.officer)
        record_value(actor=town.officer, measure=plan.measure, period=Period.year(plan.year), value=Decimal(45))
        report_initiative(
            actor=town.clerk,
            initiative=plan.initiative,
            state=InitiativeState.AT_RISK,
            reason="利用が伸びていません。",
            next_move="公民館で一緒に申請する日を設けます。",
        )
        take_snapshots(months=2)
    page = page_at(1280, who=town.administrator)
    page.goto(served.address(f"/staff/plans/{plan.plan.id}/"))
    picture(page, "plan")
    page.goto(served.address("/staff/indicators/procedures.usage_rate/rows/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("この数字の行")
    picture(page, "rows")


def test_the_organisation_and_the_administrator(served, town, page_at, picture):
    with tenant_scope(town.id):
        deputy(town.mayor, town.officer)
        away(town.mayor)
        seal_events()
    phone = page_at(390, who=town.manager)
    phone.goto(served.address("/staff/people/absence/"))
    picture(phone, "absence")
    page = page_at(1280, who=town.administrator)
    for name, path in {"chart": "people/chart/", "rooms": "governments/rooms/", "proof": "journal/proof/"}.items():
        assert page.goto(served.address(f"/staff/{path}")).status == 200, name
        picture(page, name)
