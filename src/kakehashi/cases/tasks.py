"""Background work of cases."""

from __future__ import annotations

from uuid import UUID

from kakehashi.cases.services import number_cases
from kakehashi.kernel.queue import sweep


@sweep(
    name="cases.number",
    seconds=2,
    waiting="SELECT DISTINCT government_id FROM cases_case WHERE sequence IS NULL",
)
def give_numbers(government_id: UUID) -> int:
    """Number what was opened since the last look."""
    return number_cases(government_id=government_id)
