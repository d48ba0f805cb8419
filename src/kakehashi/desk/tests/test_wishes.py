"""write_wish, see_wish, answer_wish, pass_wish_up, support_wish, consult_about_wish, remind_of_wishes; and who may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.desk.models import Wish
from kakehashi.desk.selectors.wishes import get_wish, wish_list, wishes_for
from kakehashi.desk.services import (
    answer_wish,
    consult_about_wish,
    pass_wish_up,
    remind_of_wishes,
    see_wish,
    support_wish,
    write_wish,
)
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town


def written(town: Town, **changes: Any) -> Wish:
    return write_wish(
        actor=town.clerk, **{"kind": "wish", "title": "資料を紙で配らない", "body": "三度刷る。", **changes}
    )


def test_it_goes_to_the_nearest_superior_who_is_told(town: Town) -> None:
    wish = written(town)
    assert wish.manager_id == town.manager.id
    assert Notice.objects.get(kind="desk.wish").person_id == town.manager.id
    assert written(town).id == wish.id, "a double click is one wish"
    assert wish_list(town.manager, tab="turn").get().id == wish.id
    assert not wish_list(town.officer, tab="turn").exists()


def test_the_manager_reads_and_answers(town: Town) -> None:
    wish = see_wish(actor=town.manager, wish=written(town))
    assert wish.state == "seen"
    with pytest.raises(DomainError, match="一言"):
        answer_wish(actor=town.manager, wish=wish, state="adopted", answer=" ")
    answer_wish(actor=town.manager, wish=wish, state="adopted", answer="来月からやめます。")
    assert {notice.person_id for notice in Notice.objects.filter(kind="desk.wish")} == {town.manager.id, town.clerk.id}
    with pytest.raises(Stale):
        answer_wish(actor=town.manager, wish=wish, state="later", answer="x")
    codes = [event.code for event in events_for(wish.id)]
    assert codes == ["desk.wish.written", "desk.wish.seen", "desk.wish.answered"]


def test_only_whose_turn_it_is_answers(town: Town) -> None:
    with pytest.raises(DomainError, match="佐藤 一郎さんの番"):
        answer_wish(actor=town.officer, wish=written(town), state="later", answer="x")


def test_it_goes_further_up(town: Town) -> None:
    wish = pass_wish_up(actor=town.manager, wish=written(town), reason="予算がいる")
    assert wish.manager_id == town.mayor.id
    with pytest.raises(DomainError, match="上の人がいません"):
        pass_wish_up(actor=town.mayor, wish=wish, reason="x")


def test_me_too_and_back(town: Town) -> None:
    wish = written(town)
    for _ in range(2):
        support_wish(actor=town.officer, wish=wish, is_on=True)
    assert wishes_for(town.officer).get().support_count == 1  # type: ignore[attr-defined]
    support_wish(actor=town.officer, wish=wish, is_on=False)
    assert wishes_for(town.officer).get().support_count == 0  # type: ignore[attr-defined]
    with pytest.raises(DomainError):
        support_wish(actor=town.clerk, wish=wish, is_on=True)


def test_a_wish_becomes_a_consultation_once(town: Town) -> None:
    wish = written(town)
    with pytest.raises(DomainError, match="書いた人か"):
        consult_about_wish(actor=town.officer, wish=wish)
    made = consult_about_wish(actor=town.manager, wish=wish)
    assert (made.task, made.problem, made.manager_knows) == (wish.title, wish.body, True)
    assert consult_about_wish(actor=town.clerk, wish=wish).id == made.id


def test_two_weeks_without_an_answer_is_said_once(town: Town) -> None:
    Wish.objects.filter(id=written(town).id).update(due_since=clock.now() - timedelta(days=15))
    actor = system_actor(town.id)
    assert (remind_of_wishes(actor=actor), remind_of_wishes(actor=actor)) == (1, 0)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(circles=st.lists(st.tuples(st.sampled_from(["department", "government"]), st.sampled_from(["clerk", "officer"])), max_size=5))  # fmt: skip
def test_nobody_reads_what_is_not_theirs(town: Town, circles: list[tuple[str, str]]) -> None:
    Wish.objects.all().delete()
    made = [
        (circle, who, write_wish(actor=getattr(town, who), kind="idea", title=f"{n}", circle=circle))
        for n, (circle, who) in enumerate(circles)
    ]
    for reader in (town.clerk, town.manager, town.mayor, town.officer):
        seen = set(wishes_for(reader).values_list("id", flat=True))
        for circle, who, wish in made:
            writer = getattr(town, who)
            mine = reader.id in {writer.id, wish.manager_id}
            expected = circle == "government" or mine or reader.department_id == writer.department_id
            assert (wish.id in seen) == expected, (circle, who, reader.label)


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    client = client_for(cast.hibari.clerk)
    assert (
        client.post("/staff/desk/wishes/new/", {"kind": "wish", "title": "", "circle": "department"}).status_code == 422
    )
    sent = client.post(
        "/staff/desk/wishes/new/", {"kind": "wish", "title": "会議を短く", "body": "", "circle": "department"}
    )
    path = sent["Location"].replace("/hibari", "", 1)
    assert "会議を短く" in client.get("/staff/desk/wishes/").content.decode()
    assert client_for(cast.hibari.officer).get(path).status_code == 404
    assert client_for(cast.misaki.officer).get(path).status_code == 404
    boss = client_for(cast.hibari.manager)
    assert "返事をする" in boss.get(path).content.decode()
    assert boss.post(f"{path}see/").status_code == 302
    assert boss.get(f"{path}see/").status_code == 405
    assert boss.post(f"{path}answer/", {"state": "later", "answer": ""}).status_code == 422
    assert boss.post(f"{path}up/", {"reason": ""}).status_code == 422
    assert boss.post(f"{path}answer/", {"state": "later", "answer": "来年に。"}).status_code == 302
    assert boss.post(f"{path}support/", {"on": "1"}).status_code == 302
    assert boss.post(f"{path}consult/").status_code == 302
    assert "相談になりました" in client.get(path).content.decode()
    assert client.get("/staff/desk/wishes/", {"format": "csv", "q": "会議", "tab": "mine"}).status_code == 200


def test_a_neighbours_wish_is_not_there(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        wish = written(cast.hibari)
    with tenant_scope(cast.misaki.id):
        with pytest.raises(NotFound):
            get_wish(cast.misaki.manager, wish.id)
