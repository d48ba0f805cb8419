"""What a person typed, as weighted ideas with the ways each may stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .analysis import (
    MAX_TERM_CHARACTERS,
    PREFIX_CHARACTERS,
    bigrams,
    compound_reading_terms,
    neighbours,
    pair_term,
    word_terms,
)
from .folding import fold_term
from .frames import without_frames, word_weight
from .thesaurus import Expression, Match, Thesaurus
from .tokens import Part, Token, storable, tokenise

READING_FACTOR = 0.35
KANA_READING_FACTOR = 0.8
FORM_FACTOR = 0.85
MAX_QUERY_CHARACTERS = 400
MAX_IDEAS = 24
MAX_ALTERNATIVES = 24
MAX_PAIRS = 40
# Shorter questions are names and catchwords: there even pairs of hiragana tell something.
_SHORT = 12
_PHRASE = re.compile(r"[「\"“]([^」\"”]+)[」\"”]")
_EXCLUSION = re.compile(r"(?:^|[\s　])[-－]([^\s　]+)")
_KANA_RUN = re.compile(r"[ぁ-ゖァ-ヺー]{2,12}")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{2,}")
_U_ROW, _I_ROW = "うくぐすつぬぶむる", "いきぎしちにびみり"
_TO_NOUN = dict(zip(_U_ROW, _I_ROW, strict=True))
_TO_VERB = dict(zip(_I_ROW, _U_ROW, strict=True))
_E_ROW = "えけげせてねべめれ"


class How(StrEnum):
    """In which way an idea of the question was found in a text."""

    WORD = "word"
    FORM = "form"
    READING = "reading"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which an idea may stand in a text: all of `terms` must be there. `label` is how it is written."""

    terms: tuple[str, ...]
    factor: float
    how: How
    label: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of a question: how it was written, how much it tells (0 to 1), the ways it may stand in a text."""

    surface: str
    weight: float
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question. `phrases` are its neighbouring words, `pairs` its neighbouring characters with their counts."""

    text: str
    ideas: tuple[Idea, ...] = ()
    phrases: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    excluded: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        """A query without a single searchable term finds nothing, never everything."""
        return not self.ideas and not self.pairs

    @property
    def concepts(self) -> tuple[str, ...]:
        """The ideas as they were written."""
        return tuple(idea.surface for idea in self.ideas)

    @property
    def terms(self) -> set[str]:
        """Every term that has to be looked up."""
        words = {term for idea in self.ideas for way in idea.alternatives for term in way.terms}
        return words.union(self.phrases, self.pairs, self.required, self.excluded)


def parse_query(text: str, thesaurus: Thesaurus | None = None) -> Query:
    """Read a question. `「…」` or quotes ask for the exact run of characters, a leading `-` excludes a word.

    Anything may be passed: control characters, lone surrogates and over-long input are cut or dropped, never an error.
    """
    clean = storable("".join(c if c.isprintable() else " " for c in text[:MAX_QUERY_CHARACTERS]))
    excluded: set[str] = set()
    for word in _EXCLUSION.findall(clean):
        excluded |= {word_terms(token)[0] for token in tokenise(word)}
    clean = _EXCLUSION.sub(" ", clean)
    required: set[str] = set()
    for phrase in _PHRASE.findall(clean):
        required |= set(bigrams(phrase, with_hiragana=False))
    clean = _PHRASE.sub(lambda match: f" {match.group(1)} ", clean)
    # Who types nothing but a frame (「お知らせ」) means the word.
    subject = without_frames(clean)
    if not any(True for _ in tokenise(subject)):
        subject = clean
    tokens = list(tokenise(subject))
    pairs = list(bigrams(subject, with_hiragana=len(subject) <= _SHORT))[:MAX_PAIRS]
    return Query(
        text=text.strip(),
        ideas=tuple(_ideas(subject, tokens, thesaurus)),
        phrases=tuple(dict.fromkeys(pair_term(*pair) for pair in neighbours(subject, tokens)))[:MAX_PAIRS],
        pairs=tuple(pairs),
        required=frozenset(required),
        excluded=frozenset(excluded),
    )


def _ideas(text: str, tokens: list[Token], thesaurus: Thesaurus | None) -> list[Idea]:
    """Return the ideas of a question, those that occur twice once, the first `MAX_IDEAS`.

    A suffix alone (書, 都) is no idea, unless it is all that was typed. Kana that the dictionary cut in a strange place
    (こそだて → こそ + だて) are one idea, sought by reading.
    """
    spans, found = _kana_ideas(text, tokens)
    synonyms = thesaurus.matches(tokens) if thesaurus else []
    by_token = {match.first: match for match in synonyms if match.last - match.first == 1}
    known = {(tokens[first].start, tokens[first].end): match for first, match in by_token.items()}
    found = [
        (start, _with_synonyms(idea, known[start, start + len(idea.surface)].expressions))
        if (start, start + len(idea.surface)) in known
        else (start, idea)
        for start, idea in found
    ]
    only_suffixes = all(token.is_suffix for token in tokens)
    for place, token in enumerate(tokens):
        if (token.is_suffix and not only_suffixes) or any(start <= token.start < end for start, end in spans):
            continue
        idea = _word_idea(text, place, tokens)
        if place in by_token:
            idea = _with_synonyms(idea, by_token[place].expressions)
        found.append((token.start, idea))
    for match in synonyms:
        if match.last - match.first > 1:
            found.append((tokens[match.first].start, _phrase_idea(text, tokens[match.first : match.last], match)))
    ideas: dict[str, Idea] = {}
    for _, idea in sorted(found, key=lambda pair: pair[0]):
        ideas.setdefault(idea.surface, idea)
    return list(ideas.values())[:MAX_IDEAS]


