"""Keyset pagination: a page starts after a row, not after a count, so page 10,000 costs what page 1 costs.

The cursor is the sort key of a row in base64. It is not signed: it can only choose where in one's own list to start, because the
queryset comes already restricted. A cursor that cannot be read, from an old bookmark or an attacker, gives the first page.
"""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)

_LONGEST_CURSOR = 2_000
_BIGGEST_INTEGER = 2**63 - 1
_EARLIEST_YEAR, _LATEST_YEAR = 2, 9998


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page and the cursors to its neighbours; a cursor is None where there is no neighbour."""

    rows: list[M]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class _Key:
    """One column of the sort order; ``name`` may cross relations (``case__opened_at``)."""

    name: str
    descending: bool
    field: "Field[Any, Any]"
    nullable: bool

    def turned(self) -> "_Key":
        return _Key(self.name, not self.descending, self.field, self.nullable)

    def ordering(self) -> OrderBy:
        """Return the ORDER BY term. PostgreSQL sorts NULL last going up and first going down; after() relies on it."""
        return F(self.name).desc() if self.descending else F(self.name).asc()

    def equals(self, value: object) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def after(self, value: object) -> Q | None:
        """Return the condition «strictly after value», or None when nothing can be after it."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.descending else None
        beyond = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        if self.nullable and not self.descending:
            return beyond | Q(**{f"{self.name}__isnull": True})
        return beyond


def keyset_page(
    queryset: QuerySet[M],
    order_by: Sequence[str] = ("-created_at", "-id"),
    cursor: str | None = None,
    size: int = 50,
) -> Page[M]:
    """Return one page of ``queryset`` in the given order (names with ``-`` for descending, mixed as needed).

    The primary key is appended when the order does not contain it, so that the order is total. NULL sorts as PostgreSQL
    sorts it: last going up, first going down. The whole page costs one query of ``size + 1`` rows.
    """
    keys = _keys(queryset, order_by)
    start = _decode(cursor, keys)
    backwards, values = start or (False, None)
    walked = [key.turned() for key in keys] if backwards else keys
    ordered = queryset.order_by(*(key.ordering() for key in walked))
    if values is not None:
        ordered = ordered.filter(_after(walked, values))
    rows = list(ordered[: max(size, 1) + 1])
    if not rows and start is not None:
        return keyset_page(queryset, order_by, None, size)
    more = len(rows) > max(size, 1)
    rows = rows[: max(size, 1)]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, start is not None)
    return Page(
        rows,
        _encode(False, keys, rows[-1]) if has_next else None,
        _encode(True, keys, rows[0]) if has_previous else None,
    )


def _keys(queryset: QuerySet[M], order_by: Sequence[str]) -> list[_Key]:
    names = list(order_by)
    primary = queryset.model._meta.pk.name
    if not {name.lstrip("-") for name in names} & {"pk", primary}:
        names.append(f"-{primary}" if names and names[-1].startswith("-") else primary)
    return [_key(queryset, name.lstrip("-"), name.startswith("-")) for name in names]


def _key(queryset: QuerySet[M], name: str, descending: bool) -> _Key:
    """Return the column with the field that can read its values back: an annotation's, or a model's, relations crossed."""
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return _Key(name, descending, annotation.output_field, nullable=True)
    model: Any = queryset.model
    nullable = False
    *path, last = name.split("__")
    for step in path:
        relation = model._meta.get_field(step)
        nullable, model = nullable or relation.null, relation.related_model
    field: Any = model._meta.pk if last == "pk" else model._meta.get_field(last)
    nullable = nullable or field.null
    while field.is_relation:
        field = field.target_field
    return _Key(name, descending, field, nullable)


def _after(keys: Sequence[_Key], values: Sequence[object]) -> Q:
    """Return the condition «after the row with these values» in the order of ``keys``."""
    condition = Q(pk__in=[])
    equal_so_far = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.after(value)
        if beyond is not None:
            condition |= equal_so_far & beyond
        equal_so_far &= key.equals(value)
    first, value = keys[0], values[0]
    if not first.nullable and value is not None:
        # Redundant, but a plain bound on the leading column is what lets an index scan start at the right place.
        condition = Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value}) & condition
    return condition


def _encode(backwards: bool, keys: Sequence[_Key], row: Model) -> str:
    values = [_plain(_value(row, key.name)) for key in keys]
    text = json.dumps([_signature(keys), int(backwards), values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _decode(cursor: str | None, keys: Sequence[_Key]) -> tuple[bool, list[object]] | None:
    """Return direction and values, or None for anything that this module did not make for this order."""
    if not cursor or len(cursor) > _LONGEST_CURSOR or not cursor.isascii():
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        signature, backwards, values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if signature != _signature(keys) or backwards not in (0, 1) or len(values) != len(keys):
            return None
        return bool(backwards), [_checked(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError):
        return None


def _signature(keys: Sequence[_Key]) -> str:
    return ",".join(("-" if key.descending else "") + key.name for key in keys)


def _value(row: Model, name: str) -> object:
    value: Any = row
    for step in name.split("__"):
        value = getattr(value, step, None)
    return value.pk if isinstance(value, Model) else value


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _checked(key: _Key, value: object) -> object:
    """Return a value the database will take for this column. Raises ValueError and its like for any other."""
    if value is None:
        if not key.nullable:
            raise ValueError(key.name)
        return None
    if not isinstance(value, str | int | float):
        raise TypeError(key.name)
    read: object = key.field.to_python(value)
    if isinstance(read, str):
        read.encode()
        sound = "\x00" not in read
    elif isinstance(read, datetime | date):
        sound = _EARLIEST_YEAR <= read.year <= _LATEST_YEAR
        sound = sound and (not isinstance(read, datetime) or read.tzinfo is not None)
    elif isinstance(read, float | Decimal):
        sound = math.isfinite(read)
    else:
        sound = not isinstance(read, int) or abs(read) <= _BIGGEST_INTEGER
    if not sound or read is None:
        raise ValueError(key.name)
    return read
