"""Evidence bundles: a zip that `verify.py` reads offline, with a manifest signed by the journal's key."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.dossiers import Dossier
from kakehashi.journal.domain.notes import sign_note, verifier_key
from kakehashi.journal.domain.openssl_way import FOLDER, SCRIPT, event_files, public_pem

FORMAT = "kakehashi-journal/1"
VERIFIER = Path(__file__).with_name("verify.py")

READ_ME = """記録の証明の検証手順
==================
1. Python 3.9 以上のある、当庁と無関係なパソコンにこの zip を置きます（ネットワークは不要です）。
2. zip の中の verify.py を取り出し、次のように実行します。
       python3 verify.py この.zip --root 広報に載ったルート
3. 「改ざんは見つかりませんでした」と出れば、記録は署名されたとおりです。[NG] の行は、どこが壊れているかを示します。
広報などに載ったルート（64 桁）と照合してはじめて、署名鍵を持つ人による書き換えも見つけられます。

How to verify
=============
1. Put this zip on any computer with Python 3.9 or newer; no network is needed.
2. Take verify.py out of the zip and run:  python3 verify.py THIS.zip --root PRINTED_ROOT
3. "VERIFIED" means that the records are what was signed. Lines marked [NG] say where they are not.
Only the comparison with a root printed outside (in the 広報) also catches a person who holds the signing key.

Without our verifier: SHA-256(salt || record) of a line of events.jsonl is its commitment; a leaf is
SHA-256(00 || commitment), a node SHA-256(01 || left || right) (RFC 6962); checkpoint.txt is a C2SP signed note.
"""


@dataclass(frozen=True)
class BundleEvent:
    """One exported event: its place in the log (None before sealing), its salt, and its canonical JSON."""

    index: int | None
    salt: bytes
    record: bytes
    proof: tuple[bytes, ...] = ()

    def line(self) -> str:
        """Return the line of events.jsonl."""
        proof = [item.hex() for item in self.proof]
        parts = {"index": self.index, "salt": self.salt.hex(), "record": self.record.decode(), "proof": proof}
        return json.dumps(parts, ensure_ascii=False)


@dataclass(frozen=True)
class BundleContent:
    """What a bundle carries. `commitments` is every leaf of a whole export and empty for one
    subject; `hand_overs` are the notes by which one signing key named the next. `consistency` proves, for one subject,
    that each checkpoint of `history` (by its size) is the beginning of this log. `dossier` is the case with its papers;
    `extras` are further files, such as 検証手順.txt and what witnesses signed.
    """

    government_id: UUID
    created_at: str
    checkpoint: str
    history: dict[int, str]
    events: Iterable[BundleEvent]
    commitments: Iterable[bytes] = ()
    subject: tuple[str, UUID] | None = None
    hand_overs: Sequence[str] = ()
    consistency: dict[int, Sequence[bytes]] = field(default_factory=dict)
    dossier: Dossier | None = None
    extras: Sequence[tuple[str, bytes]] = ()

    def description(self) -> dict[str, Any]:
        """Return bundle.json."""
        subject = {"kind": self.subject[0], "id": str(self.subject[1])} if self.subject else None
        about: dict[str, Any] = {
            "format": FORMAT,
            "scope": "subject" if subject else "government",
            "government_id": str(self.government_id),
            "created_at": self.created_at,
            "subject": subject,
        }
        if self.dossier is not None:
            about["subjects"] = [[kind, str(subject_id)] for kind, subject_id in self.dossier.subjects]
            about["dossier"] = self.dossier.claims()
        return about


def write_bundle(target: IO[bytes], content: BundleContent, key: Ed25519PrivateKey) -> None:
    """Write the zip to `target`, file by file, and last the signed list of their digests."""
    origin = origin_of(content.government_id)
    signer = verifier_key(origin, key)
    digests: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in (*_files(content, str(signer)), *_case_files(content, signer.public)):
            digest = hashlib.sha256()
            with archive.open(name, "w") as entry:
                for piece in pieces:
                    data = piece.encode() if isinstance(piece, str) else piece
                    digest.update(data)
                    entry.write(data)
            digests.append(f"{digest.hexdigest()}  {name}\n")
        text = f"kakehashi/bundle/{content.government_id}\n{''.join(digests)}"
        archive.writestr("manifest.txt", sign_note(text, origin, key))


def _files(content: BundleContent, key_line: str) -> Iterator[tuple[str, Iterable[str | bytes]]]:
    yield "README.txt", [READ_ME]
    yield "verify.py", [VERIFIER.read_text(encoding="utf-8")]
    yield "bundle.json", [json.dumps(content.description(), ensure_ascii=False, indent=1)]
    yield "key.txt", [key_line, "\n"]
    for number, note in enumerate(content.hand_overs, start=1):
        yield f"keys/{number:04d}.txt", [note]
    yield "checkpoint.txt", [content.checkpoint]
    for size, note in content.history.items():
        yield f"history/{size:012d}.txt", [note]
    if content.subject is None:
        yield "leaves.txt", (f"{commitment.hex()}\n" for commitment in content.commitments)
    yield "events.jsonl", (f"{event.line()}\n" for event in content.events)
    for name, data in content.extras:
        yield name, [data]


def _case_files(content: BundleContent, public: bytes) -> Iterator[tuple[str, Iterable[str | bytes]]]:
    """What only the bundle of one case carries: papers, proofs of the older checkpoints, and the way by OpenSSL."""
    for size, proof in content.consistency.items():
        yield f"consistency/{size:012d}.txt", [f"{item.hex()}\n" for item in proof]
    if content.dossier is None:
        return
    for paper in content.dossier.papers:
        yield paper.path, [paper.content]
    yield f"{FOLDER}/key.pem", [public_pem(public)]
    yield f"{FOLDER}/verify.sh", [SCRIPT]
    size = int(content.checkpoint.splitlines()[1])
    for event in content.events:
        if event.index is not None:
            for name, data in event_files(event.index, size, event.salt, event.record, event.proof):
                yield name, [data]
