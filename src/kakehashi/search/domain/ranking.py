"""The ranking: BM25F over title and body for each idea of a question, then phrases, pairs of characters and coverage.

For an idea the ways it may stand in a text (word, other form, reading, synonym) count as one word of which the best way in
each text counts, and whose rarity is that of all its ways together: a rare synonym must not weigh more than what was
asked. Frequencies count visible texts only, so that a hidden text shifts nothing. Everything is arithmetic on columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .analysis import word_terms
from .query import Idea, Query
from .tokens import tokenise

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the ranking. Their origin is in docs/develop/search.md."""

    k1: float = 1.2
    title_b: float = 0.75
    body_b: float = 0.6
    title_weight: float = 2.5
    body_weight: float = 1.0
    phrase_weight: float = 0.4
    pair_weight: float = 0.2
    # What a text keeps that has none of the ideas: with 1 coverage would not matter.
    coverage_floor: float = 0.4
    # Of the score after the echo: how much the titles of the best texts of the first pass may add.
    echo_weight: float = 0.12
    # With a model: the share of its similarity in the final score, the rest is the ranking by words.
    similarity_share: float = 0.7


@dataclass(frozen=True, slots=True)
class Collection:
    """The texts a search runs over: which are visible, and the lengths of both fields in words, by position."""

    visible: Array
    title_length: Array
    body_length: Array


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a term stands: positions in the collection, ascending, with its counts in title and body."""

    positions: Array
    title: Array
    body: Array


Postings = Mapping[str, Occurrences]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one idea was found in one text: number of the idea, number of its way, whether in the title, its points."""

    idea: int
    way: int
    in_title: bool
    points: float


@dataclass(frozen=True, slots=True)
class Found:
    """One text with its score and the evidence, strongest first.

    Without evidence only pairs of characters were alike or, `by_meaning`, a model found it close.
    """

    position: int
    score: float
    evidence: tuple[Evidence, ...]
    by_meaning: bool = False


def find(
    query: Query,
    collection: Collection,
    look_up: Callable[[Iterable[str]], Postings],
    titles_of: Callable[[list[int]], Mapping[int, str]],
    limit: int,
    *,
    settings: Settings | None = None,
    similarities: Array | None = None,
) -> list[Found]:
    """Rank a collection: by words, then with the echo of the best titles, then with a model's similarities if given.

    `look_up` reads postings; `titles_of` gives the titles of positions (one that is gone may be missing).
    """
    ranking = Ranking(query, collection, look_up(query.terms), settings)
    scores = ranking.scores()
    # Few hits need no echo: there is nothing to reorder that the reader would not see anyway.
    if query.ideas and np.count_nonzero(scores) > ECHO_TEXTS:
        best = ranking.best(scores, ECHO_TEXTS)
        weights = echo_weights([(each.score, title) for each, title in _with_titles(best, titles_of)])
        scores = ranking.echoed(scores, weights, look_up(weights))
    if similarities is None:
        return ranking.best(scores, limit)
    found = ranking.best(ranking.fused(scores, similarities), limit)
    return [replace(each, by_meaning=not scores[each.position]) for each in found]


def _with_titles(
    found: Sequence[Found], titles_of: Callable[[list[int]], Mapping[int, str]]
) -> list[tuple[Found, str]]:
    titles = titles_of([each.position for each in found])
    return [(each, titles[each.position]) for each in found if each.position in titles]


