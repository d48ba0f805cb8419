"""What a person typed, as weighted alternatives for each idea in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .analysis import MAX_TERM_CHARACTERS, PREFIX_CHARACTERS, bigrams, compound_reading_terms, word_terms
from .folding import fold_term
from .tokens import Token, storable, tokenise

WORD_FACTOR = 1.0
READING_FACTOR = 0.55
BIGRAM_FACTOR = 0.12
MAX_QUERY_CHARACTERS = 400
MAX_CONCEPTS = 24
MAX_BIGRAMS = 40
_PHRASE = re.compile(r"[「\"“]([^」\"”]+)[」\"”]")
_EXCLUSION = re.compile(r"(?:^|[\s　])[-－]([^\s　]+)")
_KANA_RUN = re.compile(r"[ぁ-ゖァ-ヺー]{2,}")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One way in which an idea may stand in a text. `concept` numbers the idea; bigrams all share concept −1."""

    term: str
    concept: int
    factor: float


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: its terms, the surfaces of its ideas (for explanation), required and excluded terms."""

    text: str
    terms: tuple[QueryTerm, ...] = ()
    concepts: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    excluded: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        """A query without a single searchable term finds nothing, never everything."""
        return not self.terms

    @property
    def by_word(self) -> tuple[QueryTerm, ...]:
        """The terms that are words or readings."""
        return tuple(term for term in self.terms if term.concept >= 0)

    @property
    def by_pair(self) -> tuple[QueryTerm, ...]:
        """The terms that are pairs of characters: asked only when no word is found."""
        return tuple(term for term in self.terms if term.concept < 0)


def parse_query(text: str) -> Query:
    """Read a query. `「…」` or quotes ask for the exact run of characters, a leading `-` excludes a word.

    Anything may be passed: control characters, lone surrogates and over-long input are cut or dropped, never an error.
    """
    clean = "".join(c if c.isprintable() else " " for c in text[:MAX_QUERY_CHARACTERS])
    clean = storable(clean)
    excluded: set[str] = set()
    for word in _EXCLUSION.findall(clean):
        excluded |= {word_terms(token)[0] for token in tokenise(word)}
    clean = _EXCLUSION.sub(" ", clean)
    required: set[str] = set()
    for phrase in _PHRASE.findall(clean):
        required |= set(bigrams(phrase, with_hiragana=False))
    clean = _PHRASE.sub(lambda match: f" {match.group(1)} ", clean)
    concepts, terms = _concepts(clean)
    pairs = [QueryTerm(pair, -1, BIGRAM_FACTOR) for pair in list(bigrams(clean, with_hiragana=True))[:MAX_BIGRAMS]]
    return Query(text.strip(), tuple(terms + pairs), tuple(concepts), frozenset(required), frozenset(excluded))


def _concepts(text: str) -> tuple[list[str], list[QueryTerm]]:
    """Return the surfaces of the ideas in a query and the alternatives for each.

    A suffix alone (書, 都) is no idea, unless it is all that was typed. Kana that the dictionary cut in a strange place
    (こそだて → こそ + だて) are one idea, sought by reading.
    """
    surfaces: list[str] = []
    terms: list[QueryTerm] = []
    tokens = list(tokenise(text))
    for start, end, alternatives in _ideas(text, tokens):
        if len(surfaces) >= MAX_CONCEPTS or text[start:end] in surfaces:
            continue
        for term, factor in alternatives:
            terms.append(QueryTerm(term, len(surfaces), factor))
        surfaces.append(text[start:end])
    return surfaces, terms


def _ideas(text: str, tokens: list[Token]) -> Iterator[tuple[int, int, list[tuple[str, float]]]]:
    whole_kana = [match.span() for match in _KANA_RUN.finditer(text) if _stands_alone(text, *match.span())]
    for start, end in whole_kana:
        run = fold_term(text[start:end])[:MAX_TERM_CHARACTERS]
        inside = [token for token in tokens if start <= token.start and token.end <= end]
        # A kana word is its own reading, so the reading is no weaker evidence than the word.
        alternatives = {f"r:{run}": WORD_FACTOR, f"w:{run}": WORD_FACTOR}
        if len(inside) == 1:
            alternatives[word_terms(inside[0])[0]] = WORD_FACTOR
        for term in compound_reading_terms(inside):
            alternatives.setdefault(term, READING_FACTOR)
        yield start, end, list(alternatives.items())
    ideas = [token for token in tokens if not token.is_suffix] or tokens
    # A suffix is no idea of its own, but people know the word with it: 公民館, not 公民.
    suffix_end = {token.start: token.end for token in tokens if token.is_suffix}
    for token in ideas:
        if any(start <= token.start and token.end <= end for start, end in whole_kana):
            continue
        word, reading = word_terms(token)
        yield (
            token.start,
            suffix_end.get(token.end, token.end),
            [(word, WORD_FACTOR), *([(reading, READING_FACTOR)] if reading else [])],
        )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a run of kana is a whole typed word, not the ending of one (引っ越し has kana after kanji)."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not before.isalnum() and not after.isalnum()


def prefix_term(text: str) -> str:
    """Return the term that finds titles beginning with what has been typed so far, or an empty string."""
    folded = fold_term(storable(text[:MAX_QUERY_CHARACTERS]))[:PREFIX_CHARACTERS]
    return f"p:{folded}" if folded else ""
