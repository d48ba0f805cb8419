"""Synonym groups as rows of a file: what is written, and reading what somebody wrote in a spreadsheet program."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from kakehashi.kernel.encodings import decode_text

from .thesaurus import MAX_WORDS, GroupKind, split_words

COLUMNS = ("種類", "言葉", "見つける言葉", "メモ", "使う")
KIND_LABELS = {GroupKind.SAME: "同じ意味", GroupKind.ONE_WAY: "片方向", GroupKind.OFF: "同じとみなさない"}
MAX_WORD_CHARACTERS = 60
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}
_NO = {"いいえ", "×", "0", "off", "no", "使わない"}


class BadSynonyms(ValueError):
    """What was written is no synonym group. The message is Japanese and says what to do; `field` names the input."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class SynonymRow:
    """One group as it is written."""

    kind: GroupKind
    words: tuple[str, ...]
    finds: tuple[str, ...]
    note: str
    is_on: bool


def checked(kind: GroupKind, words: str, finds: str, note: str, *, is_on: bool) -> SynonymRow:
    """Return a group from what was typed. Raises BadSynonyms."""
    left, right = split_words(words), split_words(finds) if kind is GroupKind.ONE_WAY else ()
    if len(left) < (1 if kind is GroupKind.ONE_WAY else 2):
        least = "1つ" if kind is GroupKind.ONE_WAY else "2つ"
        raise BadSynonyms(f"言葉を{least}以上、「、」で区切って入力してください。", "words")
    if kind is GroupKind.ONE_WAY and not right:
        raise BadSynonyms("片方向のときは、見つける言葉を入力してください。", "finds")
    if max(len(left), len(right)) > MAX_WORDS:
        raise BadSynonyms(f"一つの組に入れられる言葉は{MAX_WORDS}までです。", "words")
    if too_long := next((word for word in (*left, *right) if len(word) > MAX_WORD_CHARACTERS), None):
        raise BadSynonyms(f"「{too_long[:20]}…」が長すぎます。{MAX_WORD_CHARACTERS}字までにしてください。", "words")
    return SynonymRow(kind, left, right, note.strip()[:200], is_on)


def as_row(row: SynonymRow) -> tuple[str, str, str, str, str]:
    """Return a group as the cells of a file."""
    return (
        KIND_LABELS[row.kind],
        "、".join(row.words),
        "、".join(row.finds),
        row.note,
        "はい" if row.is_on else "いいえ",
    )


def read_csv(content: bytes) -> Iterator[SynonymRow]:
    """Yield the groups of a CSV file in UTF-8 or Shift_JIS with the headings above. Raises BadSynonyms with the line."""
    text, _ = decode_text(content, refuse=BadSynonyms)
    reader = csv.DictReader(StringIO(text.replace("\x00", "")))
    try:
        missing = [name for name in COLUMNS[:2] if name not in (reader.fieldnames or ())]
        if missing:
            raise BadSynonyms(
                f"見出し「{'」「'.join(missing)}」がありません。書き出したファイルの形に合わせてください。"
            )
        for row in reader:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(cells.values()):
                yield _read_row(cells, reader.line_num)
    except csv.Error as error:
        raise BadSynonyms(f"{reader.line_num}行目を CSV として読めません。") from error


def _read_row(cells: dict[str, str], line: int) -> SynonymRow:
    kind = _KINDS.get(cells["種類"] or "同じ意味")
    if kind is None:
        raise BadSynonyms(f"{line}行目：種類「{cells['種類'][:20]}」は、{'・'.join(_KINDS)}のどれかにしてください。")
    try:
        is_on = cells["使う"].casefold() not in _NO
        return checked(kind, cells["言葉"], cells["見つける言葉"], cells["メモ"], is_on=is_on)
    except BadSynonyms as error:
        raise BadSynonyms(f"{line}行目：{error}") from error
