"""Who calls the API."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.actor import ActorKind
from kakehashi.people.domain.tokens import digest_of, is_token
from kakehashi.people.models import ApiToken


@dataclass(frozen=True)
class TokenActor:
    """Another system, calling with a key. Never opens a page of staff, never has administrator power."""

    id: UUID
    government_id: UUID
    label: str
    permissions: frozenset[str]
    department_id: UUID | None
    kind: ActorKind = ActorKind.MACHINE
    post_id: UUID | None = None

    def can(self, permission: str, government_id: UUID) -> bool:
        """Whether the key carries the permission, in its own government only."""
        return government_id == self.government_id and permission in self.permissions


def token_actor(text: str) -> TokenActor | None:
    """The actor of a key as it was sent, or None when it is unknown, revoked or past its last day."""
    if not is_token(text):
        return None
    found = ApiToken.objects.filter(digest=digest_of(text), revoked_at=None).first()
    if found is None or found.valid_to < clock.today():
        return None
    return TokenActor(
        found.id, found.government_id, f"API：{found.name}", frozenset(found.permissions), found.department_id
    )


def api_tokens() -> QuerySet[ApiToken]:
    """Every key, those in use first."""
    return ApiToken.objects.select_related("department").order_by("revoked_at", "-made_at")
