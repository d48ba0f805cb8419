"""What tests of search share: one kind and a small town's texts."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import DuplicateKey
from kakehashi.people.testing import Town
from kakehashi.search.hooks import SearchKind, register_kind
from kakehashi.search.services import index_pending, index_text

KIND = "search.test"


def a_kind(name: str = KIND, permission: str = "") -> str:
    """Register a kind of the tests once and return it. Residents may see it."""
    try:
        register_kind(
            name,
            SearchKind(
                label="試験",
                url=lambda object_id: f"/staff/x/{object_id}/",
                permission=permission,
                resident_url=lambda object_id: f"/x/{object_id}/",
            ),
        )
    except DuplicateKey:
        pass
    return name


def put(town: Town, title: str, body: str = "", *, kind: str = KIND, index: bool = True, **more: object) -> UUID:
    """Make a text findable and return its object's id; the town's scope must be open."""
    object_id = uuid7()
    index_text(
        government_id=town.id,
        kind=a_kind(kind),
        object_id=object_id,
        title=title,
        fields={"body": body},
        **more,  # type: ignore[arg-type]
    )
    if index:
        index_pending()
    return object_id
