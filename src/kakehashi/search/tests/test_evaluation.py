"""The measures, worked by hand, and reading sets that were not made for us."""

from __future__ import annotations

from math import log2

import pytest

from kakehashi.search.domain.evaluation import PlainBM25, evaluation_set, mean_scores, score_ranking


def test_a_ranking_worked_by_hand() -> None:
    ndcg, reciprocal, at_1, at_5, recall = score_ranking(["x", "b", "y", "a"], {"a": 3, "b": 1, "c": 2, "x": 0})
    ideal = 3 + 2 / log2(3) + 1 / log2(4)
    assert ndcg == pytest.approx((1 / log2(3) + 3 / log2(5)) / ideal)
    assert (reciprocal, at_1, at_5, recall) == (0.5, 0.0, 1.0, pytest.approx(2 / 3))


def test_only_the_first_ten_count_for_recall() -> None:
    ranked = [f"x{n}" for n in range(10)] + ["a"]
    assert score_ranking(ranked, {"a": 1}) == (0.0, pytest.approx(1 / 11), 0.0, 0.0, 0.0)


def test_ids_are_texts_or_numbers_and_what_is_odd_is_said() -> None:
    given = evaluation_set(
        [{"id": 1, "title": "転入"}, {"id": "1", "title": "二度"}, {"title": "名なし"}, {"id": 2.0, "body": None}],
        [{"id": 7, "text": "引っ越し"}, {"id": "8"}],
        [
            {"query_id": "7", "doc_id": 1.0, "grade": "2"},
            {"query_id": 7, "doc_id": 99, "grade": 1},
            {"query_id": 9, "doc_id": 1},
            {"query_id": 8, "doc_id": 2, "grade": 0},
        ],
    )
    assert given.corpus == {"1": ("転入", ""), "2": ("", "")}
    assert given.judgements == {"7": {"1": 2.0}, "8": {"2": 0.0}}
    assert len(given.remarks) == 5


def test_a_question_nobody_can_answer_is_left_out_and_an_unanswered_one_counts() -> None:
    scores = mean_scores({"a": ["1"]}, {"a": {"1": 1}, "b": {"2": 1}, "c": {"3": 0}})
    assert (scores.questions, scores.recall_at_10, scores.mrr) == (2, 0.5, 0.5)


def test_the_yardstick_ranks_by_words() -> None:
    plain = PlainBM25({"a": "犬 登録", "b": "猫 登録", "c": "水道"}, str.split)
    assert plain.rank("犬 登録", 10) == ["a", "b"]
    assert plain.rank("象", 10) == []
