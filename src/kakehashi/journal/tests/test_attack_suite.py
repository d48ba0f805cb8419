"""The attack suite: each attack on evidence is caught by the offline verifier.

The attacker holds the signing key and signs the list of files again; where that is not enough to be caught from the inside,
the test says what outside the town hall catches it (the printed root, a witness, a kept checkpoint, an authority's time).
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.dossiers import Paper
from kakehashi.journal.domain.notes import verifier_key
from kakehashi.journal.domain.verify import verify
from kakehashi.journal.tests.case_bundle import (
    ATTACHMENT,
    FILE,
    KEY,
    OTHER_KEY,
    START,
    TOWN,
    WITNESS,
    Files,
    Log,
    acts,
    checkpoint,
    dossier,
    record,
    tampered,
)
from kakehashi.journal.tests.local_tsa import LocalTsa

INTACT, BROKEN = 0, 1


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def case(log: Log, tmp_path: Path) -> Path:
    return log.case(tmp_path / "case.zip")


@pytest.fixture
def whole(log: Log, tmp_path: Path) -> Path:
    return log.whole(tmp_path / "whole.zip")


def rows(files: Files) -> list[dict]:
    return [json.loads(line) for line in files["events.jsonl"].splitlines()]


def with_rows(changed: list[dict]) -> Files:
    return {"events.jsonl": "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in changed).encode()}


def claims(files: Files, **change: object) -> Files:
    about = json.loads(files["bundle.json"])
    about["dossier"] |= change
    return {"bundle.json": json.dumps(about).encode()}


def test_nothing_is_caught_where_nothing_was_changed(log: Log, case: Path, whole: Path) -> None:
    kept = case.with_name("kept.txt")
    kept.write_text(log.newest)
    assert verify(str(case), printed=log.root, against=str(kept)) == INTACT
    assert verify(str(whole), printed=log.root, against=str(case)) == INTACT


def test_a_byte_flipped_in_the_payload_is_caught(case: Path, whole: Path) -> None:
    for path in (case, whole):
        tampered(path, renamed)
        assert verify(str(path)) == BROKEN


def renamed(files: Files) -> Files:
    return {"events.jsonl": files["events.jsonl"].replace("佐藤".encode(), "加藤".encode(), 1)}


def test_a_byte_flipped_in_a_leaf_is_caught(whole: Path) -> None:
    tampered(whole, lambda files: {"leaves.txt": bytes([files["leaves.txt"][0] ^ 1]) + files["leaves.txt"][1:]})
    assert verify(str(whole)) != INTACT


def test_a_byte_flipped_in_a_proof_is_caught(case: Path) -> None:
    def flip(files: Files) -> Files:
        found = rows(files)
        found[0]["proof"][0] = "00" + found[0]["proof"][0][2:]
        return with_rows(found)

    assert verify(str(tampered(case, flip))) == BROKEN


def test_a_deleted_event_is_caught(whole: Path) -> None:
    assert verify(str(tampered(whole, lambda files: with_rows(rows(files)[:2] + rows(files)[3:])))) == BROKEN


def test_an_inserted_event_is_caught(whole: Path, case: Path) -> None:
    def insert(files: Files) -> Files:
        row = rows(files)[0]
        return with_rows([*rows(files), row | {"index": 5, "salt": "ff" * 16}])

    for path in (whole, case):
        assert verify(str(tampered(path, insert))) == BROKEN


def test_two_swapped_leaves_are_caught(whole: Path) -> None:
    def swap(files: Files) -> Files:
        lines = files["leaves.txt"].splitlines(keepends=True)
        return {"leaves.txt": b"".join([lines[1], lines[0], *lines[2:]])}

    assert verify(str(tampered(whole, swap))) == BROKEN


def test_a_truncated_tail_is_caught(log: Log, whole: Path) -> None:
    def cut(files: Files) -> Files:
        leaves = b"".join(files["leaves.txt"].splitlines(keepends=True)[:-2])
        return {"leaves.txt": leaves} | with_rows(rows(files)[:-2])

    assert verify(str(tampered(whole, cut))) == BROKEN


def rewritten() -> Log:
    """The same log with another decision, made anew from the first leaf and signed with the true key."""
    story = acts()
    story[2] = (story[2][0], "approvals.proposal.rejected", story[2][2])
    return Log([record(number, act) for number, act in enumerate(story)])


def test_everything_rewritten_and_signed_again_is_caught_by_the_printed_root(log: Log, tmp_path: Path) -> None:
    for path in (rewritten().case(tmp_path / "c.zip"), rewritten().whole(tmp_path / "w.zip")):
        assert verify(str(path)) == INTACT, "from the inside nobody can know"
        assert verify(str(path), printed=log.root) == BROKEN


def test_everything_rewritten_and_signed_again_is_caught_by_the_witness(log: Log, tmp_path: Path) -> None:
    held = [("witness/0001.txt", log.cosigned().encode()), ("witness-keys.txt", f"{WITNESS}\n".encode())]
    assert verify(str(log.case(tmp_path / "true.zip", extras=held)), witness=str(WITNESS)) == INTACT
    assert verify(str(rewritten().case(tmp_path / "kept.zip", extras=held)), witness=str(WITNESS)) == BROKEN
    assert verify(str(rewritten().case(tmp_path / "none.zip")), witness=str(WITNESS)) == BROKEN


def test_two_divergent_checkpoints_a_split_view_are_caught(log: Log, case: Path, whole: Path, tmp_path: Path) -> None:
    shown_to_others = rewritten().case(tmp_path / "others.zip")
    for path in (case, whole):
        assert verify(str(path), against=str(shown_to_others)) == BROKEN


def test_a_clock_set_back_is_caught_by_the_order_of_the_checkpoints(tmp_path: Path) -> None:
    assert verify(str(Log(first_minute=90).case(tmp_path / "c.zip"))) == BROKEN


def test_a_backdated_act_is_caught_by_the_checkpoint_that_lacks_it(tmp_path: Path) -> None:
    story = acts()
    records = [record(number, act, -30 if number == 5 else None) for number, act in enumerate(story)]
    for path in (Log(records).case(tmp_path / "c.zip"), Log(records).whole(tmp_path / "w.zip")):
        assert verify(str(path)) == BROKEN


def test_a_clock_set_back_is_caught_by_the_time_of_the_authority(log: Log, tmp_path: Path) -> None:
    tsa = LocalTsa(tmp_path / "tsa")
    reply = tsa.stamp(log.newest.encode())
    stamped = [("timestamps/000000000008.tsr", reply)]
    # The authority says now, the checkpoint says April: whoever signed it had set the clock back.
    assert verify(str(log.case(tmp_path / "c.zip", extras=stamped))) == BROKEN


def test_an_attachment_swapped_under_the_same_name_is_caught(case: Path) -> None:
    assert verify(str(tampered(case, lambda files: {ATTACHMENT.path: b"%PDF another"}))) == BROKEN


def test_a_swapped_attachment_is_caught_even_when_the_decided_text_names_it(case: Path) -> None:
    def swap(files: Files) -> Files:
        new = Paper(ATTACHMENT.path, b"%PDF another", "")
        text = files["決めた内容.json"].replace(ATTACHMENT.sha256.encode(), new.sha256.encode())
        about = files["bundle.json"].replace(ATTACHMENT.sha256.encode(), new.sha256.encode())
        return {new.path: new.content, "決めた内容.json": text, "bundle.json": about}

    assert verify(str(tampered(case, swap))) == BROKEN


def test_a_swapped_paper_is_caught(case: Path) -> None:
    assert verify(str(tampered(case, lambda files: {"原議.pdf": b"%PDF prettier"}))) == BROKEN


def test_a_bundle_replayed_under_another_case_number_is_caught(case: Path) -> None:
    assert verify(str(tampered(case, lambda files: claims(files, number="8-起-2")))) == BROKEN


def test_a_key_replaced_without_a_signed_rollover_is_caught_by_the_printed_key(tmp_path: Path) -> None:
    printed = str(verifier_key(origin_of(TOWN), KEY))
    path = Log(key=OTHER_KEY).case(tmp_path / "c.zip")
    assert verify(str(path)) == INTACT, "from the inside nobody can know"
    assert verify(str(path), key_line=printed) == BROKEN


def test_an_old_database_backup_put_in_place_is_caught_by_a_kept_checkpoint(log: Log, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(log.newest)
    old = Log(log.records[:6])
    assert verify(str(old.whole(tmp_path / "w.zip")), against=str(kept)) == BROKEN


def test_an_old_database_backup_is_caught_by_the_checkpoint_beside_the_database(log: Log, tmp_path: Path) -> None:
    old = Log(log.records[:6]).whole(tmp_path / "w.zip")
    tampered(old, lambda _: {"history/000000000008.txt": log.newest.encode()})
    assert verify(str(old)) == BROKEN


def test_content_destroyed_without_a_certificate_is_caught(case: Path) -> None:
    assert verify(str(tampered(case, lambda files: files.pop(ATTACHMENT.path) and None))) == BROKEN


def test_content_destroyed_with_its_certificate_is_no_attack(tmp_path: Path) -> None:
    about = dossier(attachments=())
    stone = Paper("廃棄した内容.txt", f"file x {ATTACHMENT.sha256} 12".encode(), "")
    story = acts(about)
    assert verify(str(Log([record(*each) for each in enumerate(story)]).case(tmp_path / "a.zip", about))) == BROKEN
    story.insert(6, (FILE, "records.file.destroyed", {"digest": stone.sha256, "files": 1}))
    certified = Log([record(*each) for each in enumerate(story)])
    assert verify(str(certified.case(tmp_path / "b.zip", about, [(stone.path, stone.content)]))) == INTACT


def test_an_event_destroyed_without_a_certificate_is_caught(whole: Path) -> None:
    assert verify(str(tampered(whole, lambda files: with_rows(rows(files)[:-1])))) == BROKEN


def test_a_hold_removed_from_the_database_directly_is_caught(log: Log, tmp_path: Path) -> None:
    assert verify(str(log.case(tmp_path / "c.zip", dossier(open_holds=())))) == BROKEN


def test_a_hold_put_into_the_database_directly_is_caught(log: Log, tmp_path: Path) -> None:
    assert verify(str(log.case(tmp_path / "c.zip", dossier(open_holds=("h2", "h3"))))) == BROKEN


def test_an_older_checkpoint_that_is_no_beginning_of_this_log_is_caught(log: Log, case: Path) -> None:
    other = checkpoint(rewritten().leaves[:4], 4).encode()
    assert verify(str(tampered(case, lambda files: {"history/000000000004.txt": other}))) == BROKEN


def test_a_checkpoint_stamped_in_time_is_believed(tmp_path: Path) -> None:
    from kakehashi.kernel import clock

    late = Log()
    tsa = LocalTsa(tmp_path / "tsa")
    moved = (clock.now() - START) / timedelta(minutes=1)
    note = checkpoint(late.leaves, moved - 1).encode()
    path = late.case(tmp_path / "c.zip", extras=[("timestamps/000000000008.tsr", tsa.stamp(note))])
    tampered(path, lambda files: {"checkpoint.txt": note})
    assert verify(str(path)) == INTACT
