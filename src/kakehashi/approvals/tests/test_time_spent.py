"""Where the time goes: in office hours, by matter and section, never by person, small groups left out."""

from __future__ import annotations

import datetime as dt

import pytest

from kakehashi.approvals.domain.states import StepKind
from kakehashi.approvals.domain.time_spent import (
    FEWEST,
    Group,
    Spent,
    StepTrace,
    Trace,
    by_matter_and_section,
    consulted,
    office_time,
    paper_reasons,
)
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.selectors.measures import consulted_in_silence, returned_in
from kakehashi.approvals.selectors.time_spent import Scope, proposals_behind, traces_of
from kakehashi.approvals.services import decide_proposal, return_proposal, submit_proposal
from kakehashi.approvals.testing import decided, submitted, with_rules
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.clock import JST
from kakehashi.kernel.ids import uuid7

HOUR = dt.timedelta(hours=1)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-24T09:00", "2026-11-24T10:30", 1.5),
        ("2026-11-24T17:00", "2026-11-25T08:45", 0.5),
        ("2026-11-20T17:00", "2026-11-24T08:30", 0.25),
        ("2026-11-21T10:00", "2026-11-22T15:00", 0),
        ("2026-11-24T07:00", "2026-11-24T20:00", 8.75),
        ("2026-11-24T10:00", "2026-11-24T09:00", 0),
    ],
)
def test_nights_weekends_and_holidays_are_nobodys_delay(start, end, hours):
    assert office_time(at(start), at(end)) == hours * HOUR


def step(seen="2026-11-24T11:00", acted="2026-11-24T11:30", kind=StepKind.CONSULT, said=False):
    return StepTrace(kind, at("2026-11-24T09:00"), at(seen) if seen else None, at(acted), "財政課長", said)


def trace(*steps, paper="", returns=0, matter="許可", section="住民課"):
    return Trace(uuid7(), matter, section, at("2026-11-24T09:00"), at("2026-11-24T17:15"), returns, paper, steps)


def test_waiting_and_touching_are_kept_apart():
    spent = Spent()
    spent.add(step())
    spent.add(step(seen="2026-11-24T09:30", acted="2026-11-24T14:30"))
    assert (spent.unopened, spent.touched, spent.lying) == (2.5 * HOUR, 0.5 * HOUR, 5 * HOUR)
    assert spent.waiting_share == 93.8
    assert Spent().waiting_share is None


def test_groups_keep_the_order_they_come_in_and_small_ones_say_so():
    groups = by_matter_and_section([*[trace(matter="遅い")] * FEWEST, trace(matter="速い")])
    assert [(group.matter, group.is_small) for group in groups] == [("遅い", False), ("速い", True)]
    assert Group("", "").days == 0.0


def test_a_consultee_who_never_commented_is_a_question_about_the_rule():
    silent = consulted([trace(step()) for _ in range(FEWEST)])
    assert [(each.post, each.asked, each.is_silent) for each in silent] == [("財政課長", FEWEST, True)]
    spoke = consulted([trace(step(said=number == 0)) for number in range(FEWEST)])
    assert not spoke[0].is_silent
    assert consulted([trace(step()) for _ in range(FEWEST - 1)]) == []


def test_paper_detours_by_their_reason():
    found = paper_reasons([trace(paper="図面"), trace(paper="図面"), trace(paper="秘密"), trace()])
    assert [(reason, len(ids)) for reason, ids in found] == [("図面", 2), ("秘密", 1)]


def test_the_traces_of_a_real_road(town):
    with_rules(town)
    proposal = submitted(town)
    return_proposal(actor=town.manager, proposal=proposal, reason="件名を直してください")
    proposal = submit_proposal(actor=town.clerk, proposal=Proposal.objects.get(id=proposal.id))
    decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    period = Period.containing(clock.today())
    (found,) = traces_of(Scope(period))
    assert (found.returns, found.section, found.paper) == (1, "住民課", "")
    assert found.submitted_at < Proposal.objects.get().submitted_at
    assert [each.kind for each in found.steps] == [StepKind.DECIDE, StepKind.DECIDE]
    assert list(proposals_behind(Scope(period), "returned", "")) == [proposal]
    assert list(returned_in(period)) == [proposal]
    assert not consulted_in_silence(period).exists()


def test_the_page_shows_no_group_smaller_than_five(town, client_for):
    with_rules(town)
    decided(town)
    client = client_for(town.clerk)
    page = client.get("/hibari/staff/approvals/time/").content.decode()
    assert "5件未満です" in page
    rows = client.get("/hibari/staff/approvals/time/rows/all/").content.decode()
    assert "公園使用の許可について" not in rows


def test_each_figure_opens_its_rows(town, client_for):
    with_rules(town)
    made = [decided(town) for _ in range(FEWEST)]
    Opinion.objects.create(
        proposal=made[0], kind=OpinionKind.RETURN, text="図面がありません", author_label="住民課課長 佐藤 一郎"
    )
    client = client_for(town.clerk)
    page = client.get("/hibari/staff/approvals/time/").content.decode()
    assert f"{FEWEST}件" in page
    assert "図面がありません" in page
    assert town.manager.name not in page
    query = f"matter=disposition.permit&department={town.department.id}"
    assert "公園使用の許可について" in client.get(f"/hibari/staff/approvals/time/rows/all/?{query}").content.decode()
    export = client.get("/hibari/staff/approvals/time/?format=csv&period=nonsense&department=x").content.decode(
        "utf-8-sig"
    )
    assert "住民課" in export
