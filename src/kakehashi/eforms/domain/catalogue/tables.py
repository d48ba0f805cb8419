"""表: the same few questions repeated (世帯の人、車、費用の内訳 …)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kakehashi.eforms.domain.catalogue.base import (
    REQUIRED,
    Context,
    FieldType,
    Input,
    Raw,
    Setting,
    Wrong,
    int_setting,
    shape_problem,
)
from kakehashi.eforms.domain.definition import Field, Option, localized
from kakehashi.eforms.domain.problems import Problem, gettext_noop

__all__ = ["HouseholdType", "TableType"]

TOO_FEW_ROWS = gettext_noop("%(limit)d行以上入力してください。")
TOO_MANY_ROWS = gettext_noop("%(limit)d行まで入力できます。")
MOST_ROWS = 50


class TableType(FieldType):
    """表: a list of rows; each row holds the answers of the columns that were filled in. Empty rows are dropped."""

    code = "table"
    label = "表（くり返し）"
    is_group = True
    takes_free_text = False
    settings = (Setting("min_rows", "最低何行", "int"), Setting("max_rows", "最高何行（ふつうは10）", "int"))

    def __init__(self, column_types: Mapping[str, FieldType]) -> None:
        """Only simple types can be columns."""
        self.column_types = column_types

    def most(self, field_: Field) -> int:
        """The greatest number of rows."""
        return max(1, min(int_setting(field_, "max_rows") or 10, MOST_ROWS))

    def gather(self, field_: Field, raw: Raw, prefix: str = "") -> object:
        """Rows under ``key.0.column``; ``key.rows`` says how many the page had."""
        name = f"{prefix}{field_.key}"
        whole = raw.many(name)
        if whole is not None:
            return whole
        count = raw.one(f"{name}.rows")
        if not (isinstance(count, str) and count.isascii() and count.isdigit() and len(count) <= 3):
            return None
        rows = [self._gather_row(field_, raw, f"{name}.{row}.") for row in range(min(int(count), MOST_ROWS + 1))]
        return rows or None

    def _gather_row(self, field_: Field, raw: Raw, prefix: str) -> dict[str, object]:
        found = {column.key: self._type(field_, column).gather(column, raw, prefix) for column in field_.columns}
        return {key: value for key, value in found.items() if value is not None}

    def _type(self, field_: Field, column: Field) -> FieldType:
        found = self.column_types.get(column.type)
        if found is None:
            raise shape_problem(field_)
        return found

    def parse(self, field_: Field, raw: object, context: Context) -> list[dict[str, Any]] | None:
        """The rows that hold something, None when there is none."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list) or len(raw) > MOST_ROWS + 1:
            raise shape_problem(field_)
        problems: list[Problem] = []
        read = [self._parse_row(field_, index, row, context, problems) for index, row in enumerate(raw)]
        rows = [row for row in read if row]
        if problems:
            raise Wrong(*problems)
        least = int_setting(field_, "min_rows") or 0
        if rows and len(rows) < least:
            raise Wrong(Problem(TOO_FEW_ROWS, {"limit": least}))
        if len(rows) > self.most(field_):
            raise Wrong(Problem(TOO_MANY_ROWS, {"limit": self.most(field_)}))
        return rows or None

    def _parse_row(
        self, field_: Field, index: int, raw: object, context: Context, problems: list[Problem]
    ) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise shape_problem(field_)
        row: dict[str, Any] = {}
        found: list[Problem] = []
        for column in field_.columns:
            try:
                value = self._type(field_, column).parse(column, raw.get(column.key), context)
            except Wrong as wrong:
                found += [_at(problem, index, column) for problem in wrong.problems]
                continue
            if value is not None:
                row[column.key] = value
            elif column.required:
                found.append(_at(Problem(REQUIRED, {"label": column.label}), index, column))
        # A row in which nothing was typed is an unused row, not a row with mistakes.
        missing_only = all(problem.message == REQUIRED for problem in found)
        if row or not missing_only:
            problems += found
        return row

    def schema(self, field_: Field) -> dict[str, Any]:
        """A list of objects."""
        columns = {column.key: self._type(field_, column).schema(column) for column in field_.columns}
        row = {
            "type": "object",
            "properties": columns,
            "required": [column.key for column in field_.columns if column.required],
            "additionalProperties": False,
            "minProperties": 1,
        }
        least = max(1, int_setting(field_, "min_rows") or 1)
        return {"type": "array", "items": row, "minItems": least, "maxItems": self.most(field_)}

    def rows(
        self, field_: Field, typed: object, language: str, prefix: str = ""
    ) -> list[list[tuple[Field, list[Input]]]]:
        """The controls row by row: those typed, and at least as many empty ones as are asked for."""
        given = [row for row in typed if isinstance(row, Mapping)] if isinstance(typed, list) else []
        least = max(1, int_setting(field_, "min_rows") or 1)
        count = min(max(len(given), least), self.most(field_))
        given = given[:count] + [{}] * (count - len(given))
        name = f"{prefix}{field_.key}"
        return [
            [
                (column, self._type(field_, column).inputs(column, row.get(column.key), language, f"{name}.{index}."))
                for column in field_.columns
            ]
            for index, row in enumerate(given)
        ]

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Every control of every row."""
        return [one for row in self.rows(field_, typed, language, prefix) for _, inputs in row for one in inputs]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """One line a row: 「氏名：山田、年齢：8」."""
        return "\n".join(self._describe_row(field_, row, language) for row in value)

    def _describe_row(self, field_: Field, row: Mapping[str, Any], language: str) -> str:
        said = [
            f"{localized(column, 'label', language)}：{self._type(field_, column).describe(column, row[column.key], language)}"
            for column in field_.columns
            if column.key in row
        ]
        return "、".join(said)

    def check(self, field_: Field) -> list[str]:
        """Columns exist and are simple."""
        if not field_.columns:
            return ["表の列がありません。"]
        found = [
            f"表の列「{column.label}」に使えない種類です。"
            for column in field_.columns
            if column.type not in self.column_types
        ]
        keys = [column.key for column in field_.columns]
        if len(keys) != len(set(keys)):
            found.append("表に同じ列が二つあります。")
        for column in field_.columns:
            if column.type in self.column_types:
                found += self.column_types[column.type].check(column)
        return found

    def usual_columns(self) -> tuple[Field, ...]:
        """The columns a new table begins with."""
        return ()

    def add_row(self, field_: Field, typed: object) -> list[Any]:
        """What was typed with one empty row more (「行を足す」)."""
        rows = list(typed) if isinstance(typed, list) and typed else [{}]
        return [*rows, {}][: self.most(field_)]


class HouseholdType(TableType):
    """世帯員: a table that begins with what is asked of everybody who lives together; staff change its columns like any other's."""

    code = "household"
    label = "世帯員（くり返し）"

    def usual_columns(self) -> tuple[Field, ...]:
        """氏名とカナ, 続柄, 生年月日."""
        return (
            Field("name", "name", "氏名", required=True, translations=_in("なまえ", "Name")),
            Field(
                "relation",
                "choice",
                "続柄",
                required=True,
                options=RELATIONS,
                settings={"display": "select"},
                translations=_in("あなたとの 関係", "Relationship"),
            ),
            Field("born", "birth_date", "生年月日", required=True, translations=_in("うまれた 日", "Date of birth")),
        )


def _in(easy: str, english: str) -> dict[str, dict[str, str]]:
    return {"ja-easy": {"label": easy}, "en": {"label": english}}


RELATIONS = tuple(
    Option(value, label, _in(easy, english))
    for value, label, easy, english in (
        ("head", "世帯主", "世帯主（家の 代表の 人）", "Head of household"),
        ("spouse", "夫・妻", "夫・妻", "Husband or wife"),
        ("child", "子", "子ども", "Child"),
        ("parent", "父・母", "父・母", "Father or mother"),
        ("grandparent", "祖父・祖母", "おじいさん・おばあさん", "Grandparent"),
        ("grandchild", "孫", "まご", "Grandchild"),
        ("sibling", "兄弟姉妹", "きょうだい", "Brother or sister"),
        ("other", "その他", "そのほか", "Other"),
    )
)


def _at(problem: Problem, index: int, column: Field) -> Problem:
    part = f"{index}.{column.key}" + (f".{problem.part}" if problem.part else "")
    return replace(problem, part=part)
