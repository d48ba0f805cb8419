"""ask_effects, remind_effect, answer_effect: what a solution still does after 30 and 90 days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kakehashi.desk.models import CaseReuse, Consultation, EffectCheck
from kakehashi.desk.services import adopt_case, answer_effect, ask_effects, remind_effect
from kakehashi.desk.services.support import assign_supporter, resolve_consultation
from kakehashi.desk.testing import assigned, published, resolved
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import measure_now
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town, person_of


def aged(consultation: Consultation, days: int) -> Consultation:
    when = clock.now() - timedelta(days=days)
    Consultation.objects.filter(id=consultation.id).update(resolved_at=when)
    consultation.resolved_at = when
    return consultation


def asked(town: Town, days: int = 31) -> EffectCheck:
    consultation = aged(resolved(town), days)
    ask_effects(actor=system_actor(town.id))
    return EffectCheck.objects.get(consultation=consultation)


def test_it_is_asked_once_after_thirty_days_and_again_after_ninety(town: Town) -> None:
    actor, consultation = system_actor(town.id), aged(resolved(town), 29)
    assert ask_effects(actor=actor) == 0
    aged(consultation, 30)
    assert (ask_effects(actor=actor), ask_effects(actor=actor)) == (1, 0)
    (notice,) = Notice.objects.filter(kind="desk.effect")
    assert notice.person_id == consultation.asked_by_id
    aged(consultation, 90)
    assert ask_effects(actor=actor) == 1
    first, second = EffectCheck.objects.order_by("after_days")
    assert (first.lapsed_at is not None, second.is_open) == (True, True)
    codes = [event.code for event in events_for(second.id)]
    assert codes == ["desk.effect.asked"]


def test_what_was_solved_long_ago_is_left_in_peace(town: Town) -> None:
    aged(resolved(town), 200)
    assert ask_effects(actor=system_actor(town.id)) == 0


def test_an_unanswered_question_is_asked_once_more_by_itself_and_by_hand(town: Town) -> None:
    check = asked(town)
    with pytest.raises(DomainError, match="催促"):
        remind_effect(actor=town.officer, check=check)
    EffectCheck.objects.filter(id=check.id).update(asked_at=clock.now() - timedelta(days=8))
    assert (ask_effects(actor=system_actor(town.id)), ask_effects(actor=system_actor(town.id))) == (1, 0)
    EffectCheck.objects.filter(id=check.id).update(reminded_at=clock.now() - timedelta(days=2))
    remind_effect(actor=town.officer, check=EffectCheck.objects.get())
    assert Notice.objects.filter(kind="desk.effect").count() == 3


def test_three_answers_and_their_hours(town: Town) -> None:
    same = answer_effect(actor=town.clerk, check=asked(town), still="same", content=5)
    assert same.effect
    assert same.effect.hours_released == Decimal("61.5")
    changed = answer_effect(actor=town.clerk, check=asked(town), still="changed", minutes=Decimal(7))
    assert changed.effect
    assert changed.effect.hours_released == Decimal("47.9")
    lost = answer_effect(actor=town.clerk, check=asked(town), still="lost")
    assert lost.effect
    assert lost.effect.hours_released == 0
    with pytest.raises(Stale):
        answer_effect(actor=town.clerk, check=lost, still="same")


@pytest.mark.parametrize(
    ("given", "field"), [({"still": "x"}, "still"), ({"still": "changed"}, "minutes"),
                         ({"still": "changed", "minutes": Decimal(-1)}, "minutes"), ({"still": "same", "content": 9}, "content")],
)  # fmt: skip
def test_what_is_no_answer_is_refused_beside_its_field(town: Town, given: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as raised:
        answer_effect(actor=town.clerk, check=asked(town), **given)
    assert raised.value.field == field


def test_the_measures_of_the_plan(town: Town) -> None:
    answer_effect(actor=town.clerk, check=asked(town, 91), still="same")
    gone = assigned(town, task="鍵の貸出簿")
    resolve_consultation(
        actor=town.officer, consultation=gone, cause="", what_was_done="やめた", what_failed="", after_minutes=None,
        after_cases=None, before_sheets=1, is_discontinued=True,
    )  # fmt: skip
    period = Period.containing(clock.today())
    values = {
        code: measure_now(f"desk.{code}", period).figure.value
        for code in ("hours_confirmed", "hours_discontinued", "effect_answered", "paper_saved")
    }
    # The question of 30 days was never asked: the solution came to light after 90.
    assert values["hours_confirmed"] == Decimal("61.5")
    assert values["hours_discontinued"] == Decimal("95.7")
    assert values["effect_answered"] == 100
    assert values["paper_saved"] == 410 * 3 + 410


def test_the_hours_of_a_case_from_elsewhere_flow_back(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    there = cast.misaki
    with tenant_scope(there.id):
        mine = adopt_case(actor=there.officer, case_id=case.id)
        Consultation.objects.filter(id=mine.id).update(
            purpose="x", desired_state="y", state="purpose_confirmed", count=100, minutes_each=6
        )
        mine = Consultation.objects.select_related("asked_by", "case").get(id=mine.id)
        assign_supporter(actor=there.officer, consultation=mine, supporter=person_of(there.officer), reason="x")
        resolve_consultation(
            actor=there.officer, consultation=mine, cause="", what_was_done="同じ", what_failed="",
            after_minutes=Decimal(3), after_cases=100,
        )  # fmt: skip
        aged(mine, 31)
        ask_effects(actor=system_actor(there.id))
        answer_effect(actor=there.officer, check=EffectCheck.objects.get(), still="same")
    with tenant_scope(cast.hibari.id):
        reuse = CaseReuse.objects.get()
        assert (reuse.result, reuse.hours_released) == ("worked", Decimal("5.0"))


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        check = asked(cast.hibari)
    client, path = client_for(cast.hibari.clerk), f"/staff/desk/effects/{check.id}/"
    assert "回答待ち" in client.get("/staff/desk/effects/").content.decode()
    assert client.post(path, {"still": "changed"}).status_code == 422
    assert client.post(path, {"still": "same"}).status_code == 302
    assert "61.5" in client.get(path).content.decode()
    assert client.post(path, {"still": "same"}).status_code == 302
    assert "61.5" in client.get(f"/staff/desk/{check.consultation_id}/").content.decode()
    assert client.post(f"{path}remind/").status_code == 302
    assert client.get(f"{path}remind/").status_code == 405
    assert client.get("/staff/desk/effects/", {"tab": "answered", "format": "csv"}).status_code == 200
    assert client_for(cast.misaki.officer).get(path).status_code == 404
