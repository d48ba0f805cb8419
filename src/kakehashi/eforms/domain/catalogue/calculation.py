"""計算: a number the server works out from other answers. Nobody types it, and what is sent under its name is not read."""

from __future__ import annotations

from typing import Any, ClassVar

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Raw, Setting
from kakehashi.eforms.domain.definition import Field, localized
from kakehashi.eforms.domain.formulas import Formula, formula_from_json
from kakehashi.eforms.domain.json_parts import GREATEST

__all__ = ["CalculationType"]


class CalculationType(FieldType):
    """計算: its formula stands in the setting ``formula``; the answer is a whole number with its unit."""

    code = "calc"
    label = "計算（自動）"
    takes_free_text = False
    settings: ClassVar[tuple[Setting, ...]] = (Setting("unit", "単位（ふつうは円）", "text"),)

    def formula(self, field_: Field) -> Formula:
        """The field's formula; raises DefinitionError."""
        return formula_from_json(field_.settings.get("formula"))

    def unit(self, field_: Field) -> str:
        """What stands after the number."""
        unit = field_.settings.get("unit", "円")
        return unit if isinstance(unit, str) else "円"

    def gather(self, field_: Field, raw: Raw, prefix: str = "") -> object:
        """Nothing: the server alone knows the answer."""
        return None

    def parse(self, field_: Field, raw: object, context: Context) -> int | None:
        """A number that was worked out before, for showing it; anything else is nothing."""
        is_number = isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= GREATEST
        return raw if is_number else None  # type: ignore[return-value]

    def schema(self, field_: Field) -> dict[str, Any]:
        """An integer."""
        return {"type": "integer", "minimum": -GREATEST, "maximum": GREATEST}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """No control to type in: an output with the number as it stands."""
        known = self.parse(field_, typed, _NO_CONTEXT)
        return [
            Input(
                name=f"{prefix}{field_.key}",
                label=localized(field_, "label", language),
                control="output",
                value="" if known is None else self.describe(field_, known, language),
            )
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """12,000円."""
        return f"{value:,}{self.unit(field_)}"

    def check(self, field_: Field) -> list[str]:
        """There is something to work out."""
        return [] if self.formula(field_).terms else ["計算の式がありません。"]


_NO_CONTEXT: Any = None
