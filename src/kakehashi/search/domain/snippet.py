"""Showing why a text was found: the piece around the hits, and one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from .analysis import neighbours, pair_term, word_terms
from .folding import fold_text
from .query import How, Query
from .ranking import Evidence, Found
from .tokens import tokenise

SNIPPET_CHARACTERS = 110


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet; `is_hit` parts are shown marked."""

    text: str
    is_hit: bool


def hit_spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where the words of the query stand in a text, as (start, end), in order and without overlap.

    Words are compared by dictionary form and reading, so 引越し is found where the text says 引っ越し. Where no word
    fits, runs of characters of the query are looked for as they are written.
    """
    ways = [way for idea in query.ideas for way in idea.alternatives]
    wanted = {way.terms[0] for way in ways if len(way.terms) == 1}
    phrases = {term for way in ways if len(way.terms) > 1 or way.terms[0].startswith("n:") for term in way.terms}
    tokens = list(tokenise(text))
    # The suffix belongs to the word people know: 公民館 is marked whole, not 公民 alone.
    suffix_end = {token.start: token.end for token in tokens if token.is_suffix}
    spans = [
        (token.start, suffix_end.get(token.end, token.end))
        for token in tokens
        if not wanted.isdisjoint(term for term in word_terms(token) if term)
    ]
    if phrases:
        spans += [(a.start, b.end) for a, b in neighbours(text, tokens) if pair_term(a, b) in phrases]
    return _merged(sorted(spans)) or _plain_spans(text, query)


def _plain_spans(text: str, query: Query) -> list[tuple[int, int]]:
    folded = fold_text(text)
    if len(folded) != len(
        text
    ):  # Positions would not fit (㈱ becomes three letters): show no mark rather than a wrong one.
        return []
    spans = []
    for surface in (*query.concepts, query.text):
        start = folded.find(fold_text(surface)) if surface else -1
        if start >= 0:
            spans.append((start, start + len(fold_text(surface))))
    return _merged(sorted(spans))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def snippet(text: str, query: Query, size: int = SNIPPET_CHARACTERS) -> list[Piece]:
    """Return the stretch of about `size` characters with most hits, cut into marked and plain pieces."""
    text = " ".join(text.split())
    spans = _merged(hit_spans(text[:4_000], query))
    start = _best_start(spans, size)
    end = min(len(text), start + size)
    pieces = [Piece("…", False)] if start else []
    position = start
    for left, right in spans:
        if left < position or right > end:
            continue
        if left > position:
            pieces.append(Piece(text[position:left], False))
        pieces.append(Piece(text[left:right], True))
        position = right
    if position < end:
        pieces.append(Piece(text[position:end], False))
    return [*pieces, Piece("…", False)] if end < len(text) else pieces


def _best_start(spans: list[tuple[int, int]], size: int) -> int:
    """Return where to begin so that most hits fit, with a little text before the first."""
    best, best_count = 0, 0
    for left, _ in spans:
        begin = max(0, left - size // 6)
        count = sum(begin <= start and end <= begin + size for start, end in spans)
        if count > best_count:
            best, best_count = begin, count
    return best


def explain_match(query: Query, found: Found) -> str:
    """Return the sentence under a hit: which words of the question stand in the text, and which stand there as others."""
    if not found.evidence:
        return "意味が近い文章です" if found.by_meaning else "似た文字の並びがあります"
    plain: list[str] = []
    others: list[str] = []
    for each in sorted(found.evidence, key=lambda each: each.idea):
        idea = query.ideas[each.idea]
        way = idea.alternatives[each.way]
        if way.how is How.SYNONYM:
            others.append(f"「{idea.surface}」は「{way.label}」として")
        else:
            plain.append(idea.surface)
    said = ["「" + "」「".join(plain[:5]) + "」が"] if plain else []
    return "、".join([*said, *others[:3]]) + "一致"


def explain_evidence(query: Query, evidence: Evidence) -> str:
    """Return how one idea was found, in Japanese."""
    way = query.ideas[evidence.idea].alternatives[evidence.way]
    return {
        How.WORD: "同じ言葉",
        How.FORM: f"「{way.label}」（語の形が違う）",
        How.READING: "同じ読み",
        How.SYNONYM: f"「{way.label}」（同義語）",
    }[way.how]
