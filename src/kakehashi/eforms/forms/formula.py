"""The formula of a calculated question as rows of choices: nobody writes code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django import forms

from kakehashi.eforms.domain.condition_choices import earlier_fields
from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.eforms.domain.formulas import (
    MOST_TERMS,
    ROUNDINGS,
    UNITS,
    Formula,
    Source,
    Term,
    formula_from_json,
    formula_to_json,
    sources_for,
)

__all__ = ["FormulaInputs", "read_ratio"]

SPARE_TERMS = 2
_RATIO = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,4}))?(?:/([0-9]{1,6}))?(%?)")
BAD_RATIO = "「2分の1」は 1/2、「3割」は 30%、「300円ずつ」は 300 のように書いてください。"
UNIT_WORDS = {1: "1円（小数）", 10: "10円", 100: "100円", 1_000: "1,000円", 10_000: "10,000円"}


def read_ratio(text: str) -> Fraction | None:
    """「1/2」「50%」「2分の1」「300」 as a fraction, 1 for nothing, None when it is none of them."""
    plain = re.sub(r"[\s,×]", "", unicodedata.normalize("NFKC", text))
    if not plain:
        return Fraction(1)
    japanese = re.fullmatch(r"([0-9]{1,6})分の([0-9]{1,9})", plain)
    if japanese:
        plain = f"{japanese[2]}/{japanese[1]}"
    found = _RATIO.fullmatch(plain)
    if found is None or (found[3] is not None and int(found[3]) == 0):
        return None
    value = Fraction(f"{found[1]}.{found[2] or 0}") / int(found[3] or 1)
    value = value / 100 if found[4] else value
    fits = value.numerator <= 1_000_000_000 and value.denominator <= 1_000_000
    return value if fits else None


def _written(term: Term) -> str:
    if (term.numerator, term.denominator) == (1, 1):
        return ""
    return f"{term.numerator}" + (f"/{term.denominator}" if term.denominator != 1 else "")


def _code(source: Source | None) -> str:
    return "" if source is None else f"{source.kind}|{source.field}|{source.column}"


class FormulaInputs:
    """The inputs of one formula, and the formula they mean."""

    def __init__(self, definition: FormDefinition, item: Field) -> None:
        self.now = formula_from_json(item.settings.get("formula"))
        offered = sources_for(earlier_fields(definition, item.key))
        self.sources = {_code(source): source for source, _ in offered}
        for term in self.now.terms:
            for source in (term.source, term.times):
                if source is not None and source.kind != "number" and _code(source) not in self.sources:
                    # What the formula looks at is gone or has moved behind it; it is shown so that it can be changed.
                    self.sources[_code(source)] = source
                    offered.append((source, "（前にない項目）"))
        self.choices = [(_code(source), words) for source, words in offered]
        self.rows = min(MOST_TERMS, len(self.now.terms) + SPARE_TERMS)
        self._fields = dict(self._made())

    def fields(self) -> dict[str, forms.Field]:
        """The inputs by name."""
        return self._fields

    def _made(self) -> Iterator[tuple[str, forms.Field]]:
        for at in range(self.rows):
            term = self.now.terms[at] if at < len(self.now.terms) else None
            is_number = term is not None and term.source.kind == "number"
            name = f"{at + 1}つめ"
            yield (
                f"f_{at}_sign",
                forms.ChoiceField(
                    label=f"{name}：足すか引くか",
                    choices=[("", "足す"), ("minus", "引く")],
                    required=False,
                    initial="minus" if term and term.minus else "",
                ),
            )
            yield (
                f"f_{at}_source",
                forms.ChoiceField(
                    label=f"{name}：もとになる数",
                    choices=[("", "（使わない）"), *self.choices, ("number", "決まった数")],
                    required=False,
                    initial="number" if is_number else _code(term.source) if term else "",
                ),
            )
            yield (
                f"f_{at}_value",
                _number(f"{name}：決まった数のときの数", term.source.value if term and is_number else None),
            )
            yield (
                f"f_{at}_times",
                forms.ChoiceField(
                    label=f"{name}：かける項目",
                    choices=[("", "（なし）"), *self.choices],
                    required=False,
                    initial=_code(term.times) if term else "",
                ),
            )
            yield (
                f"f_{at}_ratio",
                forms.CharField(
                    label=f"{name}：かける割合や単価",
                    required=False,
                    max_length=30,
                    initial=_written(term) if term else "",
                    help_text="例：1/2、50%、300" if at == 0 else "",
                ),
            )
        yield (
            "f_rounding",
            forms.ChoiceField(
                label="端数処理", choices=list(ROUNDINGS.items()), required=False, initial=self.now.rounding
            ),
        )
        yield (
            "f_unit",
            forms.TypedChoiceField(
                label="端数処理の単位",
                choices=[(unit, UNIT_WORDS[unit]) for unit in UNITS],
                coerce=int,
                required=False,
                initial=self.now.unit,
            ),
        )
        yield "f_most", _number("上限額", self.now.most)
        yield "f_least", _number("下限額", self.now.least)

    def problems(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong, as (input, sentence)."""
        for at in range(self.rows):
            if cleaned.get(f"f_{at}_source") and read_ratio(cleaned.get(f"f_{at}_ratio") or "") is None:
                yield f"f_{at}_ratio", BAD_RATIO
            if cleaned.get(f"f_{at}_source") == "number" and cleaned.get(f"f_{at}_value") is None:
                yield f"f_{at}_value", "決まった数を入力してください。"
        most, least = cleaned.get("f_most"), cleaned.get("f_least")
        if most is not None and least is not None and least > most:
            yield "f_least", "下限額が上限額より大きくなっています。"

    def as_json(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The formula that was chosen, as it is stored."""
        formula = Formula(
            tuple(self._terms(cleaned)),
            rounding=cleaned.get("f_rounding") or "down",
            unit=cleaned.get("f_unit") or 1,
            least=cleaned.get("f_least"),
            most=cleaned.get("f_most"),
        )
        return formula_to_json(formula)

    def _terms(self, cleaned: Mapping[str, Any]) -> Iterator[Term]:
        for at in range(self.rows):
            code = cleaned.get(f"f_{at}_source") or ""
            ratio = read_ratio(cleaned.get(f"f_{at}_ratio") or "")
            if not code or ratio is None:
                continue
            value = cleaned.get(f"f_{at}_value") or 0
            yield Term(
                Source("number", value=value) if code == "number" else self.sources[code],
                minus=cleaned.get(f"f_{at}_sign") == "minus",
                times=self.sources.get(cleaned.get(f"f_{at}_times") or ""),
                numerator=ratio.numerator,
                denominator=ratio.denominator,
            )


def _number(label: str, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        min_value=-(10**12),
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
    )
