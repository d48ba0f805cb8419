"""What every page's frame needs: navigation of the rooms that are on, and who is acting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kakehashi.kernel.navigation import resident_links, staff_links


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `government`, `actor`, `staff_links`, `resident_links` (lazy, no query here)."""
    government: Any = getattr(request, "government", None)
    rooms: frozenset[str] = getattr(request, "rooms", frozenset())
    actor: Any = getattr(request, "actor", None)

    def allowed() -> list[Any]:
        return [
            link
            for link in staff_links()
            if link.room in rooms and (link.permission is None or actor.can(link.permission, government.id))
        ]

    return {
        "government": government,
        "actor": actor,
        "staff_links": allowed,
        "resident_links": [link for link in resident_links() if link.room in rooms],
    }
