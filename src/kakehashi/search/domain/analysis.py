"""From a text to counted terms.

A term is one letter for its family, a colon and the folded word:
`w:` a dictionary word in its normalised form (引越し, 引っ越し and 引越 are one word), in the shortest units; `r:` a reading in katakana; `n:` two neighbouring words (the phrase); `b:` two neighbouring
characters; `p:` the beginning of a title (for suggestions while typing).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from .folding import fold_term, fold_text
from .tokens import Token, storable, tokenise

MAX_TERM_CHARACTERS = 60
PREFIX_CHARACTERS = 12
# A posting keeps each count in one byte; no text says more by saying a word more often than this.
MAX_COUNT = 255
MAX_LENGTH = 65_535
# A page of 20,000 characters says what it is about well before its end; the index stays bounded whatever is pasted.
MAX_FIELD_CHARACTERS = 20_000
_BETWEEN_HIRAGANA = re.compile("(?<=[ぁ-ゟ])(?=[ぁ-ゟ])")
_BREAK = re.compile("[。．！？!?\\n、，,;；「」『』()（）]")
_NEAR_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class IndexedText:
    """How often each term stands in the title and in the body: term → (title, body); and both lengths in words."""

    terms: Mapping[str, tuple[int, int]]
    title_length: int
    body_length: int


def word_terms(token: Token) -> tuple[str, str | None]:
    """Return the word term of a token and its reading term, or None where there is no reading."""
    word = fold_term(token.normalised)
    reading = fold_term(token.reading)
    return f"w:{word[:MAX_TERM_CHARACTERS]}", (f"r:{reading[:MAX_TERM_CHARACTERS]}" if reading else None)


def pair_term(first: Token, second: Token) -> str:
    """Return the term of two neighbouring words."""
    half = MAX_TERM_CHARACTERS // 2
    return f"n:{fold_term(first.normalised)[:half]}_{fold_term(second.normalised)[:half]}"


def neighbours(text: str, tokens: list[Token]) -> list[tuple[Token, Token]]:
    """Return the words that stand side by side, with at most a particle or two and no punctuation between them."""
    return [
        (first, second)
        for first, second in pairwise(tokens)
        if second.start - first.end <= _NEAR_CHARACTERS and not _BREAK.search(text, first.end, second.start)
    ]


def compound_reading_terms(tokens: list[Token]) -> set[str]:
    """Return readings of neighbouring words taken together, so that じどうてあて finds 児童手当."""
    found = set()
    for first, second in pairwise(tokens):
        if first.end == second.start and first.reading and second.reading:
            found.add(f"r:{fold_term(first.reading + second.reading)[:MAX_TERM_CHARACTERS]}")
    return found


def bigrams(text: str, *, with_hiragana: bool) -> Counter[str]:
    """Count pairs of neighbouring letters in each unbroken run of letters and digits; long-vowel marks do not count.

    `with_hiragana=False` leaves out pairs of two hiragana: in running text they are particles and endings, a third of all
    pairs, and find nothing.
    """
    folded = fold_text(text if with_hiragana else _BETWEEN_HIRAGANA.sub(" ", text)).replace("ー", "")
    return Counter(f"b:{first}{second}" for first, second in pairwise(folded) if first.isalnum() and second.isalnum())


def prefixes(title: str, tokens: list[Token]) -> set[str]:
    """Return the prefix terms of a title: as written and as read, from one character up."""
    terms = set()
    for form in (fold_term(title.strip()[: PREFIX_CHARACTERS * 2]), fold_term("".join(t.reading for t in tokens[:8]))):
        terms |= {f"p:{form[:size]}" for size in range(1, min(len(form), PREFIX_CHARACTERS) + 1)}
    return terms


def analyse(title: str, fields: Mapping[str, str]) -> IndexedText:
    """Return the counted terms of a document. `fields` maps a field's key to its text; the keys are not searched."""
    title = storable(title[:MAX_FIELD_CHARACTERS])
    in_title, title_tokens = _counted(title, is_title=True)
    in_title.update(dict.fromkeys(prefixes(title, title_tokens), 1))
    in_body: Counter[str] = Counter()
    body_length = 0
    for text in fields.values():
        counts, tokens = _counted(storable(text[:MAX_FIELD_CHARACTERS]), is_title=False)
        in_body.update(counts)
        body_length += len(tokens)
    terms = {
        term: (min(in_title.get(term, 0), MAX_COUNT), min(in_body.get(term, 0), MAX_COUNT))
        for term in in_title.keys() | in_body.keys()
    }
    return IndexedText(terms, min(len(title_tokens), MAX_LENGTH), min(body_length, MAX_LENGTH))


def _counted(text: str, *, is_title: bool) -> tuple[Counter[str], list[Token]]:
    tokens = list(tokenise(text))
    counts: Counter[str] = Counter()
    for token in tokens:
        word, reading = word_terms(token)
        counts[word] += 1
        if reading:
            counts[reading] += 1
    for first, second in neighbours(text, tokens):
        counts[pair_term(first, second)] += 1
    counts.update(compound_reading_terms(tokens))
    counts.update(bigrams(text, with_hiragana=is_title))
    return counts, tokens
