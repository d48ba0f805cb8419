"""Rule packs: a body's 事務決裁規程 and 文書管理規程 as data. Two ship, each a folder with one table per file."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from io import StringIO

from kakehashi.approvals.domain.packs.columns import Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.parts import PARTS, Part

SHIPPED = {"town": "町のひな形", "prefecture": "県のひな形"}


@lru_cache(maxsize=4)
def read_pack(code: str) -> PackDocument:
    """The shipped pack of that name. Raises FileNotFoundError for an unknown one."""
    if code not in SHIPPED:
        raise FileNotFoundError(code)
    return PackDocument({part.key: _read_part(code, part) for part in PARTS})


def _read_part(code: str, part: Part) -> list[Row]:
    """A table of a shipped pack: a CSV file whose first line holds the labels of the columns, as on the sheet."""
    text = files(__name__).joinpath(code, f"{part.key}.csv").read_text(encoding="utf-8")
    by_label = {column.label: column for column in part.columns}
    return [
        {by_label[label].key: by_label[label].read(cell) for label, cell in line.items()}
        for line in csv.DictReader(StringIO(text, newline=""))
    ]
