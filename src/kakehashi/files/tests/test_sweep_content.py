"""Freeing the space of content that nobody has any more."""

import os

import pytest

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import content_store, read_file
from kakehashi.files.services import discard_file, store_file, sweep_content
from kakehashi.files.testing import PDF, PURPOSE
from kakehashi.people.testing import Town


def age(stored: StoredFile) -> None:
    os.utime(content_store().path(stored.government_id, stored.sha256), (0, 0))


@pytest.fixture
def stored(town: Town) -> StoredFile:
    return store_file(actor=town.clerk, name="a.pdf", content=PDF + town.id.bytes, purpose=PURPOSE)


def test_old_content_without_a_row_goes(town: Town, stored: StoredFile) -> None:
    age(stored)
    discard_file(actor=town.clerk, stored_file=stored)
    assert sweep_content(town.id) == 1
    assert not content_store().path(town.id, stored.sha256).exists()


def test_content_that_a_row_has_stays(town: Town, stored: StoredFile) -> None:
    age(stored)
    assert sweep_content(town.id) == 0
    assert read_file(stored)


def test_young_content_stays_because_its_row_may_be_on_the_way(town: Town, stored: StoredFile) -> None:
    discard_file(actor=town.clerk, stored_file=stored)
    assert sweep_content(town.id) == 0


def test_content_kept_again_meanwhile_stays(town: Town, stored: StoredFile) -> None:
    age(stored)
    store_file(actor=town.clerk, name="b.pdf", content=PDF + town.id.bytes, purpose=PURPOSE)
    assert not content_store().forget(town.id, stored.sha256, before=1_000_000_000)
