"""Reading a list of banks and branches, as a town has it from its bank or keeps it itself."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from kakehashi.eforms.domain.catalogue.accounts import Branch
from kakehashi.eforms.domain.problems import Problem
from kakehashi.eforms.domain.text_cleaning import clean_line, fold_ascii
from kakehashi.kernel.encodings import decode_text

__all__ = ["HEADINGS", "BankList", "UnreadableListError", "read_banks"]

HEADINGS = ("金融機関番号", "金融機関名", "店番", "店名")
MOST_ROWS = 60_000


class UnreadableListError(ValueError):
    """The file as a whole cannot be read; the message says why, in Japanese."""


@dataclass
class BankList:
    """What a file holds: the branches, and a sentence for every line that was left out."""

    branches: list[Branch] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_banks(content: bytes) -> BankList:
    """Read a CSV (UTF-8 or Shift_JIS) whose first line names the four columns, in any order; other columns are passed over."""
    try:
        rows = list(csv.reader(io.StringIO(decode_text(content, refuse=UnreadableListError)[0], newline="")))
    except csv.Error as error:
        raise UnreadableListError("CSVとして読めません。表計算ソフトで保存しなおしてください。") from error
    if not rows:
        raise UnreadableListError("ファイルが空です。")
    heading = [cell.strip() for cell in rows[0]]
    missing = [name for name in HEADINGS if name not in heading]
    if missing:
        raise UnreadableListError(f"1行目に「{'」「'.join(missing)}」の列がありません。")
    if len(rows) > MOST_ROWS:
        raise UnreadableListError(f"{MOST_ROWS:,}行までです。")
    places, found, known = [heading.index(name) for name in HEADINGS], BankList(), set()
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        branch = _branch([row[at] if at < len(row) else "" for at in places])
        if isinstance(branch, str):
            found.problems.append(f"{number}行目：{branch}")
        elif (branch.bank_code, branch.branch_code) in known:
            found.problems.append(f"{number}行目：同じ番号の支店が前にあります。")
        else:
            known.add((branch.bank_code, branch.branch_code))
            found.branches.append(branch)
    if not found.branches:
        raise UnreadableListError("読み取れる行がありません。")
    return found


def _branch(cells: list[str]) -> Branch | str:
    bank, branch = (fold_ascii(cells[at]).strip() for at in (0, 2))
    # Spreadsheets drop the zeros in front.
    bank, branch = (text.zfill(width) if text.isdigit() else text for text, width in ((bank, 4), (branch, 3)))
    if not re.fullmatch(r"[0-9]{4}", bank) or not re.fullmatch(r"[0-9]{3}", branch):
        return "金融機関番号は4けた、店番は3けたの数字です。"
    names = [clean_line(cells[at], 60) for at in (1, 3)]
    if any(isinstance(name, Problem) or not name for name in names):
        return "名前がないか、使えない文字があります。"
    return Branch(bank, str(names[0]), branch, str(names[1]))
