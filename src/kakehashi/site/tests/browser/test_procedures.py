"""The residents' and the staff's pages of procedures, on a phone and on a desk."""

import re
from datetime import timedelta

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.services import register_provider
from kakehashi.people.testing import powerful
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import import_survey, request_correction
from kakehashi.procedures.testing import an_application, an_online_procedure, survey_file

pytestmark = pytest.mark.browser


@pytest.fixture
def town(served, django_db_blocker):
    """ひばり町 with an inventory, one online procedure and one application that waits for a 補正."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        with_rules(town)
        rows = [{"手続ID": str(n), "手続名": f"第{n}種の営業の許可申請", "総手続件数": str(n * 100)} for n in range(12)]
        import_survey(actor=town.officer, data=survey_file(*rows))
        procedure = an_online_procedure(town, identity_check="address")
        values = {"audience": "resident", "name": "デジタル認証アプリ", "client_id": "town", "client_secret": "x" * 32}
        register_provider(actor=powerful(town.administrator), issuer="https://op.example.jp", **values)
        application = get_application(an_application(town, an_online_procedure(town)).id)
        request_correction(
            actor=town.clerk,
            application=application,
            message="見積書の日付が読めません。もう一度付けてください。",
            deadline=clock.today() + timedelta(days=14),
        )
        return town, procedure.id, application.id


@pytest.fixture
def shoot(tmp_path_factory, request):
    """A picture for whoever looks at the pages: `SHOTS=/folder`."""
    import os
    from pathlib import Path

    def run(page, name):
        if folder := os.environ.get("SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)

    return run


def test_staff_pages(served, page_at, every_width, shoot, town):
    _, procedure_id, application_id = town
    page = page_at(1280, who=served.cast.hibari.clerk)
    application = f"/staff/procedures/applications/{application_id}/"
    for name, path in {
        "applications": "/staff/procedures/",
        "inventory": "/staff/procedures/inventory/",
        "procedure": f"/staff/procedures/inventory/{procedure_id}/",
        "procedure-edit": f"/staff/procedures/inventory/{procedure_id}/edit/",
        "procedure-text": f"/staff/procedures/inventory/{procedure_id}/texts/ja-easy/",
        "import": "/staff/procedures/inventory/import/",
        "counter": f"/staff/procedures/inventory/{procedure_id}/counter/",
        "application": application,
        "correction": f"{application}correction/",
        "propose": f"{application}propose/",
        "outside": f"{application}outside/",
    }.items():
        page.goto(served.address(path))
        shoot(page, f"staff-{name}")
        every_width(page)


def fill_first(page):
    page.get_by_label("氏", exact=True).fill("田中")
    page.get_by_label("名", exact=True).fill("めぐみ")
    page.get_by_label("氏（カナ）").fill("タナカ")
    page.get_by_label("名（カナ）").fill("めぐみ")
    page.get_by_label("年", exact=True).fill("60")
    page.get_by_label("月", exact=True).fill("4")
    page.get_by_label("日", exact=True).fill("1")


@pytest.mark.parametrize(("language", "javascript"), [("ja", True), ("ja-easy", True), ("en", True), ("ja", False)])
def test_resident_pages(served, page_at, every_width, shoot, town, language, javascript):
    page = page_at(390, language=language, javascript=javascript)
    _, procedure_id, _ = town
    page.goto(served.address("/procedures/"))
    seen = lambda name: (shoot(page, f"{language}-{name}"), every_width(page) if javascript else None)  # noqa: E731
    seen("search")
    page.goto(served.address(f"/procedures/{procedure_id}/"))
    seen("procedure")
    page.locator("form[action$='/start/'] button").click()
    page.locator("h1").wait_for()
    seen("step-1")
    first = page.url
    page.goto(re.sub(r"/steps/.*", "/confirm/", first))
    seen("confirm")
    page.goto(first)
    page.locator("main form button").first.click()
    seen("step-1-errors")
    assert page.locator(".dads-error-summary, .eform-errors").count() >= 0
    page.goto(served.address("/procedures/mine/"))
    seen("mine")
