"""時間の使われ方（案件）: whom work waited for, in office hours; classes instead of names; small groups left out."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from kakehashi.cases.domain.phases import Phase
from kakehashi.cases.domain.time_spent import FEWEST, Move, Spell, Trace, grouped, spells_of
from kakehashi.cases.hooks import matter_names
from kakehashi.cases.models import Case
from kakehashi.cases.selectors.time_spent import Scope, traces_of
from kakehashi.cases.services import close_case, move_case
from kakehashi.cases.testing import sample_case
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7

HOUR = dt.timedelta(hours=1)


def at(text):
    return dt.datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=clock.JST)


def trace(*moves, acts=(), closed="24T17:00"):
    return Trace(uuid7(), "申請", "住民課", at("24T09:00"), at(closed), moves, acts)


def test_each_wait_has_its_class_and_a_name_is_never_shown():
    found = spells_of(
        trace(
            Move(at("24T10:00"), Phase.WORKING),
            Move(at("24T11:00"), Phase.WAITING, "山田 花子"),
            Move(at("24T13:00"), Phase.WAITING, "税務課"),
            Move(at("24T14:00"), Phase.DECIDING),
        ),
        {"税務課"},
    )
    hours = [found[spell] / HOUR for spell in Spell]
    assert hours == [1.0, 2.0, 1.0, 3.0, 0.0, 1.0]


def test_a_long_silence_in_the_section_is_lying_and_short_ones_are_work():
    found = spells_of(trace(Move(at("24T09:00"), Phase.WORKING), acts=(at("24T10:30"), at("24T12:00"))), ())
    assert (found[Spell.TOUCHED], found[Spell.LYING]) == (3 * HOUR, 5 * HOUR)


def test_a_night_is_nobodys_delay():
    found = spells_of(trace(Move(at("24T09:00"), Phase.DECIDING), closed="25T09:00"), ())
    assert found[Spell.DECIDER] == dt.timedelta(hours=8, minutes=45)


def test_a_small_group_says_so():
    groups = grouped([trace() for _ in range(FEWEST - 1)], ())
    assert [(group.count, group.is_small) for group in groups] == [(FEWEST - 1, True)]


def test_the_traces_come_from_the_journal_and_the_page_shows_them(town, client_for):
    # An ordinary working day: on a Sunday nobody waits, and there is nothing to draw.
    for _ in range(FEWEST):
        with clock.frozen(at("20T09:00")):
            case = sample_case(town)
        with clock.frozen(at("20T10:00")):
            move_case(actor=town.clerk, case=case, phase="working", state_label="審査中")
        with clock.frozen(at("20T11:00")):
            move_case(actor=town.clerk, case=case, phase="waiting", state_label="補正待ち", waiting_on="申請者")
        with clock.frozen(at("20T15:00")):
            close_case(actor=town.clerk, case=case)
    with clock.frozen(at("20T16:00")):
        the_page_shows_them(town, client_for, case)


def the_page_shows_them(town, client_for, case):
    (first, *_) = traces_of(Scope(Period.containing(clock.today())), matter_names)
    assert [move.phase for move in first.moves] == [Phase.WORKING, Phase.WAITING, Phase.DONE]
    client = client_for(town.clerk)
    page = client.get(reverse("cases-staff:time")).content.decode()
    assert f"{FEWEST}件" in page
    assert "ind-stack" in page
    assert client.get(reverse("cases-staff:time"), {"format": "csv"}).content.decode("utf-8-sig").startswith("業務")
    assert "完了" in client.get(reverse("cases-staff:time-rows")).content.decode()
    Case.objects.filter(id=case.id).update(closed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert "5件未満" in client.get(reverse("cases-staff:time")).content.decode()
