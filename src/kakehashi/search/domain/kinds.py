"""The kinds of things that can be found. Filled through `search.hooks`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of thing that can be found.

    `url` gives the page of a thing from its id, `resident_url` the page a resident may open (None: residents never see this
    kind). Staff see the kind only with `permission` (empty: every member of staff).
    """

    label: str
    url: Callable[[UUID], str]
    permission: str = ""
    resident_url: Callable[[UUID], str] | None = None
    shared_url: Callable[[UUID], str] | None = None


KINDS: Registry[SearchKind] = Registry("search.kinds")
