"""Entries of the staff rail and the residents' menu; rooms add theirs when the program starts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """One entry: shown when its room is switched on and, for staff, the permission is held."""

    room: str
    label: str
    url_name: str
    icon: str
    order: int
    permission: str | None = None
    phone_bar: bool = False


_staff: dict[str, Link] = {}
_resident: dict[str, Link] = {}


def register_staff_link(link: Link) -> None:
    """Add an entry to the staff rail. Raises ValueError for a second entry of the same page."""
    _add(_staff, link)


def register_resident_link(link: Link) -> None:
    """Add an entry to the residents' menu. `label` is a Japanese msgid. Raises ValueError on a duplicate."""
    _add(_resident, link)


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
