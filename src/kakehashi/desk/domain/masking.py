"""Finding what could name a person before a text leaves the building.

The machine only finds and proposes; a person looks at each finding. What certainly names somebody (a mail address, a telephone
number, a long number) can be masked, never kept. What may be a false alarm (a word that is also a family name, a place) may be
kept, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class FindingKind(StrEnum):
    """What a finding looks like."""

    MAIL = "mail"
    PHONE = "phone"
    NUMBER = "number"
    POSTCODE = "postcode"
    ADDRESS = "address"
    NAME = "name"


LABELS = {
    FindingKind.MAIL: "メールアドレス",
    FindingKind.PHONE: "電話番号",
    FindingKind.NUMBER: "番号",
    FindingKind.POSTCODE: "郵便番号",
    FindingKind.ADDRESS: "住所",
    FindingKind.NAME: "氏名",
}
REPLACEMENTS = {
    FindingKind.MAIL: "（メールアドレス）",
    FindingKind.PHONE: "（電話番号）",
    FindingKind.NUMBER: "（番号）",
    FindingKind.POSTCODE: "（郵便番号）",
    FindingKind.ADDRESS: "（住所）",
    FindingKind.NAME: "（氏名）",
}
_KEEPABLE = frozenset({FindingKind.NAME, FindingKind.ADDRESS, FindingKind.POSTCODE})

_D = r"[0-9０-９]"
_H = r"[-‐‑‒–—―−－ー()()\s]"
_NOT_DIGIT_BEFORE, _NOT_DIGIT_AFTER = rf"(?<!{_D})", rf"(?!{_D})"
_PATTERNS: tuple[tuple[FindingKind, re.Pattern[str]], ...] = (
    (FindingKind.MAIL, re.compile(r"[A-Za-z0-9._%+\-Ａ-Ｚａ-ｚ０-９．]+[@＠][A-Za-z0-9.\-Ａ-Ｚａ-ｚ０-９．]+")),
    (
        FindingKind.PHONE,
        re.compile(
            rf"{_NOT_DIGIT_BEFORE}[0０]{_D}{{1,4}}{_H}{{1,2}}{_D}{{1,4}}{_H}{{1,2}}{_D}{{3,4}}{_NOT_DIGIT_AFTER}"
        ),
    ),
    (FindingKind.PHONE, re.compile(rf"{_NOT_DIGIT_BEFORE}[0０]{_D}{{9,10}}{_NOT_DIGIT_AFTER}")),
    # 12 digits may be a マイナンバー, 10 to 16 an account, a card, an insured person's number.
    (
        FindingKind.NUMBER,
        re.compile(rf"{_NOT_DIGIT_BEFORE}{_D}{{4}}{_H}?{_D}{{4}}{_H}?{_D}{{4}}(?:{_H}?{_D}{{1,4}})?{_NOT_DIGIT_AFTER}"),
    ),
    (FindingKind.NUMBER, re.compile(rf"{_NOT_DIGIT_BEFORE}{_D}{{7,16}}{_NOT_DIGIT_AFTER}")),
    (FindingKind.POSTCODE, re.compile(rf"〒?\s?{_NOT_DIGIT_BEFORE}{_D}{{3}}[-‐−－ー]{_D}{{4}}{_NOT_DIGIT_AFTER}")),
    (
        FindingKind.ADDRESS,
        re.compile(
            rf"(?:[一-龠々ヶケ]{{1,4}}[都道府県])?(?:[一-龠々ぁ-んァ-ヶ]{{1,6}}[市区町村郡])?[一-龠々ぁ-んァ-ヶー]{{1,10}}"
            rf"(?:{_D}|[一二三四五六七八九十]){{1,4}}(?:丁目|番地|番|号|[-‐−－]{_D}{{1,4}})"
            rf"(?:(?:{_D}|[一二三四五六七八九十]){{1,4}}|丁目|番地|番|号|の|[-‐−－])*"
        ),
    ),
    # A name before an honorific: the family name as kanji, the honorific stays.
    (
        FindingKind.NAME,
        re.compile(r"[一-龠々ヶ]{1,4}[\s　]?[一-龠々ぁ-んァ-ヶ]{0,4}(?=(?:さん|様|氏|くん|ちゃん|殿)(?![々一-龠]))"),
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that could name a person: the field, where in it, and what it would become."""

    field: str
    start: int
    end: int
    text: str
    kind: FindingKind

    @property
    def key(self) -> str:
        """A short name that stays the same while the text at this place does: decisions are kept under it."""
        return sha256(f"{self.field}\0{self.kind}\0{self.text}".encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The Japanese name of the kind."""
        return LABELS[self.kind]

    @property
    def replacement(self) -> str:
        """What would stand instead."""
        return REPLACEMENTS[self.kind]

    @property
    def may_keep(self) -> bool:
        """Whether a person may decide to leave it: only where the machine can be wrong."""
        return self.kind in _KEEPABLE


def _no_names(text: str) -> list[tuple[int, int]]:
    return []


def find_personal(
    fields: Mapping[str, str],
    *,
    known_names: Iterable[str] = (),
    name_spans: Callable[[str], list[tuple[int, int]]] = _no_names,
) -> list[Finding]:
    """Return everything in the fields that could name a person, by field and place, without overlap.

    `known_names` are names that certainly are people's here (the staff, the person who asked); `name_spans` is the
    dictionary's view of names. The same word in two places of a field gives two findings with one key: one decision
    covers both.
    """
    names = sorted({name for name in known_names if len(name) >= 2}, key=len, reverse=True)
    found: list[Finding] = []
    for field, text in fields.items():
        spans: list[tuple[int, int, FindingKind]] = []
        for kind, pattern in _PATTERNS:
            spans += [(*match.span(), kind) for match in pattern.finditer(text) if match.group().strip()]
        for name in names:
            spans += [(m.start(), m.end(), FindingKind.NAME) for m in re.finditer(re.escape(name), text)]
        spans += [(start, end, FindingKind.NAME) for start, end in name_spans(text) if end - start > 1]
        found += [Finding(field, start, end, text[start:end], kind) for start, end, kind in _without_overlap(spans)]
    return found


def _without_overlap(spans: list[tuple[int, int, FindingKind]]) -> list[tuple[int, int, FindingKind]]:
    """Keep the certain kinds first (the order of the enum), then the longer; return by place."""
    order = list(FindingKind)
    kept: list[tuple[int, int, FindingKind]] = []
    for start, end, kind in sorted(spans, key=lambda s: (order.index(s[2]), s[0] - s[1])):
        if all(end <= left or right <= start for left, right, _ in kept):
            kept.append((start, end, kind))
    return sorted(kept)


def mask_text(text: str, findings: Iterable[Finding]) -> str:
    """Return a text with the findings replaced. Findings of other fields must not be passed."""
    for finding in sorted(findings, key=lambda f: f.start, reverse=True):
        text = text[: finding.start] + finding.replacement + text[finding.end :]
    return text


def undecided(findings: Iterable[Finding], decisions: Mapping[str, str]) -> list[Finding]:
    """Return the findings that still bar the way out: not masked, and not kept by a decision that may be taken.

    `decisions` maps a finding's key to `keep` or `mask`. Whatever is still found in a text that is about to leave is by
    definition not masked, so only a permitted `keep` lets it pass.
    """
    return [f for f in findings if not (f.may_keep and decisions.get(f.key) == "keep")]
