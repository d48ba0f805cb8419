"""What people type must find what they mean."""

from __future__ import annotations

import pytest

from kakehashi.search.domain.query import parse_query
from kakehashi.search.tests.corpus import Corpus, corpus


@pytest.fixture(scope="module")
def index() -> Corpus:
    return corpus()


@pytest.mark.parametrize("spelling", ["引越し", "引っ越し", "引越", "ひっこし", "ヒッコシ"])
def test_every_spelling_of_moving_finds_the_three_procedures(index: Corpus, spelling: str) -> None:
    assert set(index.find(spelling)[:3]) == {"tennyu", "tentaiten", "suido"}


def test_kyoto_comes_before_tokyo(index: Corpus) -> None:
    assert index.find("京都")[0] == "kyoto"


def test_tokyo_finds_tokyo(index: Corpus) -> None:
    assert index.find("東京都")[0] == "tokyo"
    assert index.find("東京")[0] == "tokyo"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("じどうてあて", "jidou"),
        ("こそだて", "kosodate"),
        ("子育て 申し込み", "kosodate"),
        ("り災証明", "risai"),
        ("りさいしょうめい", "risai"),
        ("粗大ゴミ", "gomi"),
        ("ごみ", "gomi"),
        ("いぬ", "inu"),
        ("犬", "inu"),
        ("サーバ", "server"),
        ("マイナンバカード", "mynumber"),
        ("マイナンバーカド", "mynumber"),
        ("ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", "mynumber"),
        ("EXCEL 転記", "paper"),
        ("Ｅｘｃｅｌ", "paper"),
        ("公園", "kouen"),
        ("講演", "kouenkai"),
        ("水道の使用を始めたい", "suido"),
    ],
)
def test_first_hit(index: Corpus, typed: str, first: str) -> None:
    assert index.find(typed)[0] == first


def test_an_excluded_word_takes_a_text_away(index: Corpus) -> None:
    assert "suido" not in index.find("引っ越し -水道")
    assert "tennyu" in index.find("引っ越し -水道")


def test_a_quoted_phrase_must_stand_in_the_text(index: Corpus) -> None:
    assert index.find("「転出証明書」") == ["tentaiten"]


@pytest.mark.parametrize("nothing", ["", "   ", "を", "!!!", "-", "「」", "\x00", "\ud800"])
def test_a_query_without_words_finds_nothing(index: Corpus, nothing: str) -> None:
    assert parse_query(nothing).concepts == () or index.find(nothing) == []
