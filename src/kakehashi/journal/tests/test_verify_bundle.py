"""The stand-alone verifier, run as its own process, against every attack on an exported bundle."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.bundles import VERIFIER, BundleContent, BundleEvent, write_bundle
from kakehashi.journal.domain.canonical import canonical_json
from kakehashi.journal.domain.checkpoints import Checkpoint, origin_of
from kakehashi.journal.domain.commitments import commitment
from kakehashi.journal.domain.merkle import inclusion_proof, leaf_hash, over, root_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOWN = UUID("01890000-0000-7000-8000-000000000001")
SUBJECT = UUID("01890000-0000-7000-8000-0000000000aa")
START = datetime(2026, 4, 1, tzinfo=UTC)
FIRST_SIZE = 5
Files = dict[str, bytes]


def event(number: int, minute: int | None = None) -> tuple[bytes, bytes]:
    time = (START + timedelta(minutes=number if minute is None else minute)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    record = {"code": "kernel.thing.made", "occurred_at": time, "number": number}
    return bytes([number]) * 16, canonical_json({**record, "subject_kind": "kernel.thing", "subject_id": str(SUBJECT)})


def checkpoint(leaves: Sequence[bytes], minute: int) -> str:
    point = Checkpoint(origin_of(TOWN), len(leaves), root_of(leaves), START + timedelta(minutes=minute))
    return point.sign(KEY)


def bundle(path: Path, events: list[tuple[bytes, bytes]], *, whole: bool = True) -> str:
    """Write a bundle of events, sealed in two rounds (at minute 4 and at minute 60); return its root."""
    commitments = [commitment(*item) for item in events]
    leaves = [leaf_hash(item) for item in commitments]
    rows = [
        BundleEvent(index, *item, () if whole else tuple(inclusion_proof(index, len(leaves), over(leaves))))
        for index, item in enumerate(events)
    ]
    content = BundleContent(
        government_id=TOWN,
        created_at="2026-04-01T01:00:00Z",
        checkpoint=checkpoint(leaves, 60),
        history={FIRST_SIZE: checkpoint(leaves[:FIRST_SIZE], 4)} if whole else {},
        events=rows,
        commitments=commitments,
        subject=None if whole else ("kernel.thing", SUBJECT),
    )
    with path.open("wb") as target:
        write_bundle(target, content, KEY)
    return root_of(leaves).hex()


def tamper(path: Path, change: Callable[[Files], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    path.write_bytes(buffer.getvalue())


def run(path: Path, *options: str) -> tuple[int, str]:
    # Isolated, without site-packages: nothing but the standard library may be needed.
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr
    return done.returncode, done.stdout


def lines_changed(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        files[name] = b"".join(change(files[name].splitlines(keepends=True)))

    return apply


def payload_changed(files: Files) -> None:
    files["events.jsonl"] = files["events.jsonl"].replace(b'number\\":3', b'number\\":4', 1)


ATTACKS = {
    "change a payload": payload_changed,
    "change a salt": lines_changed("events.jsonl", lambda rows: [rows[0].replace(b"00", b"01", 1), *rows[1:]]),
    "delete a row": lines_changed("events.jsonl", lambda rows: rows[:2] + rows[3:]),
    "insert a row": lines_changed("events.jsonl", lambda rows: [*rows, rows[-1].replace(b"minute", b"hour")]),
    "truncate the rows": lines_changed("events.jsonl", lambda rows: rows[:-2]),
    "change a leaf": lines_changed("leaves.txt", lambda rows: [*rows[:3], rows[4], *rows[4:]]),
    "delete a leaf": lines_changed("leaves.txt", lambda rows: rows[:2] + rows[3:]),
    "swap two leaves": lines_changed("leaves.txt", lambda rows: [rows[1], rows[0], *rows[2:]]),
    "truncate the leaves": lines_changed("leaves.txt", lambda rows: rows[:-2]),
    "go back to an older checkpoint": lambda files: files.update({"checkpoint.txt": files["history/000000000005.txt"]}),
    "change the checkpoint": lines_changed("checkpoint.txt", lambda rows: [rows[0], b"9\n", *rows[2:]]),
    "drop a checkpoint": lambda files: files.pop("history/000000000005.txt") and None,
    "claim another government": lines_changed(
        "bundle.json", lambda rows: [row.replace(b"7000", b"7001") for row in rows]
    ),
    "add a file": lambda files: files.update({"extra.txt": b""}),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bundle.zip"


def test_an_honest_bundle_is_verified(path: Path) -> None:
    root = bundle(path, [event(number) for number in range(12)])
    status, text = run(path, "--root", root)
    assert status == 0, text
    assert "改ざんは見つかりませんでした" in text
    assert "VERIFIED" in text


def test_an_honest_bundle_of_one_subject_is_verified(path: Path) -> None:
    bundle(path, [event(number) for number in range(12)], whole=False)
    status, text = run(path)
    assert status == 0, text


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_a_changed_bundle_is_caught(path: Path, name: str) -> None:
    bundle(path, [event(number) for number in range(12)])
    tamper(path, ATTACKS[name])
    status, text = run(path)
    assert status == 1, text
    assert "壊れています" in text


@pytest.mark.parametrize("change", [payload_changed, lines_changed("events.jsonl", lambda rows: rows[:-1])])
def test_a_changed_bundle_of_one_subject_is_caught(path: Path, change: Callable[[Files], None]) -> None:
    bundle(path, [event(number) for number in range(12)], whole=False)
    tamper(path, change)
    assert run(path)[0] == 1


def test_a_log_rewritten_with_the_key_is_caught_by_the_printed_root(path: Path) -> None:
    printed = bundle(path, [event(number) for number in range(8)])
    bundle(path, [event(number + 100) for number in range(12)])
    assert run(path)[0] == 0
    assert run(path, "--root", printed)[0] == 1


def test_a_printed_root_of_an_earlier_size_is_found(path: Path) -> None:
    printed = bundle(path, [event(number) for number in range(8)])
    bundle(path, [event(number) for number in range(12)])
    assert run(path, "--root", f"{printed[:32]} {printed[32:]}".upper())[0] == 0


def test_another_key_is_caught_by_the_printed_key(path: Path) -> None:
    bundle(path, [event(number) for number in range(8)])
    stranger = f"{origin_of(TOWN)}+00000000+AAAA"
    assert run(path, "--key", stranger)[0] == 2


def test_a_row_put_in_later_with_an_old_time_is_caught(path: Path) -> None:
    bundle(path, [*(event(number) for number in range(11)), event(11, minute=-30)])
    status, text = run(path)
    assert status == 1
    assert "#11" in text
    assert "後から差し込まれています" in text


def test_what_is_no_bundle_is_said_so(path: Path) -> None:
    path.write_bytes(b"hello")
    status, text = run(path)
    assert status == 2
    assert "読み取れません" in text


def test_the_bundle_carries_the_verifier_and_the_way(path: Path) -> None:
    bundle(path, [event(1)])
    with zipfile.ZipFile(path) as archive:
        assert archive.read("verify.py") == VERIFIER.read_bytes()
        assert json.loads(archive.read("bundle.json"))["scope"] == "government"
        assert "verify.py" in archive.read("README.txt").decode()
