"""What upper rooms tell people: what a personnel change or a reorganisation breaks, what a handover holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from kakehashi.kernel.registry import Registry
from kakehashi.people.domain.affected import Affected, Finding, Heir, Reorganised, Subject, divide, findings_of_kind
from kakehashi.people.domain.handover import Breakage, HandoverItem, HandoverSection, LosingPost

__all__ = [
    "Affected",
    "Breakage",
    "Finding",
    "HandoverItem",
    "HandoverSection",
    "Heir",
    "LosingPost",
    "Reorganised",
    "Subject",
    "affected_kind",
    "affected_kinds",
    "breakages_of",
    "divide",
    "handover_sections",
    "register_affected",
    "register_breakage_check",
    "register_handover_part",
    "register_reorganisation_check",
    "reorganisation_findings",
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


ReorganisationCheck = Callable[[Reorganised], Sequence[Finding]]

_affected: Registry[Affected] = Registry("people.affected_by_reorganisation")
_checks: Registry[ReorganisationCheck] = Registry("people.reorganisation_checks")


def register_affected(code: str, kind: Affected) -> None:
    """Add a kind of row, `<room>.<name>`, that a reorganisation moves or breaks."""
    _affected.register(code, kind)


def register_reorganisation_check(code: str, check: ReorganisationCheck) -> None:
    """Add a check that is not a list of rows: rules that name posts, numbers, texts that name a section."""
    _checks.register(code, check)


def affected_kinds() -> list[tuple[str, Affected]]:
    """Every kind that was registered, with its code."""
    return list(_affected.items())


def affected_kind(code: str) -> Affected:
    """The kind of a code. Raises UnknownKey."""
    return _affected.get(code)


def reorganisation_findings(change: Reorganised) -> list[Finding]:
    """Everything that the rooms say breaks or moves: what hangs on departments and posts that end, and what their checks found."""
    hanging = [found for code, kind in _affected.items() for found in findings_of_kind(code, kind, change)]
    return [*hanging, *(found for _, check in _checks.items() for found in check(change))]
