"""設定・組織, sign-in and residents' addresses: every page passes axe and 400 % zoom, and the main roads work by hand."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import services
from kakehashi.people.models import Post, Role
from kakehashi.people.testing import open_power, person_of, powerful

pytestmark = pytest.mark.browser

STAFF = [
    "index", "chart", "deputies", "people", "person-new", "department-new", "absence", "changes", "roles", "matrix",
    "security", "account", "administration",
]  # fmt: skip


def look(page, name):
    """Write a picture for the eye when asked: `LOOK=folder`."""
    folder = os.environ.get("LOOK")
    if folder:
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def furnish(served):
    """Absences, deputies, a contract, a rule and an order, so that the pages have something to show."""
    town, boss = served.cast.hibari, powerful(served.cast.hibari.administrator)
    with tenant_scope(town.id):
        now = clock.now()
        person = person_of(town.manager)
        services.record_absence(
            actor=boss, person=person, starts_at=now, ends_at=now + timedelta(days=1), reason="出張"
        )
        posts = [Post.objects.get(id=actor.post_id) for actor in (town.mayor, town.manager, town.officer)]
        services.set_deputies(actor=boss, post=posts[0], deputies=posts[1:], clause="事務決裁規程第6条")
        services.set_network_rule(actor=boss, network="10.0.0.0/8", factors=["totp", "mail_code"], note="本庁舎")
        services.write_handover_note(actor=town.manager, post=posts[1], body="4月の定例会の準備は3月中に始める。")
        today = clock.today()
        services.register_contract(
            actor=boss, name="システム保守", company="架空システム", valid_from=today, valid_to=today
        )
        person.staff_number = "1002"
        person.save()
        change = services.upload_personnel_change(
            actor=boss,
            title="4月1日付け人事異動",
            effective_on=today.replace(year=today.year + 1, month=4, day=1),
            file_name="異動.csv",
            content="職員番号,発令,所属コード,職名,順位\n1002,異動,01,参事,35\n9999,退職,,,\n".encode(),
        )
        return {
            "department": town.department.id,
            "person": person.id,
            "post": posts[0].id,
            "handover": posts[1].id,
            "role": Role.objects.first().id,
            "change": change.id,
        }


def test_every_page_of_settings_passes(served, page_at, every_width):
    ids = furnish(served)
    page = page_at(1280, who=served.cast.hibari.administrator)
    paths = {name: reverse(f"people-staff:{name}") for name in STAFF}
    paths |= {name: reverse(f"people-staff:{name}", args=[one]) for name, one in ids.items()}
    for name, path in paths.items():
        page.goto(served.address(path))
        look(page, name)
        every_width(page)


def test_pages_of_open_power_pass(served, page_at, check, monkeypatch):
    from kakehashi.site.tests.browser import conftest

    monkeypatch.setattr(
        conftest, "sign_in", lambda client, who, real=conftest.sign_in: open_power(real(client, who), who)
    )
    page = page_at(390, who=served.cast.hibari.administrator)
    for name in ("roles", "security", "administration"):
        page.goto(served.address(reverse(f"people-staff:{name}")))
        for each in page.locator("summary").all():
            if each.is_visible() and each.evaluate("e => !!e.closest('main')"):
                each.click()
        look(page, f"power-{name}")
        check(page)


def test_sign_in_pages_pass(served, page_at, every_width):
    page = page_at(390)
    for name, path in {
        "login": "/accounts/login/",
        "reset": "/accounts/password/reset/",
        "reset-done": "/accounts/password/reset/done/",
        "signup": "/accounts/signup/",
    }.items():
        page.goto(f"{served.url}{path}")
        look(page, name)
        every_width(page)
    page.goto(f"{served.url}/accounts/login/")
    page.get_by_label("メールアドレス").fill("clerk@hibari.example")
    page.get_by_label("パスワード", exact=False).first.fill("wrong wrong wrong")
    page.get_by_role("button", name="サインインする", exact=True).click()
    look(page, "login-wrong")
    every_width(page)


def test_an_accounts_own_pages_pass(served, page_at, every_width):
    from kakehashi.people.testing import PASSWORD

    page = page_at(390)
    page.goto(served.address("/accounts/login/?next=/hibari/staff/people/account/"))
    page.get_by_label("メールアドレス").fill("clerk@hibari.example")
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    page.wait_for_url("**/staff/people/account/")
    for name, path in {
        "account-signed-in": "/hibari/staff/people/account/",
        "mfa": "/accounts/2fa/",
        "totp": "/accounts/2fa/totp/activate/",
        "passkey": "/accounts/2fa/webauthn/add/",
        "password": "/accounts/password/change/",
        "choose": "/accounts/choose/",
        "logout": "/accounts/logout/",
    }.items():
        page.goto(f"{served.url}{path}")
        look(page, name)
        every_width(page)
        if "reauthenticate" in page.url:
            page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
            page.get_by_role("button", name="確認する").click()
            look(page, f"{name}-after")
            every_width(page)


def test_the_second_factor_is_asked_on_pages_that_pass(served, page_at, check):
    from kakehashi.people.testing import PASSWORD

    with tenant_scope(served.cast.hibari.id):
        boss = powerful(served.cast.hibari.administrator)
        services.set_network_rule(actor=boss, network="127.0.0.0/8", factors=["totp", "mail_code"])
    page = page_at(390)
    page.goto(served.address("/accounts/login/?next=/hibari/staff/people/"))
    page.get_by_label("メールアドレス").fill("clerk@hibari.example")
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    page.get_by_role("button", name="確認コードを受け取る").wait_for()
    look(page, "second-factor")
    check(page)
    page.get_by_role("button", name="確認コードを受け取る").click()
    page.get_by_label("確認コード").fill("000000")
    page.get_by_role("button", name="確認する").click()
    page.get_by_text("コードが違います").first.wait_for()
    look(page, "second-factor-mail")
    check(page)


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_confirming_an_address_passes_in_every_language(served, page_at, check, language):
    with tenant_scope(served.cast.hibari.id):
        services.register_provider(
            actor=powerful(served.cast.hibari.administrator),
            audience="resident",
            name="デジタル認証アプリ",
            issuer="https://auth.example.jp",
            client_id="kakehashi",
        )
    page = page_at(390, language=language)
    page.goto(served.address("/people/address/"))
    look(page, f"address-{language}")
    check(page)
    page.get_by_role("textbox").last.fill("hana@example.jp")
    page.locator("main form button").first.click()
    look(page, f"code-{language}")
    check(page)
    page.get_by_role("textbox").last.fill("000000")
    page.locator("main form button").first.click()
    look(page, f"code-wrong-{language}")
    check(page)


def test_an_absence_takes_two_taps_without_javascript(served, page_at):
    page = page_at(390, who=served.cast.hibari.clerk, javascript=False)
    page.goto(served.address("/staff/people/"))
    page.get_by_role("link", name="不在を登録する").first.click()
    page.get_by_role("button", name="今から今日いっぱい").click()
    expect(page.locator("body")).to_contain_text("不在を登録しました")
    look(page, "absence-done")


def test_power_is_opened_by_keyboard(served, page_at, keyboard):
    page = page_at(1280, who=served.cast.hibari.administrator)
    page.goto(served.address("/staff/people/administration/"))
    page.get_by_label("何のために行いますか").fill("役割の変更のため")
    keyboard(page, "管理者の操作を始める")
    page.get_by_text("操作中").first.wait_for(timeout=5000)
