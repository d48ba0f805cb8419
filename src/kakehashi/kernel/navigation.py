"""Entries of the menus, and the pages that the frame itself leads to; rooms add theirs when the program starts."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.kernel.actor import Actor


@dataclass(frozen=True)
class Link:
    """One entry: shown when its room is switched on and, for staff, the permission is held.

    `under` is the page of the entry it stands below: then it is a tab of that section and not on the rail, unless the
    section itself is not there. `tab` is a section's own word among its tabs. `kinds` are the kinds of government that are
    offered the entry, all of them when empty.
    """

    room: str
    label: str
    url_name: str
    icon: str
    order: int
    permission: str | None = None
    phone_bar: bool = False
    under: str = ""
    tab: str = ""
    kinds: frozenset[str] = frozenset()


class Place(enum.Enum):
    """A page that every frame leads to; at most one room offers each."""

    STAFF_SEARCH = "staff search"
    RESIDENT_SEARCH = "resident search"
    BELL = "bell"
    ACTING_POST = "acting post"


_staff: dict[str, Link] = {}
_resident: dict[str, Link] = {}
_account: dict[str, Link] = {}
_places: dict[Place, str] = {}
_unread: list[Callable[[Actor], int]] = []


def register_staff_link(link: Link) -> None:
    """Add an entry to the staff rail. Raises ValueError for a second entry of the same page."""
    _add(_staff, link)


def register_resident_link(link: Link) -> None:
    """Add an entry to the residents' menu. `label` is a Japanese msgid. Raises ValueError on a duplicate."""
    _add(_resident, link)


def register_account_link(link: Link) -> None:
    """Add an entry to the person's own menu. Raises ValueError on a duplicate."""
    _add(_account, link)


def register_place(place: Place, url_name: str) -> None:
    """Say which page a place of the frame is. Raises ValueError when another room has said so."""
    if _places.setdefault(place, url_name) != url_name:
        message = f"{place.value} is {_places[place]!r} already"
        raise ValueError(message)


def register_unread(count: Callable[[Actor], int]) -> None:
    """Say how the number beside the bell is counted."""
    _unread[:] = [count]


def place_of(place: Place) -> str:
    """The URL name of a place; empty when no room offers it."""
    return _places.get(place, "")


def unread_of(actor: Actor) -> int:
    """The number beside the bell; 0 when no room counts."""
    return _unread[0](actor) if _unread else 0


def account_links() -> list[Link]:
    """All entries of the person's own menu in order."""
    return sorted(_account.values(), key=lambda link: link.order)


def staff_links() -> list[Link]:
    """All staff entries in order."""
    return sorted(_staff.values(), key=lambda link: link.order)


def resident_links() -> list[Link]:
    """All resident entries in order."""
    return sorted(_resident.values(), key=lambda link: link.order)


def _add(links: dict[str, Link], link: Link) -> None:
    if link.url_name in links:
        message = f"navigation entry {link.url_name!r} is registered twice"
        raise ValueError(message)
    links[link.url_name] = link
