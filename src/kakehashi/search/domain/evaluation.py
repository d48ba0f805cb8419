"""How good a ranking is, by the judgements of people: nDCG@10, MRR, SR@1, SR@5, Recall@10.

A judgement gives a document a grade for a question; 0 says "does not help". nDCG takes the grade itself as gain and the
binary logarithm of the place plus one as discount (Järvelin & Kekäläinen 2002, as trec_eval computes it). The others ask
only whether a grade is above 0. A question without any document above 0 cannot be answered and is left out of the means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log, log2
from typing import Any

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the questions; each lies between 0 and 1."""

    ndcg_at_10: float
    mrr: float
    sr_at_1: float
    sr_at_5: float
    recall_at_10: float
    questions: int

    def as_dict(self) -> dict[str, float | int]:
        """Return the scores under their names, for JSON."""
        return asdict(self)


def score_ranking(ranked: Sequence[str], grades: Mapping[str, float]) -> tuple[float, float, float, float, float]:
    """Return (nDCG@10, reciprocal rank, success at 1, success at 5, recall at 10) of one ranking.

    `ranked` holds document ids, best first; `grades` the judged documents. At least one grade must be above 0.
    """
    gains = [max(grades.get(document, 0), 0) for document in ranked]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    first = next((place for place, gain in enumerate(gains, 1) if gain > 0), 0)
    found = sum(gain > 0 for gain in gains[:DEPTH])
    return (
        _discounted(gains) / _discounted(ideal),
        1 / first if first else 0.0,
        float(first == 1),
        float(0 < first <= 5),
        found / len(ideal),
    )


def mean_scores(rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, float]]) -> Scores:
    """Return the means over every question that has a document above grade 0; a question without ranking scores 0."""
    rows = [
        score_ranking(rankings.get(question, ()), grades)
        for question, grades in judgements.items()
        if any(grade > 0 for grade in grades.values())
    ]
    count = max(len(rows), 1)
    means = [sum(row[i] for row in rows) / count for i in range(5)]
    return Scores(means[0], means[1], means[2], means[3], means[4], len(rows))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains[:DEPTH], 1))


class PlainBM25:
    """The yardstick: Okapi BM25 (k1 1.2, b 0.75) over one bag of words for title and body, nothing else.

    `words` cuts a text into words. It is what a general search engine with a morphological analyser does.
    """

    K1, B = 1.2, 0.75

    def __init__(self, documents: Mapping[str, str], words: Callable[[str], Iterable[str]]) -> None:
        self._words = words
        self._counts = {key: Counter(words(text)) for key, text in documents.items()}
        self._lengths = {key: sum(count.values()) for key, count in self._counts.items()}
        self._mean = sum(self._lengths.values()) / max(len(self._lengths), 1) or 1
        self._holders: dict[str, list[str]] = {}
        for key, count in self._counts.items():
            for word in count:
                self._holders.setdefault(word, []).append(key)

    def rank(self, question: str, limit: int) -> list[str]:
        """Return the ids of the best documents, best first; documents without a word of the question never come."""
        total: dict[str, float] = {}
        for word in set(self._words(question)):
            holders = self._holders.get(word, [])
            rarity = log(1 + (len(self._counts) - len(holders) + 0.5) / (len(holders) + 0.5))
            for key in holders:
                count = self._counts[key][word]
                norm = 1 - self.B + self.B * self._lengths[key] / self._mean
                total[key] = total.get(key, 0.0) + rarity * count * (self.K1 + 1) / (count + self.K1 * norm)
        return sorted(total, key=lambda key: (-total[key], key))[:limit]


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Corpus (id → title, body), questions (id → text), judgements (question → document → grade), and what was odd."""

    corpus: dict[str, tuple[str, str]]
    questions: dict[str, str]
    judgements: dict[str, dict[str, float]]
    remarks: tuple[str, ...]


def evaluation_set(
    corpus: Iterable[Mapping[str, Any]], questions: Iterable[Mapping[str, Any]], qrels: Iterable[Mapping[str, Any]]
) -> EvaluationSet:
    """Put three lists of records together. Ids may be numbers or texts; fields may be missing; what is odd is remarked."""
    remarks: Counter[str] = Counter()
    documents: dict[str, tuple[str, str]] = {}
    for row in corpus:
        _keep(documents, row, "id", (_text(row, "title"), _text(row, "body")), "corpus", remarks)
    asked: dict[str, str] = {}
    for row in questions:
        _keep(asked, row, "id", _text(row, "text"), "queries", remarks)
    judged: dict[str, dict[str, float]] = {question: {} for question in asked}
    for row in qrels:
        question, document = _id(row.get("query_id")), _id(row.get("doc_id"))
        if question not in asked:
            remarks["qrels: unknown query_id, left out"] += 1
        elif document not in documents:
            remarks["qrels: unknown doc_id, left out"] += 1
        else:
            judged[question][document] = max(_grade(row.get("grade", 1)), judged[question].get(document, 0.0))
    for grades in judged.values():
        if not any(grade > 0 for grade in grades.values()):
            remarks["queries: no document above grade 0, left out of the means"] += 1
    return EvaluationSet(documents, asked, judged, tuple(f"{text}: {count}" for text, count in sorted(remarks.items())))


def _keep(
    into: dict[str, Any], row: Mapping[str, Any], name: str, value: object, source: str, remarks: Counter[str]
) -> None:
    key = _id(row.get(name))
    if not key:
        remarks[f"{source}: no {name}, left out"] += 1
    elif key in into:
        remarks[f"{source}: {name} given twice, the first counts"] += 1
    else:
        into[key] = value


def _id(value: object) -> str:
    """Return an id as text: 7, 7.0 and "7" are one id."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _grade(value: object) -> float:
    """Return a grade as a number; one that is none says that somebody judged, so it counts as 1."""
    try:
        return max(float(str(value)), 0.0)
    except ValueError:
        return 1.0