def _word_idea(text: str, place: int, tokens: list[Token]) -> Idea:
    token = tokens[place]
    # A suffix is no idea of its own, but people know the word with it: 公民館, not 公民.
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    end = following.end if following and following.is_suffix and following.start == token.end else token.end
    word, reading = word_terms(token)
    label = token.surface
    ways = {word: Alternative((word,), 1.0, How.WORD, label)}
    for form in _other_forms(token):
        ways.setdefault(form, Alternative((form,), FORM_FACTOR, How.FORM, form[2:]))
    if reading and len(reading) > len("r:ア"):
        factor = KANA_READING_FACTOR if _KANA.fullmatch(token.surface) else READING_FACTOR
        ways.setdefault(reading, Alternative((reading,), factor, How.READING, label))
    return Idea(text[token.start : end], word_weight(token), tuple(ways.values()))


def _other_forms(token: Token) -> Iterator[str]:
    """Yield the noun of a verb (届ける → 届け, 引っ越す → 引っ越し) and the verbs a noun may come from."""
    word = token.normalised
    if len(word) < 2:
        return
    forms: list[str] = []
    if token.part is Part.VERB:
        if word[-1] == "る":
            forms.append(word[:-1])
        if word[-1] in _TO_NOUN:
            forms.append(word[:-1] + _TO_NOUN[word[-1]])
    elif token.part is Part.NOUN and not _KANA.fullmatch(word):
        if word[-1] in _TO_VERB:
            forms.append(word[:-1] + _TO_VERB[word[-1]])
        if word[-1] in _E_ROW:
            forms.append(word + "る")
    for form in forms:
        if not _KANA.fullmatch(form):
            yield f"w:{fold_term(form)[:MAX_TERM_CHARACTERS]}"


def _with_synonyms(idea: Idea, expressions: tuple[Expression, ...]) -> Idea:
    known = {way.terms for way in idea.alternatives}
    ways = [
        Alternative(each.terms, each.factor, How.SYNONYM, each.text) for each in expressions if each.terms not in known
    ]
    return replace(idea, alternatives=(*idea.alternatives, *ways)[:MAX_ALTERNATIVES])


def _phrase_idea(text: str, tokens: list[Token], match: Match) -> Idea:
    """Return the idea of several words together (子ども手当), which the thesaurus knows under other names."""
    surface = text[tokens[0].start : tokens[-1].end]
    terms = tuple(pair_term(tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1))
    idea = Idea(surface, 1.0, (Alternative(terms, 1.0, How.WORD, surface),))
    return _with_synonyms(idea, match.expressions)


def _kana_ideas(text: str, tokens: list[Token]) -> tuple[list[tuple[int, int]], list[tuple[int, Idea]]]:
    """Return the runs of kana that are whole typed words with their ideas; words inside them are no ideas of their own.

    A run in which the dictionary sees more than one word with something between (ひっこしをしたい) is a sentence.
    """
    spans: list[tuple[int, int]] = []
    ideas: list[tuple[int, Idea]] = []
    for start, end in (match.span() for match in _KANA_RUN.finditer(text)):
        if not _stands_alone(text, start, end):
            continue
        run = fold_term(text[start:end])[:MAX_TERM_CHARACTERS]
        inside = [token for token in tokens if start <= token.start and token.end <= end]
        # A kana word is its own reading, so the reading is no weaker evidence than the word.
        ways = {f"w:{run}": How.WORD, f"r:{run}": How.READING}
        if len(inside) == 1 and (inside[0].start, inside[0].end) == (start, end):
            ways = {word_terms(inside[0])[0]: How.WORD, **ways}
        alternatives = [Alternative((term,), 1.0, how, text[start:end]) for term, how in ways.items()]
        for term in compound_reading_terms(inside) - ways.keys():
            alternatives.append(Alternative((term,), READING_FACTOR, How.READING, text[start:end]))
        ideas.append((start, Idea(text[start:end], 1.0, tuple(alternatives))))
        if sum(token.end - token.start for token in inside) == end - start:
            spans.append((start, end))
    return spans, ideas


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a run of kana is a whole typed word, not the ending of one (引っ越し has kana after kanji)."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not before.isalnum() and not after.isalnum()


def prefix_term(text: str) -> str:
    """Return the term that finds titles beginning with what has been typed so far, or an empty string."""
    folded = fold_term(storable(text[:MAX_QUERY_CHARACTERS]))[:PREFIX_CHARACTERS]
    return f"p:{folded}" if folded else ""
