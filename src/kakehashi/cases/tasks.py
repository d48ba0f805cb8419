"""Background work of cases."""

from __future__ import annotations

from uuid import UUID

from kakehashi.cases.services import number_cases, remind_sections, resume_batches
from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep


@sweep(
    name="cases.number",
    seconds=2,
    waiting=who_has("cases_case", "sequence IS NULL"),
    # What it costs is the same for ten cases or a thousand; the inbox shows a case without its number.
    patience=10,
)
def give_numbers(government_id: UUID) -> int:
    """Number what was opened since the last look."""
    return number_cases(government_id=government_id)


@sweep(
    name="cases.batches",
    seconds=30,
    waiting="SELECT DISTINCT government_id FROM cases_casebatch WHERE state = 'running'",
)
def go_on_with_batches(government_id: UUID) -> int:
    """Go on with batches whose page was closed half-way."""
    return resume_batches(government_id=government_id)


@sweep(
    name="cases.inquiries",
    seconds=3600,
    waiting="SELECT DISTINCT government_id FROM cases_inquiry WHERE answered_on IS NULL",
)
def remind_asked_sections(government_id: UUID) -> int:
    """Remind sections of questions that are due."""
    return remind_sections(government_id=government_id)