def echo_weights(best: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return the words of the best titles, (score, title), with how strongly they stand there: the first count most."""
    weights: dict[str, float] = defaultdict(float)
    most = max((score for score, _ in best), default=0.0) or 1.0
    for score, title in best:
        words = [word_terms(token)[0] for token in tokenise(title)]
        for word in words:
            weights[word] += (score / most) ** 2 / len(words)
    kept = sorted(weights, key=lambda term: (-weights[term], term))[: 2 * ECHO_TERMS]
    return {term: weights[term] for term in kept}


class Ranking:
    """One question put to one collection."""

    def __init__(
        self, query: Query, collection: Collection, postings: Postings, settings: Settings | None = None
    ) -> None:
        self._query = query
        self._settings = settings or Settings()
        self._collection = collection
        self._postings = postings
        self._visible = self._restricted(collection.visible)
        self._count = int(np.count_nonzero(collection.visible))
        size = len(collection.visible)
        self._title_norm = self._norm(collection.title_length, self._settings.title_b)
        self._body_norm = self._norm(collection.body_length, self._settings.body_b)
        self.by_idea: list[Array] = []
        self.ways: list[Array] = []
        self._possible: list[float] = []
        self._size = size

    def scores(self) -> Array:
        """Return the score of every text, 0 for those that are hidden, excluded or have nothing of the question."""
        total = np.zeros(self._size, dtype=np.float32)
        for idea in self._query.ideas:
            points, way, possible = self._idea_points(idea)
            self.by_idea.append(points)
            self.ways.append(way)
            self._possible.append(possible)
            total += points
        found = total > 0
        pairs = self._sum_of(self._query.pairs)
        if not found.any():
            return pairs
        total *= self._coverage()
        total += self._settings.phrase_weight * self._sum_of(self._query.phrases)
        total += self._settings.pair_weight * pairs
        total[~found] = 0
        return total

    def best(self, scores: Array, limit: int) -> list[Found]:
        """Return the best texts, best first; of equals the one that was indexed first."""
        limit = min(limit, int(np.count_nonzero(scores)))
        if limit == 0:
            return []
        if limit < len(scores):
            worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
            candidates = np.flatnonzero(scores >= worst)
        else:
            candidates = np.flatnonzero(scores)
        order = candidates[np.argsort(-scores[candidates], kind="stable")][:limit]
        return [Found(int(p), float(scores[p]), self._evidence(int(p))) for p in order]

    def _evidence(self, position: int) -> tuple[Evidence, ...]:
        found = []
        for number, (points, ways) in enumerate(zip(self.by_idea, self.ways, strict=True)):
            if points[position] <= 0:
                continue
            way = int(ways[position])
            in_title = any(self._in_title(term, position) for term in self._query.ideas[number].alternatives[way].terms)
            found.append(Evidence(number, way, in_title, float(points[position])))
        return tuple(sorted(found, key=lambda each: -each.points))

    def _in_title(self, term: str, position: int) -> bool:
        where = self._postings[term]
        place = int(np.searchsorted(where.positions, position))
        return bool(place < len(where.positions) and where.positions[place] == position and where.title[place])

    def _restricted(self, visible: Array) -> Array:
        """Return which texts may be found: the visible ones that have every required and no excluded term."""
        allowed = visible
        for term in self._query.required:
            holds = np.zeros(len(visible), dtype=bool)
            if term in self._postings:
                holds[self._postings[term].positions] = True
            allowed = allowed & holds
        for term in self._query.excluded & self._postings.keys():
            allowed = allowed.copy()
            allowed[self._postings[term].positions] = False
        return allowed

    def _norm(self, lengths: Array, b: float) -> Array:
        mean = float(lengths[self._collection.visible].mean()) if self._count else 1.0
        return (1 - b + b * (lengths / max(mean, 1.0))).astype(np.float32)

    def _rarity(self, holders: int) -> float:
        return float(np.log(1 + (self._count - holders + 0.5) / (holders + 0.5)))

    def echoed(self, scores: Array, weights: Mapping[str, float], postings: Postings) -> Array:
        """Return the scores after the echo (pseudo relevance feedback): words of the best titles lift texts like them.

        `weights` says how strongly each term stands in those titles. Only texts that were found move.
        """
        worth = {
            term: weight * self._rarity(holders)
            for term, weight in weights.items()
            if (holders := len(self._saturation(term, postings)[0]))
        }
        kept = sorted(worth, key=lambda term: (-worth[term], term))[:ECHO_TERMS]
        added = np.zeros(self._size, dtype=np.float32)
        for term in kept:
            positions, earned = self._saturation(term, postings)
            added[positions] += worth[term] * self._rarity(len(positions)) * earned
        added[scores <= 0] = 0
        most = float(added.max(initial=0.0))
        return scores + self._settings.echo_weight * float(scores.max()) * added / most if most else scores

    def fused(self, scores: Array, similarities: Array) -> Array:
        """Return the scores of words and of a model's similarity as one; a text without a vector has no similarity.

        Both are brought to 0 to 1: words by the best score, similarity from the mean of what is visible to the best.
        """
        known = self._visible & ~np.isnan(similarities)
        if not known.any():
            return scores
        mean, most = float(similarities[known].mean()), float(similarities[known].max())
        close = np.zeros(self._size, dtype=np.float32)
        close[known] = np.clip((similarities[known] - mean) / max(most - mean, 1e-6), 0, 1)
        share = self._settings.similarity_share
        return (1 - share) * scores / max(float(scores.max(initial=0.0)), 1e-6) + share * close

    def _saturation(self, term: str, postings: Postings | None = None) -> tuple[Array, Array]:
        """Return the visible positions of a term and the share, 0 to k1 + 1, that its counts earn there."""
        where = (self._postings if postings is None else postings).get(term)
        if where is None:
            return _NOWHERE, _NOTHING
        # Hidden texts leave before anything is counted.
        kept = self._collection.visible[where.positions]
        positions = where.positions[kept]
        weight = (
            self._settings.title_weight * where.title[kept] / self._title_norm[positions]
            + self._settings.body_weight * where.body[kept] / self._body_norm[positions]
        )
        return positions, weight * (self._settings.k1 + 1) / (weight + self._settings.k1)

    def _idea_points(self, idea: Idea) -> tuple[Array, Array, float]:
        """Return the points of an idea for every text, the number of the way that earned them, and what it is worth."""
        best = np.zeros(self._size, dtype=np.float32)
        ways = np.zeros(self._size, dtype=np.uint8)
        sure = np.zeros(self._size, dtype=bool)
        for number, way in enumerate(idea.alternatives):
            positions, earned = self._way_points(way.terms)
            if not len(positions):
                continue
            earned = earned * way.factor
            better = earned > best[positions]
            best[positions[better]] = earned[better]
            ways[positions[better]] = number
            if way.factor > _SURE:
                sure[positions] = True
        holders = int(np.count_nonzero(sure)) or int(np.count_nonzero(best))
        worth = idea.weight * self._rarity(holders) if holders else 0.0
        best *= worth
        best[~self._visible] = 0
        return best, ways, worth

    def _way_points(self, terms: Sequence[str]) -> tuple[Array, Array]:
        """Return where all terms of a way stand, with the points of the weakest."""
        positions, earned = self._saturation(terms[0])
        for term in terms[1:]:
            others, more = self._saturation(term)
            positions, here, there = np.intersect1d(positions, others, assume_unique=True, return_indices=True)
            earned = np.minimum(earned[here], more[there])
        return positions, earned

    def _sum_of(self, terms: Sequence[str]) -> Array:
        """Return the plain BM25F sum of terms for every text that may be found."""
        total = np.zeros(self._size, dtype=np.float32)
        for term in terms:
            positions, earned = self._saturation(term)
            if len(positions):
                total[positions] += self._rarity(len(positions)) * earned
        total[~self._visible] = 0
        return total

    def _coverage(self) -> Array:
        """Return the factor for how much of the question a text speaks of, weighed by what each idea is worth."""
        floor, worth = self._settings.coverage_floor, sum(self._possible)
        covered = np.zeros(self._size, dtype=np.float32)
        for points, possible in zip(self.by_idea, self._possible, strict=True):
            covered[points > 0] += possible
        return floor + (1 - floor) * covered / (worth or 1.0)


ECHO_TEXTS = 10
ECHO_TERMS = 20
# Ways at least this sure decide how rare an idea is; readings alone do not, they meet too many strangers.
_SURE = 0.5
_NOWHERE = np.zeros(0, dtype=np.int64)
_NOTHING = np.zeros(0, dtype=np.float32)
