"""compact_index: dead numbers leave the postings, and nothing else changes."""

from __future__ import annotations

from kakehashi.people.testing import Town
from kakehashi.search.models import Posting, Retirement, Segment
from kakehashi.search.selectors import search_texts
from kakehashi.search.services import compact_index, index_pending, remove_text
from kakehashi.search.testing import KIND, put


def found(town: Town, query: str) -> list[tuple[str, float]]:
    return [(hit.title, round(hit.score, 4)) for hit in search_texts(actor=town.clerk, query=query, kinds=[KIND])]


def test_dead_places_are_dropped_and_the_ranking_stays(town: Town) -> None:
    ids = [put(town, f"転入の手引 {n}", "引っ越し" * n, index=False) for n in range(1, 9)]
    index_pending()
    for object_id in ids[:5]:
        remove_text(government_id=town.id, kind=KIND, object_id=object_id)
    before = found(town, "転入")
    assert (len(before), compact_index(), compact_index(force=True)) == (3, 0, 5)
    assert found(town, "転入") == before
    assert [len(row.data) for row in Posting.objects.filter(term="w:転入")] == [3 * 4]
    assert (Segment.objects.count(), Segment.objects.get().dead, Retirement.objects.count()) == (1, 0, 0)


def test_what_is_added_after_compaction_is_found(town: Town) -> None:
    remove_text(government_id=town.id, kind=KIND, object_id=put(town, "転入届"))
    compact_index(force=True)
    put(town, "転入の相談")
    assert [title for title, _ in found(town, "転入")] == ["転入の相談"]
