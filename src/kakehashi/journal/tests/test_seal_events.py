"""Sealing: every event once, late commits included, one tree per government, by one key outside the database."""

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from kakehashi.journal.adapters.outside_copy import read_outside_copy
from kakehashi.journal.adapters.signing_key import UnsafeKeyError, load_signing_key
from kakehashi.journal.domain.checkpoints import open_checkpoint, origin_of
from kakehashi.journal.domain.merkle import leaf_hash, root_of
from kakehashi.journal.domain.notes import verifier_key
from kakehashi.journal.models import Leaf, Seal
from kakehashi.journal.selectors import seal_status
from kakehashi.journal.services import seal_events
from kakehashi.journal.testing import START, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope


def indexes(government_id: UUID) -> list[int]:
    with tenant_scope(government_id):
        return list(Leaf.objects.order_by("index").values_list("index", flat=True))


def test_each_event_gets_one_leaf_in_order(government_id: UUID, log: list[UUID]) -> None:
    with tenant_scope(government_id):
        assert list(Leaf.objects.order_by("index").values_list("event_id", flat=True)) == log
        assert seal_events().added == 0
    assert indexes(government_id) == list(range(12))


def test_the_signed_root_is_that_of_the_leaves(government_id: UUID, log: list[UUID]) -> None:
    key = verifier_key(origin_of(government_id), load_signing_key(settings.JOURNAL_KEY))
    with tenant_scope(government_id):
        leaves = [leaf_hash(bytes(leaf.commitment)) for leaf in Leaf.objects.order_by("index")]
        for seal in Seal.objects.all():
            point = open_checkpoint(seal.note, key)
            assert (point.size, point.root) == (seal.size, root_of(leaves[: seal.size]))


def test_a_batch_at_a_time(government_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakehashi.journal.services.seal.BATCH", 4)
    record_some(government_id, 11, at=START)
    with tenant_scope(government_id):
        assert seal_events(limit=8).added == 8
        assert seal_events(limit=8).added == 3


def test_a_transaction_that_commits_late_is_not_lost(government_id: UUID) -> None:
    began, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with tenant_scope(government_id):
            record_some(government_id, 1, at=clock.now())
            began.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(20)
    record_some(government_id, 3, at=clock.now())
    with tenant_scope(government_id):
        assert seal_events(everywhere=False).added == 3
    may_end.set()
    thread.join(20)
    with tenant_scope(government_id):
        assert seal_events(everywhere=False).added == 1
    assert indexes(government_id) == [0, 1, 2, 3]


def test_two_workers_take_turns(government_id: UUID) -> None:
    record_some(government_id, 40, at=clock.now())

    def seal() -> None:
        with tenant_scope(government_id):
            seal_events()
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert indexes(government_id) == list(range(40))


def test_each_government_has_its_own_tree(government_id: UUID, log: list[UUID]) -> None:
    other = uuid7()
    record_some(other, 2, at=START)
    with tenant_scope(other):
        assert seal_events().size == 2
    assert indexes(government_id) == list(range(12))


def test_the_status_tells_what_waits(government_id: UUID, log: list[UUID]) -> None:
    late = START + timedelta(hours=2)
    record_some(government_id, 2, at=late)
    with clock.frozen(late + timedelta(seconds=7)), tenant_scope(government_id):
        status = seal_status()
    assert (status.size, status.waiting, status.lag) == (12, 2, timedelta(seconds=7))
    assert len(status.root) == 64


def test_the_newest_checkpoint_is_kept_outside(government_id: UUID, log: list[UUID]) -> None:
    with tenant_scope(government_id):
        assert read_outside_copy(settings.JOURNAL_OUTSIDE, government_id) == Seal.objects.get(size=12).note


def test_the_key_is_private_and_stays(keys: Path) -> None:
    path = settings.JOURNAL_KEY
    first = load_signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_signing_key(path).private_bytes_raw() == first.private_bytes_raw()
    path.chmod(0o644)
    with pytest.raises(UnsafeKeyError):
        load_signing_key(path)
