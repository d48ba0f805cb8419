"""The prefecture's view, and an inquiry from asking to the answer: two governments, two browsers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import expect

from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import define_measure, record_value
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import prefecture_over
from kakehashi.plans import services
from kakehashi.plans.domain.inquiries import Item, ItemKind
from kakehashi.plans.tests.test_import_area_map import topology
from kakehashi.site.tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
ITEMS = (
    Item("q1", "DX担当の人数", ItemKind.NUMBER, unit="人"),
    Item("q2", "全体方針", ItemKind.CHOICE, choices=("ある", "ない")),
)


@pytest.fixture
def prefecture(served, django_db_blocker):
    """みはらし県 with a map; ひばり町 shares a number with it."""
    with django_db_blocker.unblock():
        made = prefecture_over(served.cast, settings.ROOMS)
        hibari = served.cast.hibari
        with tenant_scope(hibari.id):
            measure = define_measure(
                actor=hibari.officer,
                label="満足度",
                unit="%",
                direction=Direction.UP,
                formula_text="満足 ÷ 回答",
                source="調査",
            )
            record_value(actor=hibari.officer, measure=measure, period=Period.year(2025), value=Decimal(41))
            services.renew_shared_figures()
        with tenant_scope(made.id):
            services.import_area_map(actor=made.officer, name="形.topojson", content=topology())
        return made


def test_the_matrix_the_map_and_what_is_withheld(served, prefecture, page_at, every_width, picture):
    town, view = page_at(DESK, who=served.cast.hibari.officer), page_at(DESK, who=prefecture.officer)
    view.goto(served.address("/staff/plans/municipalities/?theme=all&as_of=2025", prefecture))
    table = view.get_by_role("region", name="市町村と指標の表")
    expect(table.get_by_role("link", name="41.0%")).to_be_visible()
    expect(table.get_by_text("中央値 41.0%").first).to_be_visible()
    every_width(view)
    picture(view, "municipalities")
    table.get_by_role("link", name="41.0%").click()
    expect(view.get_by_role("heading", name="これまでの値")).to_be_visible()
    every_width(view)
    picture(view, "municipality-cell")
    view.goto(served.address("/staff/plans/municipalities/map/?as_of=2025", prefecture))
    view.get_by_label("指標").select_option(label="共有：手入力の指標：満足度")
    view.get_by_role("button", name="表示する").click()
    expect(view.get_by_role("link", name="ひばり町：41.0%")).to_be_attached()
    expect(view.get_by_text("地図に形のない団体：みさき市")).to_be_visible()
    every_width(view)
    picture(view, "area-map")
    town.goto(served.address("/staff/plans/sharing/"))
    town.get_by_label("「手入力の指標」の全体").select_option("none")
    town.get_by_role("button", name="共有を決める").click()
    expect(town.get_by_text("共有を1件変えました。")).to_be_visible()
    every_width(town)
    phone = page_at(PHONE, who=prefecture.officer)
    phone.goto(served.address("/staff/plans/municipalities/?theme=all", prefecture))
    phone.get_by_label("団体を選ぶ").select_option(label="ひばり町")
    phone.get_by_role("button", name="この団体を見る").click()
    expect(phone.get_by_text("非共有").first).to_be_visible()


def test_an_inquiry_is_asked_answered_and_closed(served, prefecture, page_at, every_width, picture, django_db_blocker):
    with django_db_blocker.unblock(), tenant_scope(prefecture.id):
        inquiry = services.draft_inquiry(
            actor=prefecture.officer, title="推進体制の調べ", due_on=clock.today() + timedelta(days=9), items=ITEMS,
            idempotency_key=uuid7(), details={},
        )  # fmt: skip
    asking, town = page_at(DESK, who=prefecture.officer), page_at(PHONE, who=served.cast.hibari.officer)
    home = served.address(f"/staff/plans/inquiries/{inquiry.id}/", prefecture)
    asking.goto(served.address(f"/staff/plans/inquiries/{inquiry.id}/edit/", prefecture))
    every_width(asking)
    asking.goto(home)
    asking.get_by_role("button", name="2団体に照会する").click()
    expect(asking.get_by_text("2団体に照会しました。")).to_be_visible()
    town.goto(served.address("/staff/plans/answers/"))
    town.get_by_role("link", name="推進体制の調べ", exact=True).click()
    every_width(town)
    picture(town, "inquiry-answer")
    town.get_by_role("button", name="県に回答する").click()
    expect(town.get_by_text("2項目を直してください").first).to_be_visible()
    town.get_by_label("DX担当の人数").fill("2")
    town.get_by_label("全体方針").select_option("ある")
    town.get_by_role("button", name="県に回答する").click()
    expect(town.get_by_text("県に回答しました。")).to_be_visible()
    asking.goto(home)
    expect(asking.get_by_role("cell", name="2人")).to_be_visible()
    every_width(asking)
    picture(asking, "inquiry")
    asking.get_by_role("button", name="締め切る").click()
    expect(asking.get_by_text("照会を締め切りました。")).to_be_visible()
