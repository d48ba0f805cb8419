"""What is written at each place of a paper for an answer: a date in its three blanks, a tick, one digit a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kakehashi.eforms.domain.catalogue import CATALOGUE, type_of
from kakehashi.eforms.domain.catalogue.accounts import TYPES
from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.eforms.domain.papers.draft import mark_from_json
from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.kernel.wareki import to_wareki

__all__ = ["Written", "written_answers"]

# A chosen word is circled, a chosen box ticked: the filler decides by the letter that stands at the place.
CHOSEN = "\ue0ff"


class Written(dict[Mark, str]):
    """The text for every place; ``CHOSEN`` marks a box or a word that was chosen. ``drawings``: signatures drawn by hand, by place."""

    def __init__(self) -> None:
        super().__init__()
        self.drawings: dict[Mark, str] = {}


def written_answers(
    definition: FormDefinition, answers: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]
) -> Written:
    """The texts for the places of all answered fields; fields without a place are left out."""
    written = Written()
    for key, said in found.items():
        field, answer = definition.by_key.get(key), answers.get(key)
        if field is None or answer is None or field.type not in CATALOGUE:
            continue
        marks = [mark_from_json(mark) for mark in said.get("marks", [])]
        if field.type in ("table", "household"):
            _table(written, field, answer, marks)
        else:
            _one(written, field, answer, marks)
    return written


def _one(written: Written, field: Field, answer: Any, marks: Sequence[Mark]) -> None:
    parts = {mark.part for mark in marks}
    said = _parts(field, answer)
    digits = "".join(letter for letter in said[""] if letter not in " -,　")
    whole_done = False
    for mark in marks:
        kind, _, number = mark.part.partition(":")
        if kind == "option":
            chosen = _chosen(field, answer)
            if int(number) in chosen:
                written[mark] = CHOSEN
        elif kind == "digit":
            boxes = sum(one.startswith("digit") for one in parts)
            text = digits.rjust(boxes) if field.type in ("money", "number", "calc") else digits
            written[mark] = text[int(number)].strip() if int(number) < len(text) else ""
        elif kind in said and kind:
            written[mark] = said[kind]
        elif not kind and not whole_done:
            has_parts = bool(parts & {"year", "month", "day"})
            text = said["rest"] if "postcode" in parts and "rest" in said else said[""]
            if not has_parts:
                written[mark] = text
                whole_done = True
                if field.type == "declaration" and answer.get("drawing"):
                    written.drawings[mark] = str(answer["drawing"])


def _parts(field: Field, answer: Any) -> dict[str, str]:
    """The answer as a person writes it, and its parts."""
    if field.type in ("date", "birth_date"):
        day = date.fromisoformat(str(answer))
        wareki = to_wareki(day)
        year = "元" if wareki.year == 1 else str(wareki.year)
        return {
            "": f"{wareki.era.name}{year}年{day.month}月{day.day}日",
            "era": wareki.era.name,
            "year": year,
            "month": str(day.month),
            "day": str(day.day),
        }
    if field.type == "name":
        return {
            "": f"{answer['family']}　{answer['given']}",
            "kana": f"{answer['family_kana']}　{answer['given_kana']}",
        }
    if field.type == "address":
        code = answer["postcode"]
        rest = f"{answer['prefecture']}{answer['city']}{answer['street']} {answer.get('building', '')}".strip()
        return {"": f"〒{code[:3]}-{code[3:]} {rest}", "rest": rest, "postcode": f"〒{code[:3]}-{code[3:]}"}
    if field.type in ("money", "number", "calc"):
        return {"": f"{answer:,}"}
    if field.type == "corporate_number":
        return {"": str(answer)}
    if field.type == "declaration":
        return {"": str(answer["name"])}
    if field.type == "bank_account":
        kind = dict(TYPES).get(answer["type"], "")
        whole = f"{answer['bank_name']}　{answer['branch_name']}　{kind}　{answer['number']}　{answer['holder']}"
        return {"": whole, **answer, "type": kind}
    return {"": type_of(field).describe(field, answer)}


def _chosen(field: Field, answer: Any) -> set[int]:
    if field.type == "consent":
        return {0} if answer else set()
    values = answer if isinstance(answer, list) else [answer]
    return {number for number, option in enumerate(field.options) if option.value in values}


def _table(written: Written, field: Field, rows: Any, marks: Sequence[Mark]) -> None:
    for mark in marks:
        _, row, column = mark.part.split(":")
        if int(row) >= len(rows) or int(column) >= len(field.columns):
            continue
        asked = field.columns[int(column)]
        value = rows[int(row)].get(asked.key)
        if value is not None:
            written[mark] = _parts(asked, value)[""]
