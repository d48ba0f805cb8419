"""search_texts: what may be seen, best first, and why."""

from __future__ import annotations

import pytest

from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town
from kakehashi.search.selectors import search_texts, suggest_titles
from kakehashi.search.services import index_pending, remove_text
from kakehashi.search.testing import KIND, a_kind, put
from kakehashi.search.tests.corpus import TEXTS, corpus


@pytest.fixture
def library(town: Town) -> Town:
    for title, body in TEXTS.values():
        put(town, title, body, index=False)
    index_pending()
    return town


def titles(town: Town, query: str) -> list[str]:
    return [hit.title for hit in search_texts(actor=town.clerk, query=query, kinds=[KIND])]


@pytest.mark.parametrize("spelling", ["引越し", "引っ越し", "引越", "ひっこし"])
def test_spellings(library: Town, spelling: str) -> None:
    assert set(titles(library, spelling)) == {"転入届", "転出届・転居届", "水道使用開始届"}


def test_a_word_that_the_home_page_suggests_finds_the_allowance_by_its_name(town: Town) -> None:
    put(town, "児童手当 受給事由消滅の届出")
    put(town, "犬の登録")
    assert titles(town, "子育て") == ["児童手当 受給事由消滅の届出"]


def test_kyoto_does_not_bring_tokyo(library: Town) -> None:
    assert titles(library, "京都") == ["京都との友好都市事業"]


def test_pairs_of_characters_help_when_no_word_matches(library: Town) -> None:
    assert titles(library, "マイナンバカード")[0] == "マイナンバーカードの交付申請"


@pytest.mark.parametrize("query", ["引越し", "東京都", "粗大ゴミ", "子育て 申し込み", "紙の転記をやめたい", "証明書"])
def test_the_stored_index_ranks_as_one_in_memory_does(library: Town, query: str) -> None:
    expected = {TEXTS[key][0]: pytest.approx(score, rel=1e-4) for score, key in corpus().scores(query)}
    assert {hit.title: hit.score for hit in search_texts(actor=library.clerk, query=query, kinds=[KIND])} == expected


def test_a_hit_says_why(library: Town) -> None:
    hit = search_texts(actor=library.clerk, query="引越し 証明", kinds=[KIND])[0]
    assert hit.title == "転出届・転居届"
    assert hit.matched == "「証明」が、「引越し」は「転居」として一致"
    assert [piece.text for piece in hit.snippet if piece.is_hit] == ["引っ越し", "転出証明書"]
    assert hit.url == f"/staff/x/{hit.object_id}/"
    assert hit.coverage == 1.0


def test_residents_find_public_texts_only(town: Town) -> None:
    put(town, "転入届", is_public=True)
    put(town, "転入届の内部手引")
    hits = search_texts(actor=AnonymousActor(town.id), query="転入届", kinds=[KIND])
    assert [(hit.title, hit.url.startswith("/x/")) for hit in hits] == [("転入届", True)]


def test_a_sections_text_stays_in_the_section(town: Town) -> None:
    put(town, "住民課の手順", audience="department", department_id=town.department.id)
    assert titles(town, "手順") == ["住民課の手順"]
    assert search_texts(actor=town.officer, query="手順", kinds=[KIND]) == []


def test_a_kind_needs_its_permission(town: Town) -> None:
    kind = a_kind("search.secret", permission="people.role:grant")
    put(town, "人事の覚書", kind=kind)
    assert search_texts(actor=town.clerk, query="覚書", kinds=[kind]) == []
    assert len(search_texts(actor=town.administrator, query="覚書", kinds=[kind])) == 1


def test_hidden_texts_do_not_shift_the_ranking(town: Town) -> None:
    put(town, "犬の登録", "犬と猫", is_public=True)
    put(town, "猫の手帳", "猫", is_public=True)
    before = [hit.score for hit in search_texts(actor=AnonymousActor(town.id), query="犬 猫", kinds=[KIND])]
    for _ in range(5):
        put(town, "犬の内部資料")
    after = [hit.score for hit in search_texts(actor=AnonymousActor(town.id), query="犬 猫", kinds=[KIND])]
    assert before == after


def test_suggestions_by_the_beginning_as_written_or_read(library: Town) -> None:
    assert [hit.title for hit in suggest_titles(actor=library.clerk, text="転", kinds=[KIND])] == [
        "転入届",
        "転出届・転居届",
    ]
    assert [hit.title for hit in suggest_titles(actor=library.clerk, text="じどう", kinds=[KIND])] == [
        "児童手当認定請求"
    ]
    assert suggest_titles(actor=library.clerk, text="", kinds=[KIND]) == []


def test_a_removed_text_is_gone(town: Town) -> None:
    object_id = put(town, "転入届")
    remove_text(government_id=town.id, kind=KIND, object_id=object_id)
    assert titles(town, "転入届") == []


@pytest.mark.parametrize(
    "query", ["", " ", "\x00", "'; DROP TABLE x; --", "%" * 300, "💀" * 500, "「" * 50, "-" * 99, "a" * 9999]
)
def test_hostile_queries(library: Town, query: str) -> None:
    search_texts(actor=library.clerk, query=query, kinds=[KIND])
    suggest_titles(actor=library.clerk, text=query, kinds=[KIND])


def test_another_towns_scope_finds_nothing(cast: object) -> None:
    hibari, misaki = cast.hibari, cast.misaki  # type: ignore[attr-defined]
    with tenant_scope(hibari.id):
        put(hibari, "転入届")
    with tenant_scope(misaki.id):
        assert titles(misaki, "転入届") == []
