#!/usr/bin/env python3
"""Verify an exported journal bundle offline: `python3 verify.py bundle.zip`. 記録の証明をオフラインで検証します。

This one file needs only Python 3.9 or newer and no other software of ours: read it, then trust what it says.
It checks that (1) the signatures are right, (2) no file of the bundle was changed after the export, (3) every event is
exactly what was committed to, (4) the events are those, and only those, under the signed root, in that order, and for one
case that (5) its papers, attachments and rules are those the sealed events name.
Give `--root`, `--key`, `--witness` or `--against` from a source outside the town hall, such as the printed 広報: a person who
holds the signing key could otherwise rewrite everything. Exit status: 0 verified, 1 broken, 2 unreadable.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Key = tuple[str, bytes, bytes]

FORMAT = "kakehashi-journal/1"
# A transaction may commit this long after its event's time; older events behind a checkpoint were put in later.
LATE = timedelta(minutes=10)
MOST_SHOWN = 100
PRINTED = ("広報などのルートは、この台帳のどの時点とも一致しません。", "The printed root is not in this log.")
HAND_OVER = "kakehashi/journal-key"
# A checkpoint goes to the time-stamping authority within two hours, or not at all.
STAMPED_WITHIN = timedelta(hours=2)
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
DESTROYED = {"records.file.destroyed", "records.file.transferred"}

# Ed25519 (RFC 8032 §5.1) over integers. Verification only: there is no secret whose timing could leak.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


class Unreadable(Exception):
    """The bundle is not what this program reads."""


def recover_x(y: int, sign: int) -> int | None:
    """Return the x coordinate of the curve point with this y, or None when there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def add_points(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Add two points in extended coordinates (X, Y, Z, T)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def multiply(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    """Return factor times point by doubling and adding."""
    result: tuple[int, ...] = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add_points(result, point)
        point = add_points(point, point)
        factor >>= 1
    return result


def read_point(data: bytes) -> tuple[int, ...] | None:
    """Decode a 32-byte point."""
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check one Ed25519 signature."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = read_point(public), read_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    base_y = 4 * pow(5, P - 2, P) % P
    base_x = recover_x(base_y, 0)
    if key is None or commitment is None or s >= L or base_x is None:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left = multiply(s, (base_x, base_y, 1, base_x * base_y % P))
    right = add_points(commitment, multiply(digest, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def parse_key(line: str) -> Key:
    """Return (name, key id, public key) of a C2SP verifier key line."""
    try:
        name, key_id, encoded = line.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Unreadable("key.txt") from error
    if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id or raw[:1] not in (b"\x01", b"\x04"):
        raise Unreadable("key.txt")
    return name, bytes.fromhex(key_id), raw[1:]


def open_note(note: str, key: Key) -> str | None:
    """Return the text of a signed note, None without a valid signature of the key."""
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            continue
        if dash == "\u2014" and name == key[0] and blob[:4] == key[1]:
            if ed25519_verify(key[2], (text + "\n").encode(), blob[4:]):
                return text + "\n"
    return None


def cosigned_at(note: str, key: Key) -> datetime | None:
    """Return when a witness signed the note (C2SP cosignature/v1), None when it did not."""
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        dash, name, encoded = (line + "  ").split(" ")[:3]
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            continue
        if dash == "\u2014" and name == key[0] and blob[:4] == key[1] and len(blob) == 76:
            seconds = int.from_bytes(blob[4:12], "big")
            message = "cosignature/v1\ntime " + str(seconds) + "\n" + text + "\n"
            if ed25519_verify(key[2], message.encode(), blob[12:]):
                return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)  # noqa: UP017 - Python 3.9
    return None


def fields(data: bytes) -> list[tuple[int, bytes]]:
    """Return the (tag, content) pairs of DER data."""
    found, at = [], 0
    while at + 1 < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 128:
            more = length & 127
            length, at = int.from_bytes(data[at : at + more], "big"), at + more
        found.append((tag, data[at : at + length]))
        at += length
    return found


def stamp_of(reply: bytes) -> tuple[bytes, datetime]:
    """Return (SHA-256 of what was stamped, time) of an RFC 3161 reply; the authority's signature is left to OpenSSL."""
    start = reply.index(TST_INFO) + len(TST_INFO)
    info = fields(fields(fields(fields(reply[start:])[0][1])[0][1])[0][1])
    moment = next(content for tag, content in info if tag == 0x18)
    return fields(info[2][1])[1][1], datetime.strptime(moment[:14].decode(), "%Y%m%d%H%M%S")


def known_keys(trusted: Key, notes: list[str]) -> list[tuple[Key, datetime | None]]:
    """Return the trusted key and all that follow from it by hand-overs both keys signed, with the time each was retired."""
    steps = {}
    for note in notes:
        lines = note.splitlines()
        old, new = (base64.b64decode(lines[at][4:], validate=True) for at in (1, 2))
        if all(open_note(note, named(HAND_OVER, raw)) is not None for raw in (old, new)) and lines[0] == HAND_OVER:
            steps[old, new] = datetime.strptime(lines[3], "time %Y-%m-%dT%H:%M:%SZ")
    # Only straight back and straight on: a stolen old key could name a second successor.
    back, on = {trusted[2]}, {trusted[2]}
    for _ in steps:
        back |= {old for old, new in steps if new in back}
        on |= {new for old, new in steps if old in on}
    retired = {old: time for (old, new), time in steps.items() if new in back | on}
    return [(named(trusted[0], raw), retired.get(raw)) for raw in sorted(back | on)]


def named(name: str, public: bytes) -> Key:
    """Return a raw public key under a name, as `parse_key` does."""
    return name, hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4], public


def sha256(data: bytes) -> bytes:
    """Return SHA-256."""
    return hashlib.sha256(data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the parent of two tree nodes (RFC 6962)."""
    return sha256(b"\x01" + left + right)


def roots_at(commitments: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """Return the tree's root at each of the sizes, in one pass."""
    found: dict[int, bytes] = {}
    edge: list[bytes] = []
    for size in range(len(commitments) + 1):
        if size:
            current, carry = sha256(b"\x00" + commitments[size - 1]), size - 1
            while carry & 1:
                current, carry = node(edge.pop(), current), carry >> 1
            edge.append(current)
        if size in sizes:
            root = edge[-1] if edge else sha256(b"")
            for left in reversed(edge[:-1]):
                root = node(left, root)
            found[size] = root
    return found


def root_from_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """Return the root an inclusion proof leads to (RFC 9162 §2.1.3.2), None when the proof has a wrong length."""
    position, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if position & 1 or position == last:
            result = node(sibling, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = node(result, sibling)
        position, last = position >> 1, last >> 1
    return result if last == 0 and 0 <= index < size else None


def roots_from_consistency(first: int, second: int, old: bytes, proof: list[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots a consistency proof leads to (RFC 9162 §2.1.4.2), None when it has a wrong length."""
    path = ([old] if first & (first - 1) == 0 else []) + proof
    if first == second or not path:
        return (old, old) if first == second and not proof else None
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            before, after = node(sibling, before), node(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node(after, sibling)
        position, last = position >> 1, last >> 1
    return (before, after) if last == 0 else None


class Bundle:
    """The files of the bundle, read once."""

    def __init__(self, path: str) -> None:
        """Open the zip and read its description."""
        try:
            with zipfile.ZipFile(path) as archive:
                self.files = {name: archive.read(name) for name in archive.namelist()}
                if len(self.files) != len(archive.namelist()):
                    raise Unreadable("duplicate names in the zip")
            self.about = json.loads(self.text("bundle.json"))
        except (OSError, zipfile.BadZipFile, ValueError, RuntimeError) as error:
            raise Unreadable(str(error)) from error
        if not isinstance(self.about, dict) or self.about.get("format") != FORMAT:
            raise Unreadable("bundle.json: format")

    def text(self, name: str) -> str:
        """Return one file as text."""
        if name not in self.files:
            raise Unreadable(name + " is missing")
        return self.files[name].decode("utf-8")

    def events(self) -> list[Record]:
        """Return the exported events in the order of the file."""
        return [json.loads(line) for line in self.text("events.jsonl").splitlines()]


class Check:
    """One run over one bundle; collects what holds and what is broken."""

    def __init__(self, bundle: Bundle, key_line: str) -> None:
        """Prepare the check with the key that must have signed."""
        self.bundle = bundle
        self.key = parse_key(key_line)
        self.keys = known_keys(self.key, [bundle.text(name) for name in bundle.files if name.startswith("keys/")])
        self.broken = 0
        self.size, self.root = 0, b""
        self.times: list[tuple[int, datetime, bytes]] = []
        self.roots: dict[int, bytes] = {}
        self.sealed: list[Record] = []

    def say(self, ok: bool | None, ja: str, en: str) -> None:
        """Print one result in both languages; None marks a remark."""
        self.broken += ok is False
        if ok is False and self.broken > MOST_SHOWN:
            return
        mark = {True: "[OK]", False: "[NG]", None: "[--]"}[ok]
        sys.stdout.write(mark + " " + ja + "\n     " + en + "\n")

    def checkpoint(self, name: str) -> tuple[int, datetime, bytes] | None:
        """Return (size, time, root) of a signed checkpoint file, or report it."""
        for key, retired in self.keys:
            text = open_note(self.bundle.text(name), key)
            point = self.point(text) if text is not None else None
            if point and (retired is None or point[1] <= retired + LATE):
                return point
        self.say(False, name + "：署名が正しくないか、別の団体のものです。", name + ": bad signature, or another log.")
        return None

    def point(self, text: str) -> tuple[int, datetime, bytes] | None:
        """Return (size, time, root) of a checkpoint's text, None when it is of another log."""
        try:
            lines = text.splitlines()
            if lines[0] == self.key[0] == "kakehashi/journal/" + self.bundle.about["government_id"]:
                time = datetime.strptime(lines[3], "time %Y-%m-%dT%H:%M:%SZ")
                return int(lines[1]), time, base64.b64decode(lines[2], validate=True)
        except (IndexError, ValueError, KeyError):
            pass
        return None

    def signatures(self) -> None:
        """Check the manifest, every file against it, and every checkpoint."""
        note = self.bundle.text("manifest.txt")
        text = next((found for found in (open_note(note, key) for key, _ in self.keys) if found is not None), None)
        if text is None:
            self.say(False, "一覧（manifest.txt）の署名が正しくありません。", "manifest.txt: bad signature.")
        lines = [line.partition("  ") for line in (text or "").splitlines()[1:]]
        listed = {name: digest for digest, _, name in lines}
        actual = {name: sha256(data).hex() for name, data in self.bundle.files.items() if name != "manifest.txt"}
        for name in sorted(set(listed) | set(actual)):
            if text is not None and listed.get(name) != actual.get(name):
                ja = name + "：書き出した後に変更・追加・削除されています。"
                self.say(False, ja, name + ": changed, added or removed.")
        if not self.broken:
            self.say(True, "書き出した後、どのファイルも変わっていません。", "No file was changed.")
        last = self.checkpoint("checkpoint.txt")
        older = [self.checkpoint(name) for name in sorted(actual) if name.startswith("history/")]
        self.times = sorted([point for point in [*older, last] if point], key=lambda point: point[:2])
        if last:
            self.size, _, self.root = last
            ja = f"証明点の署名は正しい：{self.size} 件、{last[1]} UTC、ルート {self.root.hex()}"
            self.say(True, ja, f"The checkpoint is signed: {self.size} events, root {self.root.hex()}")
        if any(earlier[1] > later[1] for earlier, later in zip(self.times, self.times[1:])):  # noqa: B905 - Python 3.9
            ja = "証明点の時刻が逆戻りしています（時計が戻されたか、証明点が作り直されています）。"
            self.say(False, ja, "The checkpoints go back in time: the clock was set back, or they were made again.")

    def tree(self, printed: str) -> None:
        """Recompute the whole tree and compare it with every signed root."""
        lines = self.bundle.text("leaves.txt").splitlines()
        leaves = [bytes.fromhex(line) for line in lines]
        if len(leaves) != self.size:
            ja = f"台帳の件数が合いません：証明点は {self.size} 件、書き出しは {len(leaves)} 件（欠落・切り捨て・追加）。"
            self.say(False, ja, f"{len(leaves)} leaves, but {self.size} were signed: cut off, removed or added.")
        self.roots, good = roots_at(leaves, set(range(len(leaves) + 1))), 0
        for size, time, root in self.times:
            if self.roots.get(size) == root:
                good = max(good, size)
                continue
            ja = f"#{good} から #{size - 1} の間で、記録が変更・挿入・削除・入替されています（{time} UTC の証明点と不一致）。"
            self.say(False, ja, f"Between #{good} and #{size - 1} the log differs from what was signed at {time} UTC.")
            break
        else:
            ja = f"{len(leaves)} 件の台帳は署名されたルートと一致します。"
            self.say(True, ja, f"{len(leaves)} leaves give the root.")
        if printed and printed not in {root.hex() for root in self.roots.values()}:
            self.say(False, PRINTED[0], PRINTED[1])
        self.records(self.bundle.events(), leaves)

    def records(self, events: list[Record], leaves: list[bytes]) -> None:
        """Compare every event with its commitment, and look for missing, unsealed and back-dated ones."""
        before, seen = self.broken, set()
        for event in events:
            index, commitment = event["index"], sha256(bytes.fromhex(event["salt"]) + event["record"].encode())
            if index is None:
                self.unsealed(json.loads(event["record"]))
            elif index in seen or not 0 <= index < len(leaves) or leaves[index] != commitment:
                what = describe(event)
                self.say(False, f"#{index} の内容が証明と違います：{what}", f"#{index} is not what was sealed: {what}")
            else:
                self.backdated(index, json.loads(event["record"]))
            seen.add(index)
        for index in sorted(set(range(len(leaves))) - seen):
            self.say(False, f"#{index} の記録がありません（削除）。", f"#{index} is missing: its row was deleted.")
        if before == self.broken:
            self.say(True, f"{len(seen - {None})} 件の記録は証明どおりです。", "Every event is what was committed to.")

    def backdated(self, index: int, record: Record) -> None:
        """Report an event that is older than a checkpoint which does not contain it."""
        signed = max((time for size, time, _ in self.times if size <= index), default=None)
        if signed and datetime.strptime(record["occurred_at"][:19], "%Y-%m-%dT%H:%M:%S") < signed - LATE:
            ja = f"#{index} は後から差し込まれています（日時 {record['occurred_at']} は、含まない証明点より古い）。"
            self.say(False, ja, f"#{index} was inserted later: it claims a time before a checkpoint that lacks it.")

    def unsealed(self, record: Record) -> None:
        """Report an event without a leaf: normal for some seconds, an insertion when a later checkpoint exists."""
        self.backdated(self.size, record)
        ja = f"まだ封印されていない記録：{record['code']} {record['occurred_at']}（証明の対象外）"
        self.say(None, ja, f"Not sealed yet, so not proven: {record['code']} {record['occurred_at']}")

    def subject(self, printed: str) -> None:
        """Check the events of one case by their inclusion proofs, and older checkpoints by their consistency proofs."""
        before, about = self.broken, self.bundle.about
        subjects = about.get("subjects") or [[about["subject"]["kind"], about["subject"]["id"]]]
        self.consistency()
        for event in self.bundle.events():
            record, index = json.loads(event["record"]), event["index"]
            leaf = sha256(b"\x00" + sha256(bytes.fromhex(event["salt"]) + event["record"].encode()))
            proof = [bytes.fromhex(item) for item in event["proof"]]
            if index is None:
                self.unsealed(record)
            elif root_from_proof(leaf, index, self.size, proof) != self.root:
                what = describe(event)
                ja = f"#{index} は署名された台帳にありません：{what}"
                self.say(False, ja, f"#{index} is not in the signed log: {what}")
            else:
                self.backdated(index, record)
                self.sealed.append(record)
            if [record["subject_kind"], record["subject_id"]] not in subjects:
                self.say(False, f"#{index} は別の対象の記録です。", f"#{index} belongs to another subject.")
        if printed and printed not in {root.hex() for root in self.roots.values()}:
            self.say(False, PRINTED[0], PRINTED[1])
        if before == self.broken:
            ja = "この対象の記録はすべて、署名された台帳に含まれています。"
            self.say(True, ja, "Every event of this subject is in the signed log.")
        if "dossier" in about:
            self.dossier(about["dossier"], subjects)

    def consistency(self) -> None:
        """Check that every older checkpoint is the beginning of this log."""
        for size, time, root in self.times:
            name = f"consistency/{size:012d}.txt"
            lines = self.bundle.text(name).splitlines() if size != self.size else []
            proof = [bytes.fromhex(line) for line in lines]
            if roots_from_consistency(size, self.size, root, proof) == (root, self.root):
                self.roots[size] = root
            else:
                ja = f"{time} UTC の証明点（{size} 件）は、この台帳の始まりではありません（書き換え・分岐）。"
                self.say(False, ja, f"The checkpoint of {time} UTC ({size} events) is not the beginning of this log.")

    def dossier(self, claims: Record, subjects: list[Any]) -> None:
        """Check papers, attachments, rules, number and holds of one case against its sealed events."""
        before, files = self.broken, self.bundle.files
        mine = [each for each in self.sealed if [each["subject_kind"], each["subject_id"]] == subjects[0]]
        taken: Record = next(
            (each["payload"] for each in reversed(mine) if each["code"] == "journal.dossier.exported"), {}
        )
        if not taken or taken["number"] != claims["number"]:
            ja = (
                f"この証明は {claims['number']} のものではありません（封印された記録では {taken.get('number', '—')}）。"
            )
            self.say(False, ja, f"This evidence was not made for {claims['number']}.")
        for name, digest in taken.get("files", {}).items():
            if name not in files or sha256(files[name]).hex() != digest:
                ja = f"{name}：封印された記録にある書類と違います（差し替え・削除）。"
                self.say(False, ja, f"{name} is not the paper that was sealed: swapped or removed.")
        for claim in claims["decided"]:
            self.decided(claim)
        for claim in claims["standing"]:
            self.standing(claim)
        if before == self.broken:
            ja = f"{claims['number']}：書類・添付・規程は、封印された記録のとおりです。"
            self.say(True, ja, f"{claims['number']}: papers, attachments and rules are those that were sealed.")

    def decided(self, claim: Record) -> None:
        """Check one frozen text and the attachments it names against the last sealed digest of its subject."""
        about = [e for e in self.sealed if [e["subject_kind"], e["subject_id"]] == claim["subject"]]
        text = self.bundle.text(claim["path"])
        digest = next((each["payload"]["digest"] for each in reversed(about) if "digest" in each["payload"]), "")
        if sha256(text.encode()).hex() != digest:
            ja = f"{claim['path']}：決めた内容の要約値が、封印された記録と違います。"
            self.say(False, ja, f"{claim['path']}: not what was decided.")
        named = json.loads(text).get("attachments", [])
        told = next((e["payload"]["attachments"] for e in reversed(about) if "attachments" in e["payload"]), None)
        if told is not None and sorted(e["sha256"] for e in told) != sorted(e["sha256"] for e in named):
            self.say(False, f"{claim['path']}：決裁の記録と添付が違います。", f"{claim['path']}: other attachments.")
        stones = {e["payload"]["digest"] for e in self.sealed if e["code"] in DESTROYED}
        explained = b"".join(data for data in self.bundle.files.values() if sha256(data).hex() in stones)
        for each in named:
            content = self.bundle.files.get(claim["attachments"].get(each["sha256"], ""))
            if content is not None and sha256(content).hex() == each["sha256"]:
                continue
            if each["sha256"].encode() in explained:
                self.say(None, f"{each['name']}：廃棄の証明があります。", f"{each['name']}: destroyed by certificate.")
            else:
                ja = f"{each['name']}：添付が差し替えられたか、廃棄の証明なしに失われています。"
                self.say(False, ja, f"{each['name']}: swapped, or gone without a certificate of destruction.")

    def standing(self, claim: Record) -> None:
        """Replay what was opened and closed (such as holds) and compare it with what the database says is open."""
        about = [e for e in self.sealed if [e["subject_kind"], e["subject_id"]] == claim["subject"]]
        opened, closed = (
            {e["payload"][claim["key"]] for e in about if e["code"] == claim[which]} for which in ("opened", "closed")
        )
        if opened - closed != set(claim["open"]):
            ja = f"{claim['label']}：封印された記録では {len(opened - closed)} 件、データベースでは {len(claim['open'])} 件です（直接の変更）。"
            self.say(False, ja, f"{claim['label']}: the sealed acts and the database differ; it was changed directly.")

    def outside(self, witness: str, against: str) -> None:
        """Check what others hold or signed: witnesses, time stamps, and a checkpoint somebody kept."""
        held = [self.bundle.text(name) for name in sorted(self.bundle.files) if name.startswith("witness/")]
        lines = [witness] if witness else self.bundle.files.get("witness-keys.txt", b"").decode().splitlines()
        found = [parse_key(line) for line in lines]
        signed = [(key, note, time) for key in found for note in held if (time := cosigned_at(note, key))]
        for key, note, time in signed:
            point = self.point(note.rpartition("\n\n")[0] + "\n")
            if not point or self.roots.get(point[0]) != point[2]:
                self.say(False, "証人が署名した台帳と、この台帳は違います。", "A witness signed another history.")
            else:
                ja = f"証人 {key[0]} が {time} UTC に、{point[0]} 件までを署名しています。"
                self.say(True, ja, f"Witness {key[0]} signed {point[0]} events at {time} UTC.")
        if witness and not signed:
            self.say(False, "この証人の署名がありません。", "There is no signature of this witness.")
        for name in sorted(self.bundle.files):
            if name.startswith("timestamps/"):
                self.stamp(name)
        if against:
            self.against(against)

    def stamp(self, name: str) -> None:
        """Compare a time stamp with the checkpoint it was given for."""
        size = int(name[11:23])
        held = "checkpoint.txt" if size == self.size else f"history/{size:012d}.txt"
        digest, moment = stamp_of(self.bundle.files[name])
        time = next((point[1] for point in self.times if point[0] == size), None)
        ok = digest == sha256(self.bundle.files.get(held, b"")) and time and -LATE < moment - time < STAMPED_WITHIN
        ja = f"{name}：タイムスタンプ局の時刻 {moment} UTC（局の署名は openssl ts で確かめます）"
        self.say(bool(ok), ja + ("" if ok else "が証明点と合いません（時計の操作）。"), f"{name}: stamped {moment} UTC")

    def against(self, path: str) -> None:
        """Compare with a checkpoint kept elsewhere: another bundle, or a signed note."""
        note = Bundle(path).text("checkpoint.txt") if zipfile.is_zipfile(path) else Path(path).read_text("utf-8")
        point = self.point(next((text for key, _ in self.keys if (text := open_note(note, key))), ""))
        if point is None:
            self.say(False, "手元の証明点は、別の台帳のものです。", "The kept checkpoint is of another log.")
        elif point[0] > self.size:
            ja = f"手元の証明点（{point[0]} 件）より、この台帳（{self.size} 件）が短い（切り捨て・古いバックアップ）。"
            self.say(False, ja, f"{point[0]} events were signed, here are {self.size}: cut off, or an old backup.")
        elif point[0] not in self.roots:
            self.say(None, "手元の証明点とは、団体全体の書き出しで照合できます。", "Compare with a whole export.")
        else:
            ok = self.roots[point[0]] == point[2]
            ja = "手元の証明点と同じ台帳です。" if ok else "手元の証明点と、別の台帳が作られています（分岐）。"
            self.say(ok, ja, "It is of this log." if ok else "Two histories were signed: a split view.")


def describe(event: Record) -> str:
    """Say in a few words which event this claims to be."""
    try:
        record = json.loads(event["record"])
        return " ".join(str(record[name]) for name in ("code", "occurred_at", "subject_kind", "subject_id"))
    except (ValueError, KeyError, TypeError):
        return "?"


def verify(path: str, key_line: str = "", printed: str = "", witness: str = "", against: str = "") -> int:
    """Verify one bundle, print the result, and return the exit status."""
    try:
        bundle = Bundle(path)
        check = Check(bundle, key_line or bundle.text("key.txt"))
        check.say(None, f"団体 {bundle.about['government_id']}", f"signed by {check.key[0]}, key {check.key[1].hex()}")
        check.signatures()
        if check.times:
            printed = "".join(printed.split()).lower()
            (check.tree if bundle.about["scope"] == "government" else check.subject)(printed)
            check.outside(witness, against)
    except (Unreadable, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, StopIteration) as error:
        sys.stdout.write(f"[NG] 読み取れません：{error}\n     The bundle cannot be read: {error}\n")
        return 2
    if check.broken:
        sys.stdout.write(f"\n結果：壊れています（{check.broken} か所）。上の [NG] をご覧ください。\n")
        sys.stdout.write(f"Result: BROKEN in {check.broken} places. See the lines marked [NG].\n")
        return 1
    sys.stdout.write("\n結果：改ざんは見つかりませんでした。\nResult: VERIFIED.\n")
    if not printed:
        sys.stdout.write("Compare the root with one printed outside. 上のルートを広報等と照合してください。\n")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="exported zip / 書き出した zip")
    parser.add_argument("--key", default="", help="verifier key printed outside / 広報等に載った検証鍵")
    parser.add_argument("--root", default="", help="root printed outside, 64 hex digits / 広報等に載ったルート")
    parser.add_argument("--witness", default="", help="key of a witness printed outside / ほかの団体が公表した証人の鍵")
    parser.add_argument("--against", default="", help="checkpoint or bundle kept elsewhere / 手元に残した証明点か zip")
    options = parser.parse_args()
    return verify(options.bundle, options.key, options.root, options.witness, options.against)


if __name__ == "__main__":
    sys.exit(main())
