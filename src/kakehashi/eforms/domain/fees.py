"""手数料: what a form says is to be paid. Building and taking the payment is the owner's business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kakehashi.eforms.domain.definition import Field, FormDefinition, visible
from kakehashi.eforms.domain.formulas import amount_of

__all__ = ["fee", "fee_fields", "fee_problems"]


def fee_fields(definition: FormDefinition) -> list[Field]:
    """The questions whose answer can be a sum of money."""
    return [
        field
        for _, field in definition.walk()
        if field.type in ("calc", "money", "number")
        or (field.type in ("choice", "choices") and any(option.amount is not None for option in field.options))
    ]


def fee(definition: FormDefinition, answers: Mapping[str, Any]) -> int | None:
    """Whole yen to be paid for these answers; None when the form asks for no money, 0 when the answers make it free."""
    asked = definition.fee
    if not asked.is_asked:
        return None
    if not asked.field:
        return asked.yen
    shown = {field.key for _, fields in visible(definition, answers) for field in fields}
    field = definition.by_key.get(asked.field)
    if field is None or field.key not in shown:
        return 0
    return max(0, amount_of(field, answers.get(field.key)) or 0)


def fee_problems(definition: FormDefinition) -> list[str]:
    """What is wrong with the fee, in Japanese for staff."""
    asked = definition.fee
    if not asked.field:
        return []
    field = next((one for one in fee_fields(definition) if one.key == asked.field), None)
    if field is None:
        return ["手数料の額が決まる項目がありません。"]
    if field.protected:
        return ["手数料の額が決まる項目は、特に保護する項目にできません。"]
    return []
