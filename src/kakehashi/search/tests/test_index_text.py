"""index_text, index_texts, index_pending and share_text: what is written can be found, and only that."""

from __future__ import annotations

import pytest

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.search.models import Entry, Posting
from kakehashi.search.selectors import pending_count, search_shared, search_texts
from kakehashi.search.services import index_pending, index_text, index_texts, remove_text, share_text, unshare_text
from kakehashi.search.testing import KIND, a_kind, put


def found(town: Town, query: str) -> list[str]:
    return [hit.title for hit in search_texts(actor=town.clerk, query=query, kinds=[KIND])]


def test_a_text_is_found_after_the_sweep(town: Town) -> None:
    put(town, "転入届", index=False)
    assert (pending_count(), found(town, "転入")) == (1, [])
    assert index_pending() == 1
    assert (pending_count(), found(town, "転入")) == (0, ["転入届"])


def test_a_changed_text_is_found_by_its_new_words_only(town: Town) -> None:
    object_id = put(town, "転入届", "引っ越し")
    index_text(government_id=town.id, kind=KIND, object_id=object_id, title="犬の登録", fields={})
    index_pending()
    assert (found(town, "転入"), found(town, "引越し"), found(town, "犬")) == ([], [], ["犬の登録"])


def test_a_number_is_never_given_twice(town: Town) -> None:
    remove_text(government_id=town.id, kind=KIND, object_id=put(town, "転入届"))
    put(town, "犬の登録")
    assert found(town, "転入") == []


def test_many_texts_at_once(town: Town) -> None:
    rows = [(uuid7(), f"手続{n}号", {"body": "申請"}, True) for n in range(120)]
    assert index_texts(government_id=town.id, kind=a_kind(), rows=rows) == 120
    assert index_texts(government_id=town.id, kind=KIND, rows=rows) == 120
    assert Entry.objects.count() == 120
    while index_pending(limit=50):
        pass
    assert len(search_texts(actor=town.clerk, query="申請", kinds=[KIND], limit=200)) == 120
    assert Posting.objects.filter(term="w:申請").count() == 1


def test_an_unknown_kind_raises(town: Town) -> None:
    with pytest.raises(UnknownKey):
        index_text(government_id=town.id, kind="search.nothing", object_id=uuid7(), title="x", fields={})


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a" * 60_000, "𠮷" * 500, "", "\u202e"])
def test_any_text_can_be_indexed(town: Town, text: str) -> None:
    put(town, text + "転入", text)
    assert Entry.objects.filter(number__isnull=True).count() == 0


def test_a_shared_text_is_found_next_door_until_it_is_taken_back(cast: Cast) -> None:
    object_id = uuid7()
    with tenant_scope(cast.hibari.id):
        share_text(
            kind=a_kind(),
            object_id=object_id,
            title="紙の転記をやめた",
            fields={},
            audience="country",
            prefecture_id=None,
        )
        assert search_shared(query="転記", kinds=[KIND]) == [], "one's own is found in one's own index"
    with tenant_scope(cast.misaki.id):
        (hit,) = search_shared(query="転記", kinds=[KIND])
        assert (hit.title, hit.origin_id) == ("紙の転記をやめた", cast.hibari.id)
    with tenant_scope(cast.hibari.id):
        unshare_text(kind=KIND, object_id=object_id)
    with tenant_scope(cast.misaki.id):
        assert search_shared(query="転記", kinds=[KIND]) == []


def test_the_prefectures_texts_stay_in_the_prefecture(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        share_text(
            kind=a_kind(),
            object_id=uuid7(),
            title="県内の事例",
            fields={},
            audience="prefecture",
            prefecture_id=uuid7(),
        )
    with tenant_scope(cast.misaki.id):
        assert search_shared(query="事例", kinds=[KIND]) == []
