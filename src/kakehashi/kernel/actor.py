"""Who acts. Lower rooms know people only through this protocol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of actor stands behind an act."""

    STAFF = "staff"
    RESIDENT = "resident"
    ANONYMOUS = "anonymous"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    MACHINE = "machine"


@runtime_checkable
class Actor(Protocol):
    """A person, resident or program that acts in one government.

    `label` is how the journal and timelines name the actor at the time of the act, post included.
    """

    @property
    def id(self) -> UUID | None: ...
    @property
    def kind(self) -> ActorKind: ...
    @property
    def government_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...
    @property
    def post_id(self) -> UUID | None: ...
    def can(self, permission: str, government_id: UUID) -> bool:
        """Whether the actor holds the permission in that government."""
        ...


@dataclass(frozen=True)
class AnonymousActor:
    """Somebody who has not said who they are. Holds no permission."""

    government_id: UUID | None = None
    id: UUID | None = None
    kind: ActorKind = ActorKind.ANONYMOUS
    label: str = "匿名"
    post_id: UUID | None = None

    def can(self, permission: str, government_id: UUID) -> bool:
        return False


@dataclass(frozen=True)
class SystemActor:
    """The program itself (worker, import, command line), bound to one government."""

    government_id: UUID
    label: str = "システム"
    id: UUID | None = None
    kind: ActorKind = ActorKind.SYSTEM
    post_id: UUID | None = None

    def can(self, permission: str, government_id: UUID) -> bool:
        return government_id == self.government_id


def system_actor(government_id: UUID, label: str = "システム") -> SystemActor:
    """The program acting for one government; `label` names the job, such as 「取込」."""
    return SystemActor(government_id=government_id, label=label)
