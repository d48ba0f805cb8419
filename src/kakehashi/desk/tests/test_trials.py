"""begin_trial, open_rounds, answer_pulse, extend_trial, decide_trial: how people feel about a tool over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kakehashi.desk.domain.pulse import pulse_of, rounds_due, trend
from kakehashi.desk.models import PulseAnswer, PulseRound, ToolTrial
from kakehashi.desk.selectors.trials import comments, open_tickets, people_in, pulses
from kakehashi.desk.services import answer_pulse, begin_trial, decide_trial, extend_trial, open_rounds, write_tool
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town, person_of

FIRST = date(2026, 4, 1)


def at(day: date) -> Any:
    return clock.frozen(datetime(day.year, day.month, day.day, 9, tzinfo=clock.JST))


def begun(town: Town, **changes: Any) -> ToolTrial:
    people = [person_of(actor) for actor in (town.clerk, town.manager, town.officer)]
    values: dict[str, Any] = {
        "tool": "議事録の文字起こし", "aim": "清書の時間が半分になるか", "starts_on": FIRST,
        "ends_on": FIRST + timedelta(days=60), "every_days": 14, "members": people,
    }  # fmt: skip
    return begin_trial(actor=town.officer, **{**values, **changes})


def round_of(town: Town, day: date) -> PulseRound:
    with at(day):
        assert open_rounds(actor=system_actor(town.id)) == 1
        assert open_rounds(actor=system_actor(town.id)) == 0
    found: PulseRound = PulseRound.objects.order_by("-number")[0]
    return found


def test_sentiment_over_time(town: Town) -> None:
    trial = begun(town)
    for day, eases in ((14, (2, 1, 2)), (28, (3, 4, 3)), (42, (4, 5, 5))):
        opened = round_of(town, FIRST + timedelta(days=day))
        for actor, ease in zip((town.clerk, town.manager, town.officer), eases, strict=True):
            answer_pulse(actor=actor, round_id=opened.id, ease=ease, use=4, comment="慣れてきた")
    found = pulses(trial)
    assert [p.ease for p in found] == [Decimal("1.7"), Decimal("3.3"), Decimal("4.7")]
    assert [p.hard_share for p in found] == [100, 0, 0]
    assert "使いやすくなっています" in trend(found)
    assert len(comments(trial)) == 9


def test_few_answers_are_not_shown_and_nobody_is_named(town: Town) -> None:
    trial = begun(town)
    opened = round_of(town, FIRST + timedelta(days=14))
    answer_pulse(actor=town.clerk, round_id=opened.id, ease=1, use=1, comment="山田です")
    (pulse,) = pulses(trial)
    assert (pulse.answered, pulse.ease, comments(trial)) == (1, None, [])
    names = {field.name for field in PulseAnswer._meta.get_fields()}
    assert not names & {"person", "written_by", "created_at", "answered_at"}
    assert PulseAnswer.objects.get().id.version == 4, "an id of the time would tell who answered when"
    with pytest.raises(Stale):
        answer_pulse(actor=town.clerk, round_id=opened.id, ease=5, use=5)
    with pytest.raises(NotFound):
        answer_pulse(actor=town.mayor, round_id=opened.id, ease=5, use=5)
    assert not open_tickets(town.clerk).exists()


def test_rounds_that_were_missed_become_one_and_the_end_asks_once_more(town: Town) -> None:
    begun(town)
    assert round_of(town, FIRST + timedelta(days=45)).number == 1
    assert round_of(town, FIRST + timedelta(days=62)).number == 2
    assert Notice.objects.filter(subject__startswith="決める番").count() == 1


def test_spread_or_stop_with_a_reason(town: Town) -> None:
    trial = begun(town)
    with pytest.raises(DomainError):
        decide_trial(actor=town.officer, trial=trial, decision="spread", reason="")
    extend_trial(actor=town.officer, trial=trial, ends_on=FIRST + timedelta(days=90), reason="決算で忙しかった")
    with pytest.raises(DomainError):
        extend_trial(actor=town.officer, trial=trial, ends_on=FIRST, reason="x")
    decide_trial(actor=town.officer, trial=trial, decision="stop", reason="元のほうが早い")
    assert Notice.objects.filter(subject__contains="やめる").count() == 3
    with pytest.raises(Stale):
        decide_trial(actor=town.officer, trial=trial, decision="spread", reason="x")
    with at(FIRST + timedelta(days=30)):
        assert open_rounds(actor=system_actor(town.id)) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"tool": ""}, "tool"), ({"aim": ""}, "aim"), ({"ends_on": FIRST}, "ends_on"), ({"members": []}, "people"),
     ({"every_days": 1}, "every_days"), ({"ends_on": FIRST + timedelta(days=900)}, "ends_on")],
)  # fmt: skip
def test_a_trial_says_what_who_and_until_when(town: Town, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as raised:
        begun(town, **changes)
    assert raised.value.field == field


def test_the_days_of_the_rounds() -> None:
    days = [
        rounds_due(FIRST, FIRST + timedelta(days=30), 14, FIRST + timedelta(days=n))
        for n in (0, 13, 14, 28, 29, 30, 99)
    ]
    assert days == [0, 0, 1, 2, 2, 3, 3]
    assert rounds_due(FIRST, FIRST + timedelta(days=28), 14, FIRST + timedelta(days=50)) == 2
    assert pulse_of(1, FIRST, 5, [(5, 5)] * 2).ease is None


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    town, today = cast.hibari, clock.today()
    with tenant_scope(town.id):
        people = [str(person.id) for person in people_in([town.other_department.id])]
    client = client_for(town.officer)
    values: dict[str, Any] = {
        "tool": "文字起こし", "aim": "早くなるか", "starts_on": today.isoformat(), "every_days": "7",
        "ends_on": (today + timedelta(days=30)).isoformat(), "departments": [str(town.department.id)], "people": people,
    }  # fmt: skip
    assert client.get("/staff/desk/trials/new/").status_code == 200
    assert client.post("/staff/desk/trials/new/", {**values, "departments": [], "people": []}).status_code == 422
    path = client.post("/staff/desk/trials/new/", values)["Location"].replace("/hibari", "", 1)
    with tenant_scope(town.id), at(today + timedelta(days=7)):
        open_rounds(actor=system_actor(town.id))
        opened = PulseRound.objects.get()
    for actor in (town.officer, town.clerk, town.manager):
        member = client_for(actor)
        survey = f"/staff/desk/trials/rounds/{opened.id}/"
        assert member.post(survey, {"ease": "9"}).status_code == 422
        assert member.post(survey, {"ease": "2", "use": "4"}).status_code == 302
        assert "もう答えています" in member.get(survey).content.decode()
    page = client.get(path).content.decode()
    assert "2.0" in page
    assert "100.0%" in page
    assert client.post(f"{path}decide/", {"decision": "x"}).status_code == 422
    assert client.post(f"{path}extend/", {"ends_on": "x"}).status_code == 422
    later = (today + timedelta(days=60)).isoformat()
    assert client.post(f"{path}extend/", {"ends_on": later, "reason": "もう少し"}).status_code == 302
    assert client.post(f"{path}decide/", {"decision": "spread", "reason": "早い"}).status_code == 302
    assert "広げる" in client.get("/staff/desk/trials/", {"tab": "decided"}).content.decode()
    for query in ({"format": "csv"}, {"format": "xlsx"}):
        assert client.get(path, query).status_code == 200
        assert client.get("/staff/desk/trials/", {**query, "tab": "all"}).status_code == 200
    assert client_for(town.mayor).get(f"/staff/desk/trials/rounds/{opened.id}/").status_code == 404
    assert client_for(cast.misaki.officer).get(path).status_code == 404


def test_a_trial_and_its_tool_lead_to_each_other(client_for: Callable[..., Any], cast: Cast) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        trial = begun(town)
    client = client_for(town.officer)
    page = client.get(f"/staff/desk/trials/{trial.id}/").content.decode()
    assert "/staff/desk/tools/new/?name=" in page
    with tenant_scope(town.id):
        tool = write_tool(actor=town.officer, name=trial.tool, use="録音を文字にする", is_owned=True)
    assert f"/staff/desk/tools/{tool.id}/" in client.get(f"/staff/desk/trials/{trial.id}/").content.decode()
    assert f"/staff/desk/trials/{trial.id}/" in client.get(f"/staff/desk/tools/{tool.id}/").content.decode()
    assert f'<option value="{tool.name}">' in client.get("/staff/desk/trials/new/").content.decode()
