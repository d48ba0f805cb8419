"""A sealed log in a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from kakehashi.journal.testing import own_keys, sealed_log
from kakehashi.kernel.ids import uuid7


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    with own_keys(tmp_path):
        yield tmp_path


@pytest.fixture
def government_id(swept_database: str, keys: Path) -> UUID:
    return uuid7()


@pytest.fixture
def log(government_id: UUID) -> list[UUID]:
    return sealed_log(government_id)
