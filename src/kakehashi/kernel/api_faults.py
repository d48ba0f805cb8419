"""What is wrong with the body of a call, in a Japanese sentence that may be shown to a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["said"]

_TYPES = {
    "array": "配列",
    "boolean": "true か false",
    "integer": "整数",
    "null": "null",
    "number": "数",
    "object": "オブジェクト",
    "string": "文字列",
}
_FORMATS = {"date": "日付（例：2026-04-01）", "date-time": "日時（例：2026-04-01T09:00:00+09:00）", "uuid": "UUID"}
_WRONG: dict[str, Callable[[Any], str]] = {
    "required": lambda name: f"「{name}」がありません",
    "additionalProperties": lambda names: (
        f"「{'」「'.join(str(each)[:100] for each in names[:5])}」という項目は使えません"
    ),
    "type": lambda types: f"{'か'.join(_TYPES.get(each, each) for each in types)}で書いてください",
    "enum": lambda values: f"使える値は{'、'.join(str(each) for each in values)}です",
    "format": lambda name: f"{_FORMATS.get(name, name)}の形で書いてください",
    "minimum": lambda limit: f"{limit}以上にしてください",
    "maximum": lambda limit: f"{limit}以下にしてください",
    "minLength": lambda limit: f"{limit}文字以上にしてください",
    "maxLength": lambda limit: f"{limit}文字以下にしてください",
    "minItems": lambda limit: f"{limit}個以上にしてください",
    "maxItems": lambda limit: f"{limit}個以下にしてください",
    "minProperties": lambda limit: f"{limit}項目以上にしてください",
}


def said(fault: Any) -> str:
    """The sentence for one error of the checker (`jsonschema_rs.ValidationError`), with the place in the body where it is."""
    where = ".".join(str(part) for part in fault.instance_path)
    wrong = _WRONG.get(fault.kind.name)
    return f"{where or '本文'}：{wrong(fault.kind.value) if wrong else 'この値は使えません'}。"
