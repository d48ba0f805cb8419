"""Reading JSON that strangers wrote: whatever is wrong with it is one ValueError, however deep or large its numbers are."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["read_json"]


def read_json(text: str | bytes) -> Any:
    """The value. Raises ValueError for what is no JSON, nests too deep, or holds a number that is none (NaN, Infinity, 1e999)."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("the JSON nests too deep") from error


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("the number is out of range")
    return value
