"""What every page's frame needs: navigation of the rooms that are on, who is acting, what is unread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from kakehashi.kernel.navigation import (
    Link,
    Place,
    account_links,
    place_of,
    resident_links,
    staff_links,
    unread_of,
)
from kakehashi.notices.selectors import present_emergencies
from kakehashi.site.demo.rail import Rail, rail_of

# The phone's bar holds five: four rooms and search.
_PHONE_ROOMS = ("cases", "procedures", "approvals", "desk")
_PHONE_WORDS = {"procedures": "申請", "approvals": "決裁", "desk": "相談"}


@dataclass(frozen=True)
class ShellLink:
    """One entry of a menu as the template needs it."""

    label: str
    url: str
    icon: str
    room: str
    is_current: bool


class Shell:
    """The frame of one request's page. Everything is worked out when a template asks, so a fragment pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.government = getattr(request, "government", None)
        self.rooms: frozenset[str] = getattr(request, "rooms", frozenset())
        self.actor = getattr(request, "actor", None)

    @property
    def is_demo(self) -> bool:
        """Whether the government is one of the demonstration's."""
        return bool(self.government and self.government.is_demo)

    @cached_property
    def rail(self) -> Rail | None:
        """The demo's map of the road beside the page; nothing outside the demo."""
        return rail_of(self.request) if settings.CONFIG.demo else None

    @cached_property
    def _permitted(self) -> list[Link]:
        """Staff entries of rooms that are on and whose permission the actor holds."""
        if self.government is None or self.actor is None:
            return []
        here = self.government.id
        return [
            link
            for link in staff_links()
            if link.room in self.rooms
            and (not link.kinds or self.government.kind in link.kinds)
            and (link.permission is None or self.actor.can(link.permission, here))
        ]

    @cached_property
    def _section(self) -> str:
        """The page of the section that the visitor is in, empty outside every one."""
        found = [(link, _url(link.url_name)) for link in self._permitted]
        inside = [(len(url), link) for link, url in found if url and self.request.path.startswith(url)]
        if not inside:
            return ""
        link = max(inside, key=lambda pair: pair[0])[1]
        return self._above(link)

    def _above(self, link: Link) -> str:
        """The section an entry belongs to: the one it stands under if that is there, else its own."""
        there = {each.url_name for each in self._permitted}
        return link.under if link.under in there else link.url_name

    @cached_property
    def staff_links(self) -> list[ShellLink]:
        """The rail: one entry for each section."""
        found = [(link, _url(link.url_name)) for link in self._permitted if self._above(link) == link.url_name]
        return [
            ShellLink(link.label, url, link.icon, link.room, link.url_name == self._section)
            for link, url in found
            if url
        ]

    @cached_property
    def section_links(self) -> list[ShellLink]:
        """The tabs of the section the visitor is in; none where a section is one page."""
        chosen = [link for link in self._permitted if self._section and self._above(link) == self._section]
        shown = self._shown(chosen) if len(chosen) > 1 else []
        words = {_url(link.url_name): link.tab for link in chosen if link.tab}
        return [
            ShellLink(words.get(each.url, each.label), each.url, each.icon, each.room, each.is_current)
            for each in shown
        ]

    @cached_property
    def phone_links(self) -> list[ShellLink]:
        """The bar of five on a phone: 今日の仕事・申請・決裁・相談・検索, as far as they are there."""
        by_room: dict[str, ShellLink] = {}
        for link in self.staff_links:
            by_room.setdefault(link.room, link)
        bar = [by_room[room] for room in _PHONE_ROOMS if room in by_room]
        bar = [
            ShellLink(_PHONE_WORDS.get(link.room, link.label), link.url, link.icon, link.room, link.is_current)
            for link in bar
        ]
        if self.staff_search_url:
            current = self.request.path.startswith(self.staff_search_url)
            bar.append(ShellLink("検索", self.staff_search_url, "search", "search", current))
        return bar[:5]

    @cached_property
    def resident_links(self) -> list[ShellLink]:
        """The residents' menu, in the page's language."""
        return self._shown([link for link in resident_links() if link.room in self.rooms])

    @cached_property
    def emergencies(self) -> list[tuple[str, str]]:
        """Heading and address of each emergency of now, in the page's language."""
        if self.government is None:
            return []
        language = get_language() or "ja"
        return [(each.words(language)[0], _id_url("notices:announcement", each.id)) for each in present_emergencies()]

    @cached_property
    def staff_search_url(self) -> str:
        """Where the global search box leads, empty while there is no search page."""
        return self._place(Place.STAFF_SEARCH)

    @cached_property
    def resident_search_url(self) -> str:
        """Where the residents' search box leads."""
        return self._place(Place.RESIDENT_SEARCH)

    @cached_property
    def notices_url(self) -> str:
        """The bell's page."""
        return self._place(Place.BELL)

    @cached_property
    def unread_count(self) -> int:
        """How many notices the actor has not read."""
        return unread_of(self.actor) if self.actor is not None else 0

    @cached_property
    def acting_posts(self) -> list[dict[str, Any]]:
        """The posts the person may act as today (兼務); empty when there is nothing to choose."""
        posts = tuple(getattr(self.actor, "posts", ()))
        here = getattr(self.actor, "post_id", None)
        return [{"id": post.id, "label": post.name, "is_current": post.id == here} for post in posts if len(posts) > 1]

    @cached_property
    def acting_url(self) -> str:
        """Where the choice of a post is sent."""
        return self._place(Place.ACTING_POST)

    @cached_property
    def account_links(self) -> list[ShellLink]:
        """Entries of the person's own menu."""
        found = [(link, _url(link.url_name)) for link in account_links()]
        return [ShellLink(link.label, url, link.icon, link.room, False) for link, url in found if url]

    def _place(self, place: Place) -> str:
        """The address of a place of the frame, empty while its room is off."""
        name = place_of(place)
        return _url(name) if name.partition(":")[0].removesuffix("-staff") in self.rooms else ""

    def _shown(self, links: list[Link]) -> list[ShellLink]:
        found = [(link, _url(link.url_name)) for link in links]
        path = self.request.path
        here = max((url for _, url in found if url and path.startswith(url)), key=len, default="")
        return [ShellLink(gettext(link.label), url, link.icon, link.room, url == here) for link, url in found if url]


def _is_here(name: str) -> bool:
    """Whether this process answers at a page; the staff half only knows the addresses of the residents' pages."""
    return settings.CONFIG.surface != "staff" or name.partition(":")[0] not in settings.ROOMS


def _id_url(name: str, id_: UUID) -> str:
    if not _is_here(name):
        return ""
    try:
        return reverse(name, args=[id_])
    except NoReverseMatch:
        return ""


def _url(name: str) -> str:
    """The address of a page, empty where this process does not serve it (`--surface`) or the room is not there."""
    try:
        return reverse(name) if name and _is_here(name) else ""
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, `government` and `actor`. No query here."""
    return {
        "shell": Shell(request),
        "government": getattr(request, "government", None),
        "actor": getattr(request, "actor", None),
    }
