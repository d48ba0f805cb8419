"""Reading the census: population by area."""

import csv
import io
from typing import NamedTuple

from kakehashi.governments.domain.national_list import BrokenLine, UnreadableList
from kakehashi.kernel.encodings import ENCODINGS, decode_text
from kakehashi.kernel.lg_code import CodeForm, LgCodeError, normalise


class Area(NamedTuple):
    """An area of the census: six-digit code, name, people, line of the file."""

    code: str
    name: str
    population: int
    line: int


def read_population(content: bytes) -> tuple[list[Area], list[BrokenLine], str]:
    """Return areas, broken lines and the encoding of a CSV with area_code, area_name, population. Raises UnreadableList.

    The codes have five digits without a check digit. The whole country (00000) is no area and is passed over in silence.
    """
    text, encoding = decode_text(content, refuse=UnreadableList)
    reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""))
    if not {"area_code", "area_name", "population"} <= set(reader.fieldnames or ()):
        raise UnreadableList("見出しに area_code, area_name, population が必要です。")
    areas: list[Area] = []
    broken: list[BrokenLine] = []
    for row in reader:
        code, name, people = (str(row.get(key) or "").strip() for key in ("area_code", "area_name", "population"))
        if code == "00000":
            continue
        try:
            six = normalise(code, form=CodeForm.WITHOUT_CHECK)
            areas.append(Area(six, name, _people(people), reader.line_num))
        except (LgCodeError, ValueError) as problem:
            broken.append(BrokenLine(reader.line_num, f"{code} {name} {people}"[:120], str(problem)))
    return areas, broken, ENCODINGS[encoding]


def _people(text: str) -> int:
    digits = text.replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise ValueError(f"「{text}」は人口として読み取れません。")
    return int(digits)
