"""Counting tries in the database, so that every process counts the same ones."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from kakehashi.kernel import clock
from kakehashi.kernel.services import service
from kakehashi.people.domain.tries import Limit
from kakehashi.people.models import TryCount

# A person who mistypes is never near these; a program that guesses is.
CODE_REQUESTS_PER_ADDRESS = Limit("people.code_per_address", 5, 900)
CODE_REQUESTS_PER_CLIENT = Limit("people.code_per_client", 30, 900)
CODE_ANSWERS_PER_CLIENT = Limit("people.answer_per_client", 60, 900)
DIRECTORY_PER_NAME = Limit("people.directory_per_name", 8, 900)
DIRECTORY_PER_CLIENT = Limit("people.directory_per_client", 60, 900)


@service
def count_try(*, limit: Limit, subject: str) -> bool:
    """Count one try of the subject (an address, a name, a client) and say whether it is still within the limit."""
    row = TryCount(key=limit.key_for(subject), window_start=limit.window_start(clock.now()))
    TryCount.objects.bulk_create([row], ignore_conflicts=True)
    counter = TryCount.objects.filter(key=row.key, window_start=row.window_start)
    # The update locks the row, so the count read next is ours and not that of a neighbour in the same instant.
    counter.update(count=F("count") + 1)
    return counter.get().count <= limit.tries


@service
def sweep_tries() -> int:
    """Forget windows older than a day."""
    deleted, _ = TryCount.objects.filter(window_start__lt=clock.now() - timedelta(days=1)).delete()
    return deleted
