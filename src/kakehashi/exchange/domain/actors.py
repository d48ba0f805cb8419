"""Who did something on the other side, as this side knows them: a label and a kind, and no power of their own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.actor import ActorKind

__all__ = ["CarriedActor", "exchange_actor"]


@dataclass(frozen=True, slots=True)
class CarriedActor:
    """An actor of the other half. `can` is true only for staff, and only in their own government: what they did there was
    allowed there, and the seal of the bundle says that it was done there.
    """

    government_id: UUID
    kind: ActorKind
    label: str
    id: UUID | None = None
    post_id: UUID | None = None

    def can(self, permission: str, government_id: UUID) -> bool:
        """Whether the act may be repeated here."""
        return self.kind is ActorKind.STAFF and government_id == self.government_id


def exchange_actor(government_id: UUID, label: str, *, is_staff: bool) -> CarriedActor:
    """The actor of something that came: one of the staff, or an applicant."""
    kind = ActorKind.STAFF if is_staff else ActorKind.ANONYMOUS
    return CarriedActor(government_id, kind, label[:200])
