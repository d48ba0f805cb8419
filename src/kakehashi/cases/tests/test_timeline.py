"""The timeline: one line for each act, two audiences."""

import pytest
from django.template import Context, Template

from kakehashi.cases.services import assign_case, close_case, open_case, post_message
from kakehashi.cases.testing import SAMPLE, register_sample_kind, sample_case
from kakehashi.journal.hooks import known_events, register_events
from kakehashi.journal.services import record_event
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import person_of


def shown(case, audience):
    return Template('{% load cases %}{% timeline case audience="' + audience + '" %}').render(Context({"case": case}))


@pytest.fixture
def busy_case(town):
    case = sample_case(town)
    assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
    post_message(actor=town.clerk, case=case, thread="public", body="写しを送ってください。")
    post_message(actor=town.clerk, case=case, thread="internal", body="内々の話")
    close_case(actor=town.clerk, case=case, state_label="交付済み")
    return case


def test_staff_see_everything_and_which_thread(busy_case):
    page = shown(busy_case, "staff")
    assert "内々の話" in page
    assert 'data-thread="internal"' in page
    assert "担当を決めました" in page
    assert "（交付済み）" in page


def test_residents_see_their_thread_and_no_names(busy_case):
    page = shown(busy_case, "resident")
    assert "写しを送ってください。" in page
    assert "内々の話" not in page
    assert "山田" not in page
    assert "担当を決めました" not in page
    assert "役所の担当者" in page


def test_one_act_is_one_line(town):
    if "cases.sample.submitted" not in known_events():
        register_events("cases", {"cases.sample.submitted": "見本が届きました"})
    act, source = uuid7(), uuid7()
    case = open_case(
        actor=town.clerk, kind=register_sample_kind(), subject="見本", source_id=source, department=town.department,
        requester_name="", act_id=act,
    )  # fmt: skip
    record_event(
        actor=town.clerk, code="cases.case.reopened", subject_kind=SAMPLE, subject_id=source, payload={}, act_id=uuid7()
    )
    assert shown(case, "staff").count("<li>") == 2
