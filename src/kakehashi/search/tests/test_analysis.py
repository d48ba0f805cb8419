"""Terms and their weights."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.search.domain.analysis import analyse, bigrams, prefixes
from kakehashi.search.domain.folding import fold_term, fold_text
from kakehashi.search.domain.query import parse_query
from kakehashi.search.domain.snippet import snippet
from kakehashi.search.domain.tokens import tokenise


def test_three_spellings_become_one_word() -> None:
    words = [{t for t in analyse(text, {}).terms if t.startswith("w:")} for text in ("引越し", "引っ越し", "引越")]
    assert words[0] == words[1] == words[2]


def test_title_and_body_are_counted_apart() -> None:
    document = analyse("転入", {"body": "転出", "more": "転出"})
    assert (document.terms["w:転入"], document.terms["w:転出"]) == ((1, 0), (0, 2))
    assert (document.title_length, document.body_length) == (1, 2)


def test_pairs_do_not_cross_punctuation() -> None:
    assert set(bigrams("転入、転出", with_hiragana=True)) == {"b:転入", "b:転出"}


def test_a_title_can_be_found_by_its_beginning_as_written_and_as_read() -> None:
    assert {"p:転", "p:転入", "p:テ", "p:テンニ"} <= prefixes("転入届", list(tokenise("転入届")))


def test_folding_merges_width_case_kana_and_variants() -> None:
    assert fold_text("Ｅｘｃｅｌ ﾃﾞｼﾞﾀﾙ 髙﨑 ひらがな") == "excel デジタル 高崎 ヒラガナ"
    assert fold_term("コンピューター") == fold_term("コンピュータ")


def test_the_snippet_marks_the_word_in_another_spelling() -> None:
    pieces = snippet("長い前置き。" * 30 + "引っ越しの手続はこちら", parse_query("引越し"))
    assert [piece.text for piece in pieces if piece.is_hit] == ["引っ越し"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_indexed_and_asked_for(text: str) -> None:
    document = analyse(text, {"body": text})
    assert document.title_length >= 0
    query = parse_query(text)
    assert "".join(piece.text for piece in snippet(text, query)).strip("…") is not None
