"""Likeness: purpose and business count beside the words."""

from __future__ import annotations

from kakehashi.desk.domain.likeness import Likeness, likeness, sections

KEYS = {
    "other_task": "会議室の鍵の貸出簿",
    "other_purpose": "鍵の所在が分かるようにする",
    "other_problem": "紙に三回書く",
}


def compare(task: str, purpose: str, words: float = 0.5) -> Likeness:
    return likeness(task=task, purpose=purpose, problem="何度も書く", words=words, **KEYS)


def test_the_same_purpose_beats_the_same_words() -> None:
    by_purpose = compare("公用車の鍵", "鍵の所在が分かるようにする", words=0.3)
    by_words = compare("紙の書類を三回書く", "住民に早く通知を届ける", words=0.9)
    assert by_purpose.score > by_words.score
    assert by_purpose.reasons[0].startswith("目的が近い（鍵")


def test_an_unknown_purpose_is_not_a_different_one() -> None:
    unknown, other = compare("会議室の鍵", ""), compare("会議室の鍵", "税を正しく集める")
    assert unknown.purpose is None
    assert unknown.score > other.score


def test_the_business_is_named() -> None:
    assert "業務が近い（会議・鍵）" in compare("会議室の鍵", "").reasons


def test_generic_words_make_nothing_alike() -> None:
    assert compare("業務の事務", "").reasons == []


def test_sections_are_counted_once() -> None:
    assert sections(["a", "a", "b", None]) == 2
