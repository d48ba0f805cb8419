"""A small sealed log, and the hand of somebody who may write to every table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import override_settings

from kakehashi.journal.services import record_event, seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

START = datetime(2026, 4, 1, tzinfo=UTC)
CODE = "journal.bundle.exported"


def record_some(government_id: UUID, count: int, *, at: datetime, subject_id: UUID | None = None) -> list[UUID]:
    """Record `count` events one second apart from `at`; return their ids."""
    with tenant_scope(government_id):
        found = []
        for number in range(count):
            with clock.frozen(at + timedelta(seconds=number)):
                event = record_event(
                    actor=system_actor(government_id),
                    code=CODE,
                    subject_kind="journal.log",
                    subject_id=subject_id or uuid7(),
                    payload={"番号": number, "share": 0.25},
                )
            found.append(event.id)
    return found


def sealed_log(government_id: UUID) -> list[UUID]:
    """Twelve events, sealed in two rounds an hour apart (5 and 7); return their ids in the order of the log."""
    found = []
    for hour, count in ((0, 5), (1, 7)):
        found += record_some(government_id, count, at=START + timedelta(hours=hour))
        with clock.frozen(START + timedelta(hours=hour, minutes=1)), tenant_scope(government_id):
            seal_events()
    return found


def as_owner(statement: str, values: list[Any] | None = None) -> None:
    """Run SQL as the owner of the tables, whom neither grants nor row security bind."""
    with connections["admin"].cursor() as cursor:
        cursor.execute(statement, values or [])


@contextmanager
def own_keys(folder: Path) -> Iterator[None]:
    """Use a key and outside copies of this test alone."""
    with override_settings(JOURNAL_KEY=folder / "keys" / "journal.pem", JOURNAL_OUTSIDE=folder / "outside"):
        yield
