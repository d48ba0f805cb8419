"""Evidence of one made-up case without a database, and the hand of a strong attacker: one who holds the signing key."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.bundles import BundleContent, BundleEvent, write_bundle
from kakehashi.journal.domain.canonical import canonical_json
from kakehashi.journal.domain.checkpoints import Checkpoint, origin_of
from kakehashi.journal.domain.commitments import commitment
from kakehashi.journal.domain.cosignatures import cosign, witness_key
from kakehashi.journal.domain.dossiers import Dossier, DossierPart, Frozen, Paper, Standing, frozen_text
from kakehashi.journal.domain.merkle import consistency_proof, inclusion_proof, leaf_hash, over, root_of
from kakehashi.journal.domain.notes import sign_note

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
TOWN = UUID("01890000-0000-7000-8000-000000000001")
CASE = ("approvals.proposal", UUID("01890000-0000-7000-8000-0000000000aa"))
FILE = ("records.file", UUID("01890000-0000-7000-8000-0000000000bb"))
NUMBER = "8-起-1"
START = datetime(2026, 4, 1, tzinfo=UTC)
FIRST_SIZE = 4
WITNESS = witness_key("kakehashi/witness/misaki", WITNESS_KEY)
Files = dict[str, bytes]

ATTACHMENT = Paper("添付/01_図面.pdf", b"%PDF drawing", "添付")
PAPERS = [Paper("原議.pdf", b"%PDF decided", "原議")]
DECIDED = Paper(
    "決めた内容.json",
    frozen_text(
        {"body": {"request": "伺い"}, "attachments": [{"name": "図面.pdf", "sha256": ATTACHMENT.sha256, "size": 12}]}
    ),
    "決めた内容",
)


def dossier(open_holds: tuple[str, ...] = ("h2",), attachments: tuple[Paper, ...] = (ATTACHMENT,)) -> Dossier:
    """The case with a paper, a decided text with its attachment, and one hold that lies on its file."""
    part = DossierPart(
        subjects=[FILE],
        papers=PAPERS,
        frozen=[Frozen(CASE, DECIDED, attachments)],
        standing=[Standing(FILE, "廃棄の保留", "records.file.held", "records.hold.released", "hold", open_holds)],
    )
    return Dossier(CASE, "起案", NUMBER, [part])


def acts(about: Dossier | None = None) -> list[tuple[tuple[str, UUID], str, dict[str, Any]]]:
    """What happened, in the order of the log."""
    facts = {"number": NUMBER, "digest": DECIDED.sha256}
    attachments = [{"sha256": ATTACHMENT.sha256}]
    other = ("cases.case", UUID("01890000-0000-7000-8000-0000000000cc"))
    return [
        (CASE, "approvals.proposal.submitted", facts),
        (other, "cases.case.opened", {}),
        (CASE, "approvals.proposal.decided", facts | {"attachments": attachments}),
        (FILE, "records.file.held", {"hold": "h1"}),
        (FILE, "records.file.held", {"hold": "h2"}),
        (FILE, "records.hold.released", {"hold": "h1"}),
        (other, "cases.case.closed", {}),
        (CASE, "journal.dossier.exported", {"number": NUMBER, "files": (about or dossier()).digests}),
    ]


def record(number: int, act: tuple[tuple[str, UUID], str, dict[str, Any]], minute: float | None = None) -> bytes:
    """The canonical JSON of one act, a minute after the one before it."""
    subject, code, payload = act
    time = START + timedelta(minutes=number if minute is None else minute)
    return canonical_json(
        {
            "code": code, "subject_kind": subject[0], "subject_id": str(subject[1]), "payload": payload,
            "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "actor_label": "佐藤 一郎",
        }
    )  # fmt: skip


def checkpoint(leaves: list[bytes], minute: float, key: Ed25519PrivateKey = KEY) -> str:
    """The signed checkpoint over these leaf hashes."""
    return Checkpoint(origin_of(TOWN), len(leaves), root_of(leaves), START + timedelta(minutes=minute)).sign(key)


class Log:
    """A log of acts, sealed after the first four (minute 4) and at the end (minute 60)."""

    def __init__(
        self, records: list[bytes] | None = None, key: Ed25519PrivateKey = KEY, first_minute: float = 4
    ) -> None:
        self.records = [record(number, act) for number, act in enumerate(acts())] if records is None else records
        self.key, self.first_minute = key, first_minute
        self.salts = [bytes([number]) * 16 for number in range(len(self.records))]
        self.commitments = [commitment(*pair) for pair in zip(self.salts, self.records, strict=True)]
        self.leaves = [leaf_hash(each) for each in self.commitments]

    @property
    def root(self) -> str:
        """The root as it would be printed."""
        return root_of(self.leaves).hex()

    @property
    def newest(self) -> str:
        """The newest checkpoint."""
        return checkpoint(self.leaves, 60, self.key)

    def cosigned(self) -> str:
        """The newest checkpoint as the witness signed it."""
        return cosign(self.newest, WITNESS.name, WITNESS_KEY, START + timedelta(minutes=61))

    def case(self, path: Path, about: Dossier | None = None, extras: list[tuple[str, bytes]] | None = None) -> Path:
        """Write the evidence of the case."""
        about, size, tree = about or dossier(), len(self.leaves), over(self.leaves)
        belongs = [str(subject_id) for _, subject_id in about.subjects]
        rows = [
            BundleEvent(index, self.salts[index], text, tuple(inclusion_proof(index, size, tree)))
            for index, text in enumerate(self.records)
            if json.loads(text)["subject_id"] in belongs
        ]
        content = BundleContent(
            TOWN, "2026-04-01T01:00:00Z", self.newest,
            {FIRST_SIZE: checkpoint(self.leaves[:FIRST_SIZE], self.first_minute, self.key)},
            rows, subject=CASE, dossier=about, extras=extras or (),
            consistency={FIRST_SIZE: consistency_proof(FIRST_SIZE, size, tree)},
        )  # fmt: skip
        return self._write(path, content)

    def whole(self, path: Path) -> Path:
        """Write the evidence of the whole government."""
        rows = [BundleEvent(i, self.salts[i], text) for i, text in enumerate(self.records)]
        first = checkpoint(self.leaves[:FIRST_SIZE], self.first_minute, self.key)
        content = BundleContent(
            TOWN, "2026-04-01T01:00:00Z", self.newest, {FIRST_SIZE: first}, rows, commitments=self.commitments
        )
        return self._write(path, content)

    def _write(self, path: Path, content: BundleContent) -> Path:
        with path.open("wb") as target:
            write_bundle(target, content, self.key)
        return path


def tampered(path: Path, change: Callable[[Files], Mapping[str, bytes] | None], *, signs: bool = True) -> Path:
    """Change files of the zip. The attacker also signs the list of files anew, unless `signs` is off."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files |= change(files) or {}
    if signs:
        listed = {name: data for name, data in files.items() if name != "manifest.txt"}
        lines = "".join(f"{Paper(name, data, '').sha256}  {name}\n" for name, data in listed.items())
        files["manifest.txt"] = sign_note(f"kakehashi/bundle/{TOWN}\n{lines}", origin_of(TOWN), KEY).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    path.write_bytes(buffer.getvalue())
    return path
