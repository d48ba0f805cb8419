"""The cast again and again, in one statement: built once by `two_towns`, then replayed with new ids.

Building it takes some hundred statements; thousands of tests want it. Ids are new each time, so that
nothing a process remembers by id can leak from one test into the next.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, models

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Cast, two_towns

# The driver writes ids without hyphens, the tenant's setting with them; a password's digest is no literal of its own.
_UUID = re.compile(r"(?<=['\"{,])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?=['\"},])")
_MOMENT = re.compile(r"(?<=')\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}\+00:00(?='::timestamptz)")
_ID_OR_MOMENT = re.compile(f"({_UUID.pattern})|({_MOMENT.pattern})")
_WRITES = ("INSERT", "UPDATE", "SELECT SET_CONFIG")


@dataclass(frozen=True)
class Recording:
    """What `two_towns` wrote, and what it gave back."""

    script: str
    cast: Cast
    ids: tuple[UUID, ...]

    @cached_property
    def _pieces(self) -> tuple[list[str], list[UUID]]:
        """The text between the ids, and the ids between the texts."""
        return _UUID.split(self.script), [UUID(found) for found in _UUID.findall(self.script)]

    def replay(self) -> Cast:
        """Write the same rows under new ids."""
        new = {old: uuid7() for old in self.ids}
        written = {old: str(id_) for old, id_ in new.items()}
        texts, ids = self._pieces
        with connection.cursor() as cursor:
            cursor.execute("".join(chain.from_iterable(zip(texts, [*map(written.__getitem__, ids), ""], strict=True))))
        return renamed(self.cast, new)  # type: ignore[no-any-return]


def record(rooms: list[str]) -> Recording:
    """Build the cast and keep every statement that wrote it."""
    statements: list[str] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.upper().startswith(_WRITES):
            statements.append(context["cursor"].cursor.mogrify(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        cast = two_towns(rooms)
    script = ";".join(statements)
    # Ids grow with time: the new ones stand in the order of the old.
    return Recording(script, copy.deepcopy(cast), tuple(sorted({UUID(found) for found in _UUID.findall(script)})))


@dataclass(frozen=True)
class Written:
    """What a costly service wrote for one town of the cast: new rows, and by name the rows it found there."""

    script: str
    found: Mapping[str, UUID]
    made: tuple[UUID, ...]
    began: dt.datetime
    ended: dt.datetime

    @cached_property
    def _pieces(self) -> tuple[list[str], list[UUID | dt.datetime]]:
        """The text between what is new each time, and between the texts the ids, and the moments at which it was written."""
        texts, slots, end = [], [], 0
        for one in _ID_OR_MOMENT.finditer(self.script):
            slot = UUID(one[1]) if one[1] else dt.datetime.fromisoformat(one[2])
            if isinstance(slot, UUID) or self.began <= slot <= self.ended:
                texts.append(self.script[end : one.start()])
                slots.append(slot)
                end = one.end()
        return [*texts, self.script[end:]], slots

    def replay(self, found: Mapping[str, UUID]) -> Callable[[UUID], UUID]:
        """Write the same rows for another town, in which the same things were found, as if just done.

        Gives the new id of an old one. Days are not moved: what was recorded yesterday is recorded anew by who keeps it.
        """
        new = {old: uuid7() for old in self.made} | {self.found[name]: found[name] for name in self.found}
        later = clock.now() - self.ended
        texts, slots = self._pieces
        written = {slot: str(new[slot] if isinstance(slot, UUID) else slot + later) for slot in set(slots)}
        with connection.cursor() as cursor:
            cursor.execute(
                "".join(chain.from_iterable(zip(texts, [*map(written.__getitem__, slots), ""], strict=True)))
            )
        return new.__getitem__


def record_written(write: Callable[[], object], found: Mapping[str, UUID]) -> Written:
    """Call `write`, and keep every statement that wrote. Ids that are not among `found` are taken for new ones."""
    statements: list[str] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.upper().startswith(_WRITES):
            statements.append(context["cursor"].cursor.mogrify(sql, params))
        return execute(sql, params, many, context)

    began = clock.now()
    with connection.execute_wrapper(keep):
        write()
    script = ";".join(statements)
    made = {UUID(one) for one in _UUID.findall(script)} - set(found.values())
    return Written(script, dict(found), tuple(sorted(made)), began, clock.now())


def renamed(value: Any, new: Mapping[UUID, UUID]) -> Any:
    """The same value with every id replaced by its new one."""
    if isinstance(value, UUID):
        return new.get(value, value)
    if isinstance(value, frozenset):
        return value  # names of permissions
    if isinstance(value, list | tuple | set):
        return type(value)(renamed(each, new) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: renamed(getattr(value, field.name), new) for field in fields(value)})
    if isinstance(value, models.Model):
        return _twin(value, new)
    return value


def _twin(row: models.Model, new: Mapping[UUID, UUID]) -> models.Model:
    """The same row under its new ids, without the rows it remembers; copying all it holds, blindly, takes eight times as long."""
    twin = type(row).__new__(type(row))
    for name, value in vars(row).items():
        twin.__dict__[name] = copy.deepcopy(value) if isinstance(value, dict) else renamed(value, new)
    twin._state = copy.copy(row._state)
    twin._state.fields_cache = {}
    return twin
