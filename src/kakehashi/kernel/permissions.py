"""Permissions are one StrEnum per room, `room.thing:action`; an unknown name raises when it is defined or asked."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self, TypeVar

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import PermissionRefused

_SHAPE = re.compile(r"^[a-z]+\.[a-z_]+:[a-z_]+$")
E = TypeVar("E", bound=type[StrEnum])
_known: dict[str, type[StrEnum]] = {}


def define(enum: E) -> E:
    """Class decorator: register a room's permissions. Raises ValueError on a bad shape or a duplicate.

    A member's Japanese meaning is the attribute `label` (see `Permission`).
    """
    for member in enum:
        if not _SHAPE.match(member.value):
            message = f"{member.value!r} is not of the form room.thing:action"
            raise ValueError(message)
        if member.value in _known:
            message = f"permission {member.value!r} is defined twice"
            raise ValueError(message)
        _known[member.value] = enum
    return enum


class Permission(StrEnum):
    """Base of the rooms' enums: members are written `NAME = "room.thing:action", "日本語の説明"`."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def known_permissions() -> dict[str, str]:
    """All defined permissions with their Japanese label, in the order of definition."""
    return {value: enum(value).label for value, enum in _known.items()}  # type: ignore[attr-defined]


def check_known(permission: str) -> str:
    """Return the name unchanged. Raises ValueError for a name nobody defined."""
    if permission not in _known:
        message = f"undefined permission {permission!r}"
        raise ValueError(message)
    return permission


def require(actor: Actor, permission: str) -> None:
    """Raise `PermissionRefused` unless the actor holds the permission in the open tenant scope."""
    from kakehashi.kernel.tenancy import current_government_id

    if not actor.can(check_known(permission), current_government_id()):
        raise PermissionRefused(permission)
