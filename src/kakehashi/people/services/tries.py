"""Counting tries in the database, so that every process counts the same ones. The numbers are explained in docs/operate/limits.md."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.people.domain.tries import Limit
from kakehashi.people.models import CacheEntry, TryCount

# A person who mistypes is never near these; a program that guesses is.
CODE_REQUESTS_PER_ADDRESS = Limit("people.code_per_address", 5, 900)
CODE_REQUESTS_PER_CLIENT = Limit("people.code_per_client", 30, 900)
CODE_ANSWERS_PER_CLIENT = Limit("people.answer_per_client", 60, 900)
DIRECTORY_PER_NAME = Limit("people.directory_per_name", 8, 900)
DIRECTORY_PER_CLIENT = Limit("people.directory_per_client", 60, 900)
# A system that looks for changes every second, and reads what it finds, is far below it.
CALLS_PER_TOKEN = Limit("people.api_per_token", 600, 60)
WRONG_KEYS_PER_CLIENT = Limit("people.api_wrong_keys", 60, 900)
# One statement and one round trip: the row is locked by it, so the count is ours and not a neighbour's of the same instant.
_COUNT = """
    INSERT INTO people_trycount (id, key, window_start, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, window_start) DO UPDATE SET count = people_trycount.count + 1
    RETURNING count
"""


@service
def count_try(*, limit: Limit, subject: str, is_office: bool = False) -> bool:
    """Count one try of the subject (an address, a name, a number) and say whether it is still within the limit."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [uuid7(), limit.key_for(subject), limit.window_start(clock.now())])
        (count,) = cursor.fetchone()
    return bool(count <= limit.allowed(is_office=is_office))


@service
def sweep_tries() -> int:
    """Forget windows older than a day, and cached entries (sealed forms that waited for a sign-in among them) that are over."""
    now = clock.now()
    deleted, _ = TryCount.objects.filter(window_start__lt=now - timedelta(days=1)).delete()
    over, _ = CacheEntry.objects.filter(expires__lt=now).delete()
    return deleted + over
