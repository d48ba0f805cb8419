"""Reading a personnel order (人事異動) from CSV, in UTF-8 (with or without BOM) or Shift_JIS (cp932)."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.kernel.encodings import decode_text

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000


class Order(StrEnum):
    """Kinds of order (発令)."""

    TRANSFER = "transfer"
    CONCURRENT = "concurrent"
    RELEASE = "release"
    HIRE = "hire"
    LEAVE = "leave"

    @property
    def label(self) -> str:
        """The Japanese word, as written in the file."""
        return _ORDER_LABELS[self]


_ORDER_LABELS = {
    Order.TRANSFER: "異動",
    Order.CONCURRENT: "兼務",
    Order.RELEASE: "兼務解除",
    Order.HIRE: "採用",
    Order.LEAVE: "退職",
}
_ORDER_WORDS = {label: order for order, label in _ORDER_LABELS.items()} | {
    "配置換": Order.TRANSFER,
    "昇任": Order.TRANSFER,
    "併任": Order.CONCURRENT,
    "併任解除": Order.RELEASE,
    "兼務免": Order.RELEASE,
    "新採": Order.HIRE,
    "新規採用": Order.HIRE,
    "転出": Order.LEAVE,
}

COLUMNS = ("職員番号", "氏名", "カナ", "メール", "発令", "所属コード", "職名", "順位")
_REQUIRED = ("職員番号", "発令")
_ALIASES = {
    "番号": "職員番号",
    "職員コード": "職員番号",
    "名前": "氏名",
    "フリガナ": "カナ",
    "氏名カナ": "カナ",
    "メールアドレス": "メール",
    "発令区分": "発令",
    "異動区分": "発令",
    "新所属コード": "所属コード",
    "新職名": "職名",
    "職": "職名",
    "職位": "順位",
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the order. `line` is its number in the file; `rank` is None when the post exists already."""

    line: int
    staff_number: str
    name: str
    kana: str
    email: str
    order: Order
    department_code: str
    post_name: str
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a line cannot be used, in words for the person who made the file. Line 0 speaks of the whole file."""

    line: int
    message: str


def decode(content: bytes) -> str:
    """The text of the file. Raises ValueError with a Japanese message when it is neither UTF-8 nor Shift_JIS."""
    if len(content) > MAX_BYTES:
        raise ValueError("ファイルが大きすぎます（上限5MB）。")
    text, _ = decode_text(content)
    if "\x00" in text:
        raise ValueError("CSVではないようです。UTF-8またはShift_JISのCSVで保存し直してください。")
    return text


def _tidy(value: str | None) -> str:
    return unicodedata.normalize("NFC", (value or "").replace("\u3000", " ")).strip()


def _code(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def read_orders(content: bytes) -> tuple[list[OrderRow], list[RowProblem]]:
    """Every readable line, and a problem for every other; nothing is guessed and nothing is dropped in silence."""
    try:
        text = decode(content)
    except ValueError as error:
        return [], [RowProblem(0, str(error))]
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    try:
        table = list(reader)
    except csv.Error:
        return [], [RowProblem(0, 'CSVとして読み取れない箇所があります。引用符（"）の閉じ忘れを確かめてください。')]
    if not table:
        return [], [RowProblem(0, "ファイルが空です。")]
    header = [_ALIASES.get(_tidy(cell), _tidy(cell)) for cell in table[0]]
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        return [], [RowProblem(1, f"見出しに「{'」「'.join(missing)}」がありません。")]
    if len(table) - 1 > MAX_ROWS:
        return [], [RowProblem(0, f"行が多すぎます（上限{MAX_ROWS:,}行）。")]
    rows: list[OrderRow] = []
    problems: list[RowProblem] = []
    for line, cells in enumerate(table[1:], start=2):
        if not any(_tidy(cell) for cell in cells):
            continue
        record = {name: _tidy(cell) for name, cell in zip(header, cells, strict=False)}
        read = _read_row(line, record)
        if isinstance(read, OrderRow):
            rows.append(read)
        else:
            problems.append(read)
    return rows, problems


def _read_row(line: int, record: dict[str, str]) -> OrderRow | RowProblem:
    number = _code(record.get("職員番号", ""))
    order = _ORDER_WORDS.get(_tidy(record.get("発令")))
    department, post = _code(record.get("所属コード", "")), record.get("職名", "")
    rank_text = _code(record.get("順位", ""))
    complaint = ""
    if not number:
        complaint = "職員番号がありません。"
    elif order is None:
        complaint = f"発令「{record.get('発令', '')}」は使えません（{'・'.join(_ORDER_LABELS.values())}）。"
    elif order is not Order.LEAVE and not (department and post):
        complaint = f"{order.label}には所属コードと職名が要ります。"
    elif order is Order.HIRE and not record.get("氏名"):
        complaint = "採用には氏名が要ります。"
    elif rank_text and not (rank_text.isascii() and rank_text.isdigit() and len(rank_text) <= 4):
        complaint = f"順位「{rank_text}」は数ではありません。"
    elif any(len(value) > 200 for value in record.values()):
        complaint = "200字を超える欄があります。"
    if complaint or order is None:
        return RowProblem(line, complaint)
    rank = int(rank_text) if rank_text else None
    return OrderRow(
        line,
        number,
        record.get("氏名", ""),
        record.get("カナ", ""),
        record.get("メール", ""),
        order,
        department,
        post,
        rank,
    )
