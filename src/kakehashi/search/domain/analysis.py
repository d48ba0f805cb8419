"""From a text to weighted terms.

A term is one letter for its family, a colon and the folded word:
`w:` a dictionary word in its normalised form (引越し, 引っ越し and 引越 are one word), `r:` a reading in katakana,
`b:` two neighbouring characters, `p:` the beginning of a title (for suggestions while typing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from .folding import fold_term, fold_text
from .tokens import Token, storable, tokenise

MAX_TERM_CHARACTERS = 60
PREFIX_CHARACTERS = 12
TITLE_BOOST = 3
# A posting keeps a weight in two bytes; no text says more by saying a word more often than this.
MAX_WEIGHT = 1_000
# A page of 20,000 characters says what it is about well before its end; the index stays bounded whatever is pasted.
MAX_FIELD_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The terms of one text with their weights (occurrences × field boost) and its length in words."""

    terms: Mapping[str, int]
    length: int


def word_terms(token: Token) -> tuple[str, str | None]:
    """Return the word term of a token and its reading term, or None where the reading says nothing new."""
    word = fold_term(token.normalised)
    reading = fold_term(token.reading)
    return f"w:{word[:MAX_TERM_CHARACTERS]}", (f"r:{reading[:MAX_TERM_CHARACTERS]}" if reading else None)


def compound_reading_terms(tokens: list[Token]) -> set[str]:
    """Return readings of neighbouring words taken together, so that じどうてあて finds 児童手当."""
    found = set()
    for first, second in pairwise(tokens):
        if first.end == second.start and first.reading and second.reading:
            found.add(f"r:{fold_term(first.reading + second.reading)[:MAX_TERM_CHARACTERS]}")
    return found


def bigrams(text: str, *, with_hiragana: bool) -> Counter[str]:
    """Count pairs of neighbouring letters in each unbroken run of letters and digits.

    `with_hiragana=False` leaves out pairs of two hiragana: in running text they are particles and endings, a third of all
    pairs, and find nothing.
    """
    found: Counter[str] = Counter()
    for first, second in pairwise(text):
        if not (first.isalnum() and second.isalnum()):
            continue
        if not with_hiragana and _is_hiragana(first) and _is_hiragana(second):
            continue
        pair = fold_text(first + second)
        if "ー" not in pair:
            found[f"b:{pair}"] += 1
    return found


def _is_hiragana(character: str) -> bool:
    return "ぁ" <= character <= "ゟ"


def prefixes(title: str) -> set[str]:
    """Return the prefix terms of a title: as written and as read, from one character up."""
    readings = "".join(token.reading for token in tokenise(title))
    terms = set()
    for form in (fold_term(title.strip()), fold_term(readings)):
        terms |= {f"p:{form[:size]}" for size in range(1, min(len(form), PREFIX_CHARACTERS) + 1)}
    return terms


def analyse(title: str, fields: Mapping[str, str]) -> IndexedText:
    """Return the weighted terms of a document: words of the title count three times those of the other fields.

    `fields` maps a field's key to its text; the keys are not searched. Length counts words, title included.
    """
    weights: Counter[str] = Counter()
    length = 0
    for boost, whole, is_title in ((TITLE_BOOST, title, True), *((1, text, False) for text in fields.values())):
        text = storable(whole[:MAX_FIELD_CHARACTERS])
        tokens = list(tokenise(text))
        length += len(tokens)
        for token in tokens:
            word, reading = word_terms(token)
            weights[word] += boost
            if reading:
                weights[reading] += boost
        for term in compound_reading_terms(tokens):
            weights[term] += boost
        for term, count in bigrams(text, with_hiragana=is_title).items():
            weights[term] += boost * count
    for term in prefixes(storable(title[:MAX_FIELD_CHARACTERS])):
        weights[term] = 1
    return IndexedText(terms={term: min(weight, MAX_WEIGHT) for term, weight in weights.items()}, length=max(length, 1))
