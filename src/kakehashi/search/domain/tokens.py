"""Cutting a text into words with the Sudachi dictionary.

The dictionary (`sudachidict-small`) is a memory-mapped file: processes share its pages, and a process that never searches
never opens it. Measured: 50 ms to open, about 3 MB of private memory for each process, the rest shared.
Indexing a year of a town reads 86 of its 110 MB; who indexed lets go of it (`let_go_of_dictionary`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from kakehashi.kernel.mapped_files import let_go_of

if TYPE_CHECKING:
    from sudachipy import Dictionary, Tokenizer

# Sudachi refuses more than 49,149 bytes at once; a Japanese character takes three, and room is left for emoji.
_CHUNK_CHARACTERS = 8_000
_SILENT_PARTS = frozenset(
    {"助詞", "助動詞", "補助記号", "記号", "空白", "接続詞", "感動詞", "連体詞", "代名詞", "接頭辞"}
)
_SILENT_DETAILS = frozenset({"非自立可能", "助動詞語幹"})
_DICTIONARY_FILE = "system.dic"
_local = threading.local()


class Part(IntEnum):
    """What kind of word it is, as far as searching cares: names tell most, adverbs least."""

    NOUN = 0
    NAME = 1
    VERB = 2
    ADJECTIVE = 3
    ADVERB = 4
    NUMBER = 5
    SUFFIX = 6


_PARTS = {
    "動詞": Part.VERB,
    "形容詞": Part.ADJECTIVE,
    "形状詞": Part.ADJECTIVE,
    "副詞": Part.ADVERB,
    "接尾辞": Part.SUFFIX,
}


@dataclass(frozen=True, slots=True)
class Token:
    """One meaningful word: where it stands in the text, its surface, its dictionary form and its reading (katakana)."""

    start: int
    end: int
    surface: str
    normalised: str
    reading: str
    part: Part = Part.NOUN

    @property
    def is_suffix(self) -> bool:
        """Whether the word only lives at the end of another (公民館 → 公民 + 館)."""
        return self.part is Part.SUFFIX


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def _tokenizer() -> Tokenizer:
    """Return this thread's tokenizer: a tokenizer is not safe to share between threads, the dictionary is.

    Mode A cuts the shortest units. Mode C's long units are the same with this dictionary; what long words tell beyond
    their parts is kept as pairs of neighbouring words (see `analysis`).
    """
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        from sudachipy import SplitMode

        tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
        _local.tokenizer = tokenizer
    return tokenizer


def storable(text: str) -> str:
    """Return a text that the analyser and PostgreSQL both take: lone surrogates become `?`, NUL a space. Positions stay."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def dictionary_is_loaded() -> bool:
    """Say whether this process has opened the dictionary (for `kakehashi doctor` and for the memory test)."""
    return _dictionary.cache_info().currsize > 0


def let_go_of_dictionary() -> None:
    """Keep nothing of the dictionary in this process's memory until the next text is cut."""
    if dictionary_is_loaded():
        let_go_of(_DICTIONARY_FILE)


@lru_cache(maxsize=2_000)
def _part(part: tuple[str, ...]) -> Part | None:
    """Return the kind of word of a part of speech, or None for one that says nothing (particles, する, punctuation)."""
    if part[0] in _SILENT_PARTS or part[1] in _SILENT_DETAILS:
        return None
    if part[0] == "名詞":
        return {"固有名詞": Part.NAME, "数詞": Part.NUMBER}.get(part[1], Part.NOUN)
    return _PARTS.get(part[0], Part.NOUN)


def tokenise(text: str) -> Iterator[Token]:
    """Yield the meaningful words of a text in order, in the shortest units (東京都 → 東京 + 都).

    Particles, auxiliaries, punctuation and empty verbs (する, いる, ある) are left out. A lone surrogate, which a hostile
    form can send, is replaced: the analyser refuses it.
    """
    clean = storable(text)
    for offset in range(0, len(clean), _CHUNK_CHARACTERS):
        for morpheme in _tokenizer().tokenize(clean[offset : offset + _CHUNK_CHARACTERS]):
            part = _part(morpheme.part_of_speech())
            if part is None or not (surface := morpheme.surface()).strip():
                continue
            yield Token(
                offset + morpheme.begin(),
                offset + morpheme.end(),
                surface,
                morpheme.normalized_form(),
                morpheme.reading_form(),
                part,
            )


def person_names(text: str) -> list[tuple[int, int]]:
    """Return where the dictionary sees names of people (family and given names), as (start, end), neighbours joined."""
    clean = storable(text)
    spans: list[tuple[int, int]] = []
    for offset in range(0, len(clean), _CHUNK_CHARACTERS):
        for morpheme in _tokenizer().tokenize(clean[offset : offset + _CHUNK_CHARACTERS]):
            if morpheme.part_of_speech()[2] != "人名":
                continue
            start, end = offset + morpheme.begin(), offset + morpheme.end()
            if spans and start - spans[-1][1] <= 1 and not clean[spans[-1][1] : start].strip(" 　・"):
                start = spans.pop()[0]
            spans.append((start, end))
    return spans
