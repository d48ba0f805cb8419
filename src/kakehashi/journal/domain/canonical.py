"""Canonical JSON by RFC 8785 (JCS): the same value always gives the same bytes, on any machine.

The journal commits to these bytes, so a reader in another language can rebuild them from the stored row.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

_MAX_SAFE_INTEGER = 2**53 - 1
# ECMAScript writes numbers plainly up to 21 digits and from 1e-6 on; beyond that with an exponent.
_PLAIN_LIMIT = 21
_SMALLEST_PLAIN_EXPONENT = -6
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotCanonicalError(ValueError):
    """The value has no canonical form: NaN, infinity, an unsafe integer, a lone surrogate or a foreign type."""


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 form of `value` (dict, list, tuple, str, int, float, bool, None) as UTF-8 bytes."""
    try:
        if _is_plain(value):
            return _PLAIN.encode(value).encode()
        return written_out(value)
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"text holds a lone surrogate: {error.reason}") from error


def written_out(value: Any) -> bytes:
    """Write any value by the letter of the RFC; `canonical_json` gives the same bytes six times faster where it can."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode()


def _is_plain(value: Any) -> bool:
    """Whether the standard library's encoder already writes this value as the RFC wants: no floats, keys in the BMP."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return True
    if kind is int:
        return bool(-_MAX_SAFE_INTEGER <= value <= _MAX_SAFE_INTEGER)
    if kind is dict:
        return _is_plain_object(value)
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return False


def _is_plain_object(value: dict[Any, Any]) -> bool:
    # A loop, not a generator: this runs for every value of a million events.
    for key, each in value.items():
        if type(key) is not str or not (key.isascii() or max(key) < "\ud800"):
            return False
        if type(each) is not str and not _is_plain(each):
            return False
    return True


def _write(value: Any, parts: list[str]) -> None:
    if value is None:
        parts.append("null")
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, str):
        parts.append(_text(value))
    elif isinstance(value, int):
        parts.append(_integer(value))
    elif isinstance(value, float):
        parts.append(number_text(value))
    elif isinstance(value, Mapping):
        _write_object(value, parts)
    elif isinstance(value, list | tuple):
        _write_array(value, parts)
    else:
        raise NotCanonicalError(f"{type(value).__name__} has no JSON form")


def _write_object(value: Mapping[Any, Any], parts: list[str]) -> None:
    parts.append("{")
    for position, key in enumerate(sorted(value, key=_utf16_order)):
        parts.append("," if position else "")
        parts.append(_text(key))
        parts.append(":")
        _write(value[key], parts)
    parts.append("}")


def _write_array(value: list[Any] | tuple[Any, ...], parts: list[str]) -> None:
    parts.append("[")
    for position, item in enumerate(value):
        parts.append("," if position else "")
        _write(item, parts)
    parts.append("]")


def _utf16_order(key: object) -> bytes:
    """RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from code points beyond the BMP."""
    if not isinstance(key, str):
        raise NotCanonicalError("an object key must be text")
    return key.encode("utf-16-be", "surrogatepass")


def _text(value: str) -> str:
    # The standard library escapes exactly the characters RFC 8785 §3.2.2.2 names when ASCII is not forced.
    return json.dumps(value, ensure_ascii=False)


def _integer(value: int) -> str:
    if abs(value) > _MAX_SAFE_INTEGER:
        raise NotCanonicalError("an integer beyond 2^53 - 1 would be rounded by other readers; store it as text")
    return str(value)


def number_text(value: float) -> str:
    """Write a double as ECMAScript's Number.prototype.toString does: shortest digits, `1e+30`, no `-0`."""
    if not math.isfinite(value):
        raise NotCanonicalError("NaN and infinity have no JSON form")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent_text = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent_text or 0)
    padded = whole + fraction
    digits = padded.lstrip("0")
    point -= len(padded) - len(digits)
    return sign + _place_point(digits.rstrip("0"), point)


def _place_point(digits: str, point: int) -> str:
    """Put the decimal point after `point` digits, or an exponent where ECMAScript uses one."""
    count = len(digits)
    if count <= point <= _PLAIN_LIMIT:
        return digits + "0" * (point - count)
    if 0 < point <= _PLAIN_LIMIT:
        return f"{digits[:point]}.{digits[point:]}"
    if _SMALLEST_PLAIN_EXPONENT < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = point - 1
    head = digits[0] + (f".{digits[1:]}" if count > 1 else "")
    return f"{head}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"
