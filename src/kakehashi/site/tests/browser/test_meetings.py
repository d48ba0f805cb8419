"""A meeting without paper: two screens on one page, a replaced material that keeps its notes, a decision, minutes on record."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.files.services import store_file
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import services
from kakehashi.meetings.testing import open_small_meeting, small_pdf, with_quorum
from kakehashi.plans.testing import small_plan
from kakehashi.site.tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

WINDOW, NIGHT, STAFF = (
    "一　窓口の時間を変えます。",
    "二　夜間の窓口を週に一日設けます。",
    "三　職員の勤務を見直します。",
)


def seen(page, words):
    """The words come into sight, also on a busy machine: a following screen asks every two seconds."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=20_000)


@pytest.fixture
def sitting(served, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        with_rules(town)
        sitting = open_small_meeting(town)
        with_quorum(town, sitting.meeting)
        return sitting


def test_two_screens_one_page_and_notes_that_stay(served, sitting, page_at, every_width, picture, django_db_blocker):
    town, place = served.cast.hibari, f"/staff/meetings/{sitting.meeting.id}/"
    presenter, member = page_at(DESK, who=town.clerk), page_at(PHONE, who=town.mayor)
    presenter.goto(served.address(f"/staff/meetings/materials/{sitting.material.id}/"))
    presenter.get_by_role("button", name="発表を始める").click()
    member.goto(served.address(f"{place}follow/"))
    seen(member, "1 / 3ページ")
    presenter.keyboard.press("ArrowRight")
    seen(member, "2 / 3ページ")
    seen(presenter, "2 / 3ページ")
    picture(presenter, "meeting-presenting")
    every_width(member)
    # The one who writes is not torn away from the page; the screen above goes on.
    member.get_by_label("2ページへのメモ").fill("講師はだれか")
    presenter.get_by_role("button", name="全員を次へ").click()
    seen(member, "3 / 3ページ")
    seen(member, "発表者は先へ進みました")
    member.get_by_role("button", name="メモを残す").click()
    seen(member, "あなただけに見えます。")
    # Leaving the presenter: one's own pages, by swipe and by key.
    member.get_by_role("link", name="自分のペースで見る").click()
    # A key pressed before the page has come would be nobody's.
    member.wait_for_url("**/materials/**", wait_until="load")
    member.keyboard.press("ArrowLeft")
    seen(member, "講師はだれか")
    every_width(member)
    with django_db_blocker.unblock(), tenant_scope(town.id):
        file = store_file(
            actor=town.clerk, name="新.pdf", content=small_pdf(WINDOW, "足したページです", NIGHT, STAFF), purpose="meetings.material"
        )  # fmt: skip
        services.replace_material(actor=town.clerk, material=sitting.material, file=file, reason="表を足したため")
    member.goto(served.address(f"/staff/meetings/materials/{sitting.material.id}/?page=3"))
    seen(member, "理由：表を足したため")
    seen(member, "講師はだれか")
    picture(member, "meeting-note")
    other = page_at(PHONE, who=town.manager, javascript=False)
    other.goto(served.address(f"{place}follow/"))
    seen(other, "3 / 4ページ")
    expect(other.get_by_text("講師はだれか")).to_have_count(0)


def test_from_decision_to_record(served, sitting, page_at, every_width, picture, django_db_blocker):
    town, place = served.cast.hibari, served.address(f"/staff/meetings/{sitting.meeting.id}/")
    with django_db_blocker.unblock(), tenant_scope(town.id):
        initiative = small_plan(town.administrator).initiative.id
        services.link_item(actor=town.officer, item=sitting.item, kind="plans.initiative", target_id=initiative)
    clerk, chair = page_at(DESK, who=town.officer), page_at(PHONE, who=town.mayor)
    for path in (
        "",
        "bodies/",
        f"bodies/{sitting.body.id}/",
        f"bodies/{sitting.body.id}/edit/",
        "decisions/",
        "actions/",
    ):
        clerk.goto(served.address(f"/staff/meetings/{path}"))
        every_width(clerk)
    clerk.goto(f"{place}attendance/")
    every_width(clerk)
    clerk.goto(place)
    clerk.get_by_role("link", name="結果を記録する").first.click()
    every_width(clerk)
    clerk.get_by_label("内容").fill("夜間窓口を週一日設ける。")
    clerk.get_by_role("button", name="結果を記録する").click()
    seen(clerk, "夜間窓口を週一日設ける。")
    every_width(clerk)
    picture(clerk, "meeting")
    clerk.get_by_role("button", name="閉会する").click()
    clerk.get_by_role("link", name="会議録", exact=True).click()
    clerk.get_by_role("button", name="会議録の下書きを作る").click()
    every_width(clerk)
    chair.goto(f"{place}minutes/")
    chair.get_by_role("button", name="会議録を承認する").click()
    seen(chair, "承認ずみ")
    every_width(chair)
    clerk.goto(f"{place}minutes/")
    clerk.get_by_role("link", name="簿冊の中の文書を見る").click()
    seen(clerk, "第1回庁議会議録")
    # The plan's own page tells what the meeting decided about the initiative.
    clerk.goto(served.address(f"/staff/plans/initiatives/{initiative}/"))
    seen(clerk, "会議で取り上げたこと")
    seen(clerk, "決定：夜間窓口を週一日設ける。")
    every_width(clerk)
