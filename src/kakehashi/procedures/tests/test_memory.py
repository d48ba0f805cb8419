"""Rows remembered for a moment: read anew by one thread, while the others go on."""

from __future__ import annotations

from uuid import UUID

import pytest

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.selectors.remembered import Memory

pytestmark = pytest.mark.django_db
SECONDS = 2.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What `time.monotonic` says, to be set forward."""
    now = [100.0]
    monkeypatch.setattr(
        "kakehashi.procedures.selectors.remembered.time", type("Clock", (), {"monotonic": lambda: now[0]})
    )
    return now


def test_who_comes_while_a_row_is_read_anew_takes_the_one_of_before(clock: list[float]) -> None:
    memory: Memory[Procedure] = Memory(10)
    row_id = uuid7()
    seen: list[Procedure] = []

    with tenant_scope(uuid7()):
        old, new = Procedure(name="前"), Procedure(name="後")

        def read_slowly(asked: UUID) -> Procedure:
            # Another thread asks now; it must not read as well.
            seen.append(memory.get(asked, _never, SECONDS))
            return new

        assert memory.get(row_id, lambda _: old, SECONDS) is old
        clock[0] += SECONDS
        assert memory.get(row_id, read_slowly, SECONDS) is new
        assert seen == [old]
        assert memory.get(row_id, _never, SECONDS) is new


def test_a_row_that_cannot_be_read_anew_is_forgotten(clock: list[float]) -> None:
    memory: Memory[Procedure] = Memory(10)
    row_id = uuid7()
    with tenant_scope(uuid7()):
        memory.get(row_id, lambda _: Procedure(), SECONDS)
        clock[0] += SECONDS
        for _ in range(2):
            with pytest.raises(Procedure.DoesNotExist):
                memory.get(row_id, _never, SECONDS)


def _never(_: UUID) -> Procedure:
    raise Procedure.DoesNotExist
