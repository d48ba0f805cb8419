"""Reads about governments. The tenant of a request is remembered for a moment, see settings."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse, set_script_prefix

from kakehashi.governments.domain.rooms import ROOM_WORDS, RoomWords
from kakehashi.governments.models import Government, RoomSwitch
from kakehashi.kernel.shared_reads import read_once

# These rooms have no switch: nothing works without them.
GROUND_ROOMS = frozenset({
    "journal", "governments", "people", "files", "eforms", "indicators", "search", "notices", "exchange", "opendata",
    "cases", "site",
})  # fmt: skip

# What a slug or a host name can be at all; anything else costs no query and cannot fill the memory.
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,199}")

Entry = tuple[float, "Government | None", frozenset[str]]
_by_slug: dict[str, Entry] = {}
_by_host: dict[str, Entry] = {}


def tenant_by_slug(slug: str) -> tuple[Government | None, frozenset[str]]:
    """The tenant whose addresses begin with `slug` and its switched-on rooms, or (None, ∅)."""
    return _remembered(_by_slug, slug, {"slug": slug})


def tenant_by_host(host: str) -> tuple[Government | None, frozenset[str]]:
    """The tenant served at this host name and its switched-on rooms, or (None, ∅)."""
    return _remembered(_by_host, host, {"host": host})


def rooms_of(government: Government) -> frozenset[str]:
    """The rooms a government has switched on, ground rooms included."""
    return rooms_of_id(government.id)


def rooms_of_id(government_id: UUID) -> frozenset[str]:
    """As rooms_of, by the government's id."""
    return GROUND_ROOMS | frozenset(
        RoomSwitch.objects.filter(government_id=government_id, is_on=True).values_list("room", flat=True)
    )


def room_is_on(government_id: UUID, room: str) -> bool:
    """Whether the government uses the room."""
    return (
        room in GROUND_ROOMS or RoomSwitch.objects.filter(government_id=government_id, room=room, is_on=True).exists()
    )


def switchable_rooms() -> list[str]:
    """The installed rooms that a government may switch on or off, in the order of the staff rail."""
    return [room for room in ROOM_WORDS if room in settings.ROOMS and room not in GROUND_ROOMS]


@dataclass(frozen=True)
class RoomSetting:
    """A switchable room and whether a government uses it."""

    room: str
    words: RoomWords
    is_on: bool


def room_settings(government: Government) -> list[RoomSetting]:
    """Every switchable room with its words and state."""
    on = rooms_of(government)
    return [RoomSetting(room, ROOM_WORDS[room], room in on) for room in switchable_rooms()]


@read_once
def get_government(government_id: UUID) -> Government:
    """The government with this id. Raises `Government.DoesNotExist`."""
    return Government.objects.get(id=government_id)


def tenants() -> list[Government]:
    """All governments served by this installation, by code."""
    return list(Government.objects.filter(is_tenant=True))


def who_has(table: str, condition: str, *, owner: str = "government_id") -> str:
    """The query of a sweep (`kernel.queue.sweep`): the governments that have a row in `table` that meets `condition`.

    One look into the index for each government, however many rows wait: give a condition that a partial index on `owner` carries.
    """
    # Both are words of our own declarations. Without the LIMIT the planner might read all that waits first.
    one = f'SELECT FROM "{table}" WHERE "{owner}" = g.id AND {condition} LIMIT 1'
    return f"SELECT g.id FROM governments_government AS g CROSS JOIN LATERAL ({one}) AS one WHERE g.is_tenant"  # noqa: S608


def absolute_url(government: Government, name: str, *args: object, **kwargs: object) -> str:
    """The full address of a page of one government, for mails and printed papers."""
    previous = get_script_prefix()
    try:
        set_script_prefix("/" if government.host else f"/{government.slug}/")
        path = reverse(name, args=args or None, kwargs=kwargs or None)
    finally:
        set_script_prefix(previous)
    if government.host:
        scheme = settings.CONFIG.base_url.split("://")[0]
        return f"{scheme}://{government.host}{path}"
    return f"{settings.CONFIG.base_url}{path}"


def address_from(request: HttpRequest, government: Government, name: str, *args: object, **kwargs: object) -> str:
    """The address of a page of one government for somebody who stands on this host: a path, as long as the host serves it.

    The configured address is not always the one people typed (127.0.0.1, a second name, another port). Whoever is led to another
    host name loses the session, and the answer to a form may not lead there at all (`form-action 'self'`). Only a government's
    own host serves no other government: from there the full address is given, which belongs in a link and never in a redirect.
    """
    if serves(request, government):
        previous = get_script_prefix()
        try:
            set_script_prefix("/" if is_own_host(request) else f"/{government.slug}/")
            return reverse(name, args=args or None, kwargs=kwargs or None)
        finally:
            set_script_prefix(previous)
    return absolute_url(government, name, *args, **kwargs)


def serves(request: HttpRequest, government: Government) -> bool:
    """Whether the host of this request has pages of the government."""
    return not is_own_host(request) or request.government.id == government.id  # type: ignore[attr-defined]


def is_own_host(request: HttpRequest) -> bool:
    """Whether the request came by a government's own host name and not by the common one."""
    return bool(getattr(request, "is_own_host", False))


def forget_tenants() -> None:
    """Forget what this process remembers, after a change of names or switches."""
    _by_slug.clear()
    _by_host.clear()


def _remembered(memory: dict[str, Entry], key: str, where: dict[str, str]) -> tuple[Government | None, frozenset[str]]:
    if not _NAME.fullmatch(key):
        return None, frozenset()
    now = time.monotonic()
    entry = memory.get(key)
    if entry is not None and now - entry[0] < settings.GOVERNMENT_CACHE_SECONDS:
        return entry[1], entry[2]
    if entry is not None and settings.GOVERNMENT_CACHE_SECONDS:
        # One thread reads anew; who comes meanwhile takes what was known before, so that not all wait for the same.
        memory[key] = (now, *entry[1:])
    try:
        government = Government.objects.filter(is_tenant=True, **where).first()
        rooms = rooms_of(government) if government else frozenset()
    except Exception:
        memory.pop(key, None)
        raise
    if len(memory) > 4000:
        memory.clear()
    memory[key] = (now, government, rooms)
    return government, rooms
