"""What an imported line means for a table, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kakehashi.kernel.columns import Column
from kakehashi.kernel.lg_code import LgCodeError, normalise
from kakehashi.opendata.domain.cells import CellFault, parse_cell
from kakehashi.opendata.domain.columns import DataColumn, canonical
from kakehashi.opendata.domain.findings import RULES
from kakehashi.opendata.domain.value_checks import broken_rules, has_check_digit

__all__ = ["Fate", "Known", "PlannedLine", "matchable", "plan_lines", "town_of"]


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ELSEWHERE = "elsewhere"
    BROKEN = "broken"


FATE_WORDS = {
    Fate.NEW: "足す",
    Fate.CHANGED: "変える",
    Fate.SAME: "変わりなし",
    Fate.ELSEWHERE: "ほかの団体の行",
    Fate.BROKEN: "取り込めない",
}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line of the file: its ID and name, what becomes of it, why not, and what was read differently from how it was written."""

    line: int
    identifier: str
    name: str
    fate: Fate
    problem: str = ""
    notes: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What becomes of it, in Japanese."""
        return FATE_WORDS[self.fate]


@dataclass(frozen=True, slots=True)
class Known:
    """A row that is there already: its values as text by key."""

    cells: Mapping[str, str]
    is_retired: bool = False


def matchable(columns: Sequence[DataColumn]) -> list[Column]:
    """Our columns as the house's matcher wants them."""
    return [Column(column.key, column.header, column.is_required, column.aliases, column.help) for column in columns]


def town_of(text: str) -> str | None:
    """The six-digit code that a cell means; None when nobody can say."""
    if has_check_digit(text.strip()):
        return text.strip()
    try:
        return normalise(text)
    except LgCodeError:
        return None


class _Lines:
    """Reads the lines of one file against one table."""

    def __init__(
        self,
        columns: Sequence[DataColumn],
        at: Mapping[str, int],
        own_code: tuple[str, str],
        known: Mapping[str, Known],
    ) -> None:
        self.columns = [column for column in columns if column.key in at]
        self.by_key = {column.key: column for column in columns}
        self.at, self.known = at, known
        self.code_key, self.code = own_code
        self.required = [column for column in columns if column.is_required and column.key != self.code_key]
        self.seen: dict[str, int] = {}

    def plan(self, line: int, cells: Sequence[str], always: Mapping[str, Any], same_row: str | None) -> PlannedLine:
        given = {column.key: cells[self.at[column.key]] for column in self.columns}
        name, identifier = given.get("name", ""), same_row or given.get("identifier", "").strip()
        if (foreign := self._foreign(given)) is not None:
            return PlannedLine(line, identifier, name, Fate.BROKEN if foreign else Fate.ELSEWHERE, foreign)
        try:
            values, notes = self._values(given)
        except CellFault as fault:
            return PlannedLine(line, identifier, name, Fate.BROKEN, str(fault))
        values |= {"identifier": identifier, **always}
        before = self.known.get(identifier)
        problem = self._problem(line, identifier, values, before)
        if problem:
            return PlannedLine(line, identifier, name, Fate.BROKEN, problem)
        self.seen[identifier] = line
        if before is None:
            return PlannedLine(line, identifier, name, Fate.NEW, notes=notes, values=values)
        changed = tuple(self._changed(values, before))
        if before.is_retired:
            return PlannedLine(
                line,
                identifier,
                name,
                Fate.BROKEN,
                f"ID「{identifier}」は廃止されています。使うときは、先に廃止を取り消してください。",
            )
        return PlannedLine(line, identifier, name, Fate.CHANGED if changed else Fate.SAME, "", notes, values, changed)

    def _foreign(self, given: Mapping[str, str]) -> str | None:
        """None for our own line; a problem when nobody can say whose it is; empty for another government's."""
        text = given.get(self.code_key, "")
        if not text.strip():
            return None
        code = town_of(text)
        if code is None:
            return f"団体コード「{text}」が読めないので、どの団体の行か分かりません。"
        return None if code == self.code else ""

    def _values(self, given: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
        values: dict[str, Any] = {}
        notes: list[str] = []
        for column in self.columns:
            if column.key == self.code_key:
                continue
            text = given[column.key]
            values[column.key] = parse_cell(column, text)
            kept = canonical(column, values[column.key])
            if kept != canonical(column, text).strip():
                notes.append(f"{column.header}：「{text}」を「{kept or '空欄'}」と読みました")
            else:
                notes += [f"{column.header}：「{text}」 {RULES[rule].says}" for rule, _ in broken_rules(column, kept)]
        return values, tuple(notes)

    def _problem(self, line: int, identifier: str, values: Mapping[str, Any], before: Known | None) -> str:
        if not identifier:
            return "IDがありません。"
        if identifier in self.seen:
            return f"ID「{identifier}」が{self.seen[identifier]}行目と同じです。"
        cells = dict(before.cells) if before else {}
        for column in self.required:
            if column.key in values or not before:
                kept = str(values.get(column.key) or "")
                if not kept.strip() and not (column.key not in values and cells.get(column.key)):
                    return f"「{column.header}」が空です。"
        return ""

    def _changed(self, values: Mapping[str, Any], before: Known) -> list[str]:
        return [key for key, value in values.items() if canonical(self.by_key[key], value) != before.cells.get(key, "")]


def plan_lines(
    columns: Sequence[DataColumn],
    rows: Sequence[tuple[int, Sequence[str]]],
    at: Mapping[str, int],
    *,
    own_code: tuple[str, str],
    known: Mapping[str, Known],
    always: Mapping[str, Any] | None = None,
    same_row: Mapping[int, str] | None = None,
) -> list[PlannedLine]:
    """What becomes of every line. `at` is the place of our columns in the file, `own_code` (key, our code), `known` the rows by ID.

    `same_row` names, by line, the row that a line is about whatever ID it carries. Nothing is guessed: what has two readings is broken.
    """
    lines = _Lines(columns, at, own_code, known)
    return [lines.plan(line, cells, always or {}, (same_row or {}).get(line)) for line, cells in rows]
