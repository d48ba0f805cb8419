"""Whatever is indexed, changed, hidden, removed and compacted: nobody finds what they may not see, and hidden texts shift nothing."""

from __future__ import annotations

from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.search.models import Entry
from kakehashi.search.selectors import search_texts, suggest_titles
from kakehashi.search.services import compact_index, index_pending, index_text, remove_text
from kakehashi.search.testing import KIND, a_kind

WORDS = ["転入", "転出", "水道", "ごみ", "児童手当"]
acts = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["public", "staff", "own section", "other section", "remove", "sweep", "compact"]),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    ),
    max_size=12,
)


def do(town: Town, ids: list[UUID], which: int, act: str, words: list[str]) -> None:
    if act == "sweep":
        index_pending()
    elif act == "compact":
        compact_index(force=True)
    elif act == "remove":
        remove_text(government_id=town.id, kind=KIND, object_id=ids[which])
    else:
        section = {"own section": town.department.id, "other section": town.other_department.id}.get(act)
        index_text(
            government_id=town.id,
            kind=a_kind(),
            object_id=ids[which],
            title="".join(words),
            fields={"body": "、".join(words)},
            audience="department" if section else "government",
            is_public=act == "public",
            department_id=section,
        )


def found(actor: Actor, word: str) -> dict[UUID, float]:
    return {hit.object_id: hit.score for hit in search_texts(actor=actor, query=word, kinds=[KIND])}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=acts)
def test_nobody_finds_what_they_may_not_see(town: Town, history: list[tuple[int, str, list[str]]]) -> None:
    a_kind()
    Entry.objects.all().delete()
    ids = [uuid7() for _ in range(6)]
    for which, act, words in history:
        do(town, ids, which, act, words)
    rows = {entry.object_id: entry for entry in Entry.objects.all()}
    public = {i for i, entry in rows.items() if entry.is_public}
    ours = {i for i, entry in rows.items() if entry.department_id in {None, town.clerk.department_id}}
    for word in ("転入", "ごみ"):
        stranger, clerk = AnonymousActor(town.id), town.clerk
        assert found(stranger, word).keys() <= public
        assert found(clerk, word).keys() <= ours
        assert {hit.object_id for hit in suggest_titles(actor=stranger, text=word[0], kinds=[KIND])} <= public
    index_pending()
    wanted = {i for i, entry in rows.items() if i in public and "転入" in entry.title}
    seen = found(AnonymousActor(town.id), "転入")
    assert seen.keys() == wanted
    Entry.objects.filter(is_public=False).delete()
    compact_index(force=True)
    assert {i: round(score, 3) for i, score in found(AnonymousActor(town.id), "転入").items()} == {
        i: round(score, 3) for i, score in seen.items()
    }
