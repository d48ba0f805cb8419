"""What an agenda item can be about: filled by this room for approvals, by `site` for its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.registry import Registry

Choice = tuple[UUID, str]


@dataclass(frozen=True)
class LinkTarget:
    """One kind of thing an item is linked to, such as an initiative of the plan.

    `choices(words)` lists (id, label) of what can be chosen, at most fifty; `describe(id)` gives label and address, None when it
    is gone. `permission` is what somebody needs to choose it and to follow the link; `room` must be on.
    """

    label: str
    room: str
    permission: str
    choices: Callable[[str], Sequence[Choice]]
    describe: Callable[[UUID], tuple[str, str] | None]


_targets: Registry[LinkTarget] = Registry("meetings.link_targets")


def register_link_target(kind: str, target: LinkTarget) -> None:
    """Register `<room>.<thing>`. Raises DuplicateKey the second time."""
    _targets.register(kind, target)


def link_target(kind: str) -> LinkTarget | None:
    """The target of a kind; None when its room is not installed."""
    return _targets.get(kind) if kind in _targets else None


def link_targets() -> list[tuple[str, LinkTarget]]:
    """All kinds in the order of registration."""
    return list(_targets.items())
