"""Every attack on the rows is found: where they lie, and again in an exported bundle by the stand-alone verifier."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from kakehashi.journal.domain.bundles import VERIFIER
from kakehashi.journal.services import export_bundle, seal_events, verify_journal
from kakehashi.journal.testing import START, as_owner, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

Log = list[UUID]

INSERT = """
    INSERT INTO journal_event (id, government_id, act_id, code, actor_kind, actor_id, actor_label, post_id, subject_kind,
        subject_id, payload, salt, occurred_at)
    SELECT %s, government_id, act_id, code, actor_kind, actor_id, actor_label, post_id, subject_kind, subject_id, payload,
        salt, occurred_at FROM journal_event WHERE id = %s
"""
NEW_LEAF = (
    "INSERT INTO journal_leaf (id, government_id, index, event_id, commitment) SELECT %s, government_id, %s, %s, "
)


def change(log: Log) -> None:
    as_owner("UPDATE journal_event SET payload = jsonb_set(payload, '{share}', '0.5') WHERE id = %s", [log[3]])


def change_time(log: Log) -> None:
    as_owner("UPDATE journal_event SET occurred_at = occurred_at - interval '1 day' WHERE id = %s", [log[8]])


def delete(log: Log) -> None:
    as_owner("DELETE FROM journal_event WHERE id = %s", [log[4]])


def delete_with_leaf(log: Log) -> None:
    delete(log)
    as_owner("DELETE FROM journal_leaf WHERE event_id = %s", [log[4]])


def insert(log: Log) -> None:
    as_owner(INSERT, [uuid7(), log[1]])


def insert_and_let_it_be_sealed(log: Log) -> None:
    insert(log)
    with clock.frozen(START + timedelta(hours=3)):
        seal_events()


def insert_with_leaf(log: Log) -> None:
    stranger = uuid7()
    as_owner(INSERT, [stranger, log[11]])
    as_owner(NEW_LEAF + "commitment FROM journal_leaf WHERE event_id = %s", [uuid7(), 12, stranger, log[11]])


def insert_between(log: Log) -> None:
    as_owner("UPDATE journal_leaf SET index = index + 1000 WHERE index >= 6")
    stranger = uuid7()
    as_owner(INSERT, [stranger, log[5]])
    as_owner(NEW_LEAF + "commitment FROM journal_leaf WHERE event_id = %s", [uuid7(), 6, stranger, log[5]])
    as_owner("UPDATE journal_leaf SET index = index - 999 WHERE index >= 1000")


def reorder(log: Log) -> None:
    for index, event_id in ((1000, log[6]), (6, log[7]), (7, log[6])):
        as_owner("UPDATE journal_leaf SET index = %s WHERE event_id = %s", [index, event_id])


def truncate(log: Log) -> None:
    as_owner("DELETE FROM journal_leaf WHERE index >= 9")
    as_owner("DELETE FROM journal_event WHERE id = ANY(%s)", [log[9:]])


def truncate_with_seal(log: Log) -> None:
    as_owner("DELETE FROM journal_leaf WHERE index >= 5")
    as_owner("DELETE FROM journal_event WHERE id = ANY(%s)", [log[5:]])
    as_owner("DELETE FROM journal_seal WHERE size > 5")


def change_seal(log: Log) -> None:
    as_owner("UPDATE journal_seal SET note = replace(note, '2026', '2025')")


ATTACKS: dict[Callable[[Log], None], str] = {
    change: "event.changed",
    change_time: "event.changed",
    delete: "event.deleted",
    delete_with_leaf: "tree.differs",
    insert: "event.inserted",
    insert_and_let_it_be_sealed: "event.inserted",
    insert_with_leaf: "tree.extended",
    insert_between: "tree.differs",
    reorder: "tree.differs",
    truncate: "tree.truncated",
    truncate_with_seal: "outside.differs",
    change_seal: "seal.signature",
}


def export_and_verify(folder: Path) -> tuple[int, str]:
    path = folder / "bundle.zip"
    with path.open("wb") as target:
        export_bundle(actor=system_actor(settings.GOVERNMENT), target=target)
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def scope(government_id: UUID, log: Log, settings: object) -> UUID:
    settings.GOVERNMENT = government_id  # type: ignore[attr-defined]
    return government_id


def test_an_honest_log_is_intact(scope: UUID, keys: Path) -> None:
    record_some(scope, 1, at=START + timedelta(hours=2))
    result = verify_journal(government_id=scope)
    assert result.is_intact, result.findings
    assert (result.size, result.unsealed) == (12, 1)
    with tenant_scope(scope):
        status, text = export_and_verify(keys)
    assert status == 0, text


@pytest.mark.parametrize(("attack", "code"), list(ATTACKS.items()), ids=[attack.__name__ for attack in ATTACKS])
def test_an_attack_is_found_twice(scope: UUID, log: Log, keys: Path, attack: Callable[[Log], None], code: str) -> None:
    with tenant_scope(scope):
        attack(log)
    found = {finding.code for finding in verify_journal(government_id=scope).findings}
    assert code in found
    with tenant_scope(scope):
        status, text = export_and_verify(keys)
    assert status == 1, text


def test_an_empty_log_is_intact(government_id: UUID) -> None:
    assert verify_journal(government_id=government_id).is_intact


def test_the_neighbours_log_stays_intact(scope: UUID, log: Log) -> None:
    other = uuid7()
    record_some(other, 2, at=START)
    with tenant_scope(other):
        seal_events()
    change(log)
    assert verify_journal(government_id=other).is_intact
