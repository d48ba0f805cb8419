"""代決: who may decide while the decider is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class DeputyCandidate:
    """A post in the deputy order with its holder at this instant (None: vacant). `clause`: where the order is written.

    `condition`: when alone this deputy may act (急を要するものに限る).
    """

    post_id: UUID
    post_label: str
    person_id: UUID | None
    is_absent: bool = False
    clause: str = ""
    condition: str = ""


def acting_deputy(candidates: Sequence[DeputyCandidate], drafter_id: UUID) -> DeputyCandidate | None:
    """The first present person in the deputy order; the drafter is passed over. None: nobody."""
    for candidate in candidates:
        if candidate.person_id is None or candidate.is_absent:
            continue
        if candidate.person_id == drafter_id:
            continue
        return candidate
    return None
