"""Everyday words and the administration's words for the same thing, the built-in ones and a government's own.

A line of `thesaurus.txt` is a group: `ごみ、廃棄物` finds each by the other; `引っ越し＞転入届、転出届` finds the right side when
the left is asked for, not the reverse. A government's own groups are of the same two kinds, and of a third that switches
a pair off (`OFF`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from .analysis import pair_term, word_terms
from .tokens import Token, tokenise

BOTH_WAYS_FACTOR = 0.9
ONE_WAY_FACTOR = 0.75
MAX_WORDS = 40
_SEPARATOR = re.compile(r"\s*[、，,]\s*")
_ARROW = re.compile(r"[＞>]")


class GroupKind(StrEnum):
    """How the words of a group find each other."""

    SAME = "same"
    ONE_WAY = "one_way"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same. In a one-way group asking for one of `words` also finds each of `finds`."""

    kind: GroupKind
    words: tuple[str, ...]
    finds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A word or phrase to look for: how it is written, the terms that must all stand in a text, its factor."""

    text: str
    terms: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Match:
    """Words of a question, from token `first` to before token `last`, that the thesaurus knows, and what else they find."""

    first: int
    last: int
    expressions: tuple[Expression, ...]


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a list written with Japanese or Latin commas or line breaks, without empty ones and doubles."""
    words = (word.strip() for part in text.splitlines() for word in _SEPARATOR.split(part))
    return tuple(dict.fromkeys(word for word in words if word))


def parse_groups(lines: Iterable[str]) -> list[Group]:
    """Read groups from lines; empty lines and those that begin with # say nothing."""
    groups = []
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        left, *right = _ARROW.split(line, maxsplit=1)
        kind = GroupKind.ONE_WAY if right else GroupKind.SAME
        groups.append(Group(kind, split_words(left), split_words(right[0]) if right else ()))
    return groups


class Thesaurus:
    """Groups, ready to be looked up by the words of a question."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._finds: dict[tuple[str, ...], dict[str, Expression]] = {}
        self._longest = 1
        off = {
            (one, other)
            for group in groups
            if group.kind is GroupKind.OFF
            for one in map(_key, group.words)
            for other in map(_key, group.words)
        }
        for group in groups:
            if group.kind is GroupKind.SAME:
                self._add(group.words, group.words, BOTH_WAYS_FACTOR, off)
            elif group.kind is GroupKind.ONE_WAY:
                self._add(group.words, group.finds, ONE_WAY_FACTOR, off)

    def _add(
        self,
        words: Sequence[str],
        finds: Sequence[str],
        factor: float,
        off: set[tuple[tuple[str, ...], tuple[str, ...]]],
    ) -> None:
        for word in words[:MAX_WORDS]:
            key = _key(word)
            if not key:
                continue
            self._longest = max(self._longest, len(key))
            known = self._finds.setdefault(key, {})
            for other in finds[:MAX_WORDS]:
                other_key = _key(other)
                if other_key and other_key != key and (key, other_key) not in off:
                    before = known.get(other)
                    if before is None or before.factor < factor:
                        known[other] = Expression(other, _terms(other), factor)

    def matches(self, tokens: Sequence[Token]) -> list[Match]:
        """Return what the thesaurus knows of a question's words: the longest expressions first, without overlap."""
        keys = [word_terms(token)[0] for token in tokens]
        found: list[Match] = []
        place = 0
        while place < len(keys):
            size = next(
                (
                    size
                    for size in range(min(self._longest, len(keys) - place), 0, -1)
                    if tuple(keys[place : place + size]) in self._finds
                ),
                0,
            )
            if size:
                expressions = self._finds[tuple(keys[place : place + size])].values()
                found.append(Match(place, place + size, tuple(expressions)))
            place += size or 1
        return found


@lru_cache(maxsize=20_000)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(tokenise(text))


def _key(text: str) -> tuple[str, ...]:
    return tuple(word_terms(token)[0] for token in _tokens(text))


def _terms(text: str) -> tuple[str, ...]:
    """Return the terms that stand for an expression: its word, or each pair of its neighbouring words."""
    tokens = _tokens(text)
    if len(tokens) == 1:
        return (word_terms(tokens[0])[0],)
    return tuple(pair_term(tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1))


@lru_cache(maxsize=1)
def built_in_groups() -> tuple[Group, ...]:
    """Return the groups that come with the product."""
    return tuple(parse_groups((Path(__file__).parent / "thesaurus.txt").read_text(encoding="utf-8").splitlines()))


@lru_cache(maxsize=32)
def thesaurus(own: tuple[Group, ...] = (), *, with_built_in: bool = True) -> Thesaurus:
    """Return the thesaurus of a government: the built-in groups and its own, which may switch built-in pairs off."""
    return Thesaurus([*(built_in_groups() if with_built_in else ()), *own])
