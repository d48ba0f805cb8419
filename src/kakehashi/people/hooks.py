"""What upper rooms tell people: what a personnel change breaks, what a handover holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from kakehashi.kernel.registry import Registry
from kakehashi.people.domain.handover import Breakage, HandoverItem, HandoverSection, LosingPost

__all__ = [
    "Breakage",
    "HandoverItem",
    "HandoverSection",
    "LosingPost",
    "breakages_of",
    "handover_sections",
    "register_breakage_check",
    "register_handover_part",
]


BreakageCheck = Callable[[Sequence[LosingPost], date], Sequence[Breakage]]
HandoverPart = Callable[[UUID, UUID | None, date], HandoverSection]

_breakages: Registry[BreakageCheck] = Registry("people.breakages")
_handover_parts: Registry[HandoverPart] = Registry("people.handover_parts")


def register_breakage_check(code: str, check: BreakageCheck) -> None:
    """Add a check of personnel changes, `<room>.<name>`: called with the posts that lose their holder and the day."""
    _breakages.register(code, check)


def register_handover_part(code: str, part: HandoverPart) -> None:
    """Add a part of the handover pack, `<room>.<name>`: called with the post, its present holder (or None) and the day."""
    _handover_parts.register(code, part)


def breakages_of(losing: Sequence[LosingPost], on: date) -> list[Breakage]:
    """Everything that the rooms above say would break."""
    return [found for _, check in _breakages.items() for found in check(losing, on)]


def handover_sections(post_id: UUID, holder_id: UUID | None, on: date) -> list[HandoverSection]:
    """What the rooms above put into the pack of a post."""
    return [part(post_id, holder_id, on) for _, part in _handover_parts.items()]
