"""計算: sums of products with a cap and rounding, as data. No code is ever run; fractions keep every step exact.

A formula is terms that are added or taken away. A term is a source (a number, an answer, the number of rows of a table, the sum of
a column), perhaps times a second source, times a fraction. Then the result is rounded to a unit and kept between two limits:
「対象経費の2分の1、千円未満切り捨て、上限10万円」.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.eforms.domain.json_parts import (
    GREATEST,
    DefinitionError,
    items_of,
    key_of,
    whole_number,
    without_empty,
)

__all__ = [
    "ROUNDINGS",
    "Formula",
    "Source",
    "Term",
    "amount_of",
    "evaluate",
    "formula_from_json",
    "formula_sentence",
    "formula_to_json",
    "sources_for",
]

MOST_TERMS = 12
ROUNDINGS = {"down": "切り捨て", "half_up": "四捨五入", "up": "切り上げ"}
UNITS = (1, 10, 100, 1_000, 10_000)
_COUNTED = {"number", "money", "calc"}
_ROWS = {"table", "household"}


@dataclass(frozen=True)
class Source:
    """Where a number comes from: ``number`` (its ``value``), ``answer``, ``rows`` or ``column`` of the field ``field``."""

    kind: str
    value: int = 0
    field: str = ""
    column: str = ""


@dataclass(frozen=True)
class Term:
    """One term: ± source (× times) × numerator / denominator."""

    source: Source
    minus: bool = False
    times: Source | None = None
    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True)
class Formula:
    """A whole formula. ``rounding`` and ``unit``: 端数処理; ``least`` and ``most``: 下限と上限."""

    terms: tuple[Term, ...] = ()
    rounding: str = "down"
    unit: int = 1
    least: int | None = 0
    most: int | None = None

    def fields(self) -> Iterator[str]:
        """The keys of every question the formula looks at."""
        for term in self.terms:
            for source in (term.source, term.times):
                if source is not None and source.field:
                    yield source.field


def amount_of(field: Field, answer: Any) -> int | None:
    """The number that an answer comes to: itself, or what the chosen options carry; None when it is none."""
    if field.type in _COUNTED:
        return answer if isinstance(answer, int) and not isinstance(answer, bool) else None
    if field.type in ("choice", "choices") and answer is not None:
        chosen = answer if isinstance(answer, list) else [answer]
        found = [option.amount for option in field.options if option.value in chosen and option.amount is not None]
        return sum(found) if found else None
    return None


def evaluate(formula: Formula, definition: FormDefinition, answers: Mapping[str, Any]) -> int | None:
    """The result for the answers; None while nothing the formula looks at is answered. An unanswered number counts as 0."""
    total, is_answered = Fraction(0), not any(formula.fields())
    for term in formula.terms:
        values = [_read(source, definition, answers) for source in (term.source, term.times) if source is not None]
        is_answered = is_answered or any(
            value is not None
            for source, value in zip((term.source, term.times), values, strict=False)
            if source is not None and source.field
        )
        product = Fraction(term.numerator, term.denominator)
        for value in values:
            product *= value or 0
        total += -product if term.minus else product
    if not is_answered:
        return None
    return _limited(_rounded(total, formula), formula)


def _read(source: Source, definition: FormDefinition, answers: Mapping[str, Any]) -> int | None:
    if source.kind == "number":
        return source.value
    field, answer = definition.by_key.get(source.field), answers.get(source.field)
    if field is None or answer is None:
        return None
    if source.kind == "answer":
        return amount_of(field, answer)
    rows = [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []
    if source.kind == "rows":
        return len(rows)
    values = [row.get(source.column) for row in rows]
    return sum(value for value in values if isinstance(value, int) and not isinstance(value, bool))


def _rounded(total: Fraction, formula: Formula) -> int:
    units = total / formula.unit
    whole, rest = divmod(abs(units), 1)
    if formula.rounding == "up":
        whole += 1 if rest else 0
    elif formula.rounding == "half_up":
        whole += 1 if rest * 2 >= 1 else 0
    return int(whole) * formula.unit * (-1 if units < 0 else 1)


def _limited(value: int, formula: Formula) -> int:
    if formula.most is not None:
        value = min(value, formula.most)
    if formula.least is not None:
        value = max(value, formula.least)
    return max(-GREATEST, min(GREATEST, value))


def _source_from_json(data: object) -> Source:
    if not isinstance(data, dict) or data.get("kind") not in ("number", "answer", "rows", "column"):
        raise DefinitionError("計算の式を読めません。")
    kind = str(data["kind"])
    if kind == "number":
        return Source(kind, value=whole_number(data, "value") or 0)
    column = key_of(data, "column") if kind == "column" else ""
    return Source(kind, field=key_of(data, "field"), column=column)


def _term_from_json(data: Mapping[str, Any]) -> Term:
    numerator, denominator = whole_number(data, "numerator"), whole_number(data, "denominator")
    numerator = 1 if numerator is None else numerator
    denominator = 1 if denominator is None else denominator
    if denominator < 1 or denominator > 1_000_000 or not 0 <= numerator <= 1_000_000_000:
        raise DefinitionError("計算の割合が正しくありません。")
    times = data.get("times")
    return Term(
        _source_from_json(data.get("source")),
        minus=data.get("minus") is True,
        times=None if times is None else _source_from_json(times),
        numerator=numerator,
        denominator=denominator,
    )


def formula_from_json(data: object) -> Formula:
    """Read a formula; nothing at all is the formula without terms. Raises DefinitionError."""
    if data is None:
        return Formula()
    if not isinstance(data, dict):
        raise DefinitionError("計算の式を読めません。")
    rounding, unit = data.get("rounding", "down"), data.get("unit", 1)
    if rounding not in ROUNDINGS or isinstance(unit, bool) or unit not in UNITS:
        raise DefinitionError("計算の端数処理を読めません。")
    return Formula(
        tuple(_term_from_json(item) for item in items_of(data, "terms", MOST_TERMS)),
        rounding=rounding,
        unit=unit,
        least=whole_number(data, "least"),
        most=whole_number(data, "most"),
    )


def _source_to_json(source: Source) -> dict[str, Any]:
    if source.kind == "number":
        return {"kind": "number", "value": source.value}
    return without_empty({"kind": source.kind, "field": source.field, "column": source.column})


def formula_to_json(formula: Formula) -> dict[str, Any]:
    """The formula as JSON; reading it again gives the same formula."""
    terms = [
        without_empty(
            {
                "source": _source_to_json(term.source),
                "minus": term.minus,
                "times": _source_to_json(term.times) if term.times else None,
                "numerator": None if term.numerator == 1 else term.numerator,
                "denominator": None if term.denominator == 1 else term.denominator,
            }
        )
        for term in formula.terms
    ]
    return without_empty(
        {
            "terms": terms,
            "rounding": formula.rounding,
            "unit": formula.unit,
            "least": formula.least,
            "most": formula.most,
        }
    )


def sources_for(fields: list[Field]) -> list[tuple[Source, str]]:
    """What a formula may look at among these questions, each with the words the editor shows."""
    found: list[tuple[Source, str]] = []
    for field in fields:
        if field.type in _COUNTED:
            found.append((Source("answer", field=field.key), f"「{field.label}」"))
        elif field.type in ("choice", "choices") and any(option.amount is not None for option in field.options):
            found.append((Source("answer", field=field.key), f"「{field.label}」で選んだものの数"))
        elif field.type in _ROWS:
            found.append((Source("rows", field=field.key), f"「{field.label}」の行の数"))
            found += [
                (Source("column", field=field.key, column=column.key), f"「{field.label}」の「{column.label}」の合計")
                for column in field.columns
                if column.type in ("number", "money")
            ]
    return found


def _source_words(source: Source, definition: FormDefinition) -> str:
    if source.kind == "number":
        return f"{source.value:,}"
    field = definition.by_key.get(source.field)
    if field is None:
        return "消えた項目"
    known = dict(sources_for([field]))
    return known.get(source, f"「{field.label}」")


def formula_sentence(formula: Formula, definition: FormDefinition) -> str:
    """The formula in words: 「対象経費」×1/2（1,000円未満切り捨て、上限100,000）. Empty without terms."""
    said = ""
    for at, term in enumerate(formula.terms):
        sign = "−" if term.minus else "＋" if at else ""
        words = _source_words(term.source, definition)
        if term.times is not None:
            words += f"×{_source_words(term.times, definition)}"
        if (term.numerator, term.denominator) != (1, 1):
            words += f"×{term.numerator:,}" + (f"/{term.denominator:,}" if term.denominator != 1 else "")
        said += f"{sign}{words}"
    rounding = f"{'小数' if formula.unit == 1 else f'{formula.unit:,}未満'}{ROUNDINGS[formula.rounding]}"
    notes = [rounding] * (formula.unit != 1 or any(term.denominator != 1 for term in formula.terms))
    notes += [f"上限{formula.most:,}"] if formula.most is not None else []
    notes += [f"下限{formula.least:,}"] if formula.least else []
    return f"{said}（{'、'.join(notes)}）" if said and notes else said
