#!/usr/bin/env python3
"""Verify an exported journal bundle offline: `python3 verify.py bundle.zip`. 記録の証明をオフラインで検証します。

This one file needs only Python 3.9 or newer and no other software of ours: read it, then trust what it says.
It checks that (1) the signatures are right, (2) no file of the bundle was changed after the export, (3) every event is
exactly what was committed to, and (4) the events are those, and only those, under the signed root, in that order.
Give `--root` (and `--key`) from a source outside the town hall, such as the printed 広報: a person who holds the
signing key could otherwise rewrite everything. Exit status: 0 verified, 1 broken, 2 unreadable.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
import zipfile
from datetime import datetime, timedelta
from typing import Any

Record = dict[str, Any]
Key = tuple[str, bytes, bytes]

FORMAT = "kakehashi-journal/1"
# A transaction may commit this long after its event's time; older events behind a checkpoint were put in later.
LATE = timedelta(minutes=10)
MOST_SHOWN = 100
# The name under which one signing key names the next.
HAND_OVER = "kakehashi/journal-key"

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
    if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id or raw[:1] != b"\x01":
        raise Unreadable("key.txt")
    return name, bytes.fromhex(key_id), raw[1:]


def open_note(note: str, key: Key) -> str | None:
    """Return the text of a signed note, or None when no signature of the key on it is valid."""
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
    """Return the tree's root at each of the sizes, in one pass over the leaves."""
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


class Bundle:
    """The files of the bundle, read once."""

    def __init__(self, path: str) -> None:
        """Open the zip and read its description."""
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
                if len(set(names)) != len(names):
                    raise Unreadable("duplicate names in the zip")
                self.files = {name: archive.read(name) for name in names}
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
                self.say(
                    False,
                    name + "：書き出した後に変更・追加・削除されています。",
                    name + ": changed, added or removed.",
                )
        if not self.broken:
            self.say(True, "書き出した後、どのファイルも変わっていません。", "No file changed since the export.")
        last = self.checkpoint("checkpoint.txt")
        older = [self.checkpoint(name) for name in sorted(actual) if name.startswith("history/")]
        self.times = sorted([point for point in [*older, last] if point], key=lambda point: point[:2])
        if last:
            self.size, _, self.root = last
            ja = f"証明点の署名は正しい：{self.size} 件、{last[1]} UTC、ルート {self.root.hex()}"
            self.say(True, ja, f"The checkpoint is signed: {self.size} events, root {self.root.hex()}")

    def tree(self, printed: str) -> None:
        """Recompute the whole tree and compare it with every signed root."""
        lines = self.bundle.text("leaves.txt").splitlines()
        leaves = [bytes.fromhex(line) for line in lines]
        if len(leaves) != self.size:
            ja = f"台帳の件数が合いません：証明点は {self.size} 件、書き出しは {len(leaves)} 件（欠落・切り捨て・追加）。"
            self.say(
                False, ja, f"{len(leaves)} leaves, but {self.size} were signed: rows were cut off, removed or added."
            )
        roots = roots_at(leaves, {point[0] for point in self.times} | {self.size})
        good = 0
        for size, time, root in self.times:
            if roots.get(size) == root:
                good = max(good, size)
                continue
            ja = f"#{good} から #{size - 1} の間で、記録が変更・挿入・削除・入替されています（{time} UTC の証明点と不一致）。"
            self.say(False, ja, f"Between #{good} and #{size - 1} the log differs from what was signed at {time} UTC.")
            break
        else:
            self.say(
                True, f"{len(leaves)} 件の台帳は署名されたルートと一致します。", f"{len(leaves)} leaves give the root."
            )
        if printed and printed not in {root.hex() for root in roots_at(leaves, set(range(len(leaves) + 1))).values()}:
            self.say(
                False,
                "広報などのルートは、この台帳のどの時点とも一致しません。",
                "The printed root is not in this log.",
            )
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
                self.say(
                    False, f"#{index} の内容が証明と違います：{what}", f"#{index} is not what was committed to: {what}"
                )
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
        """Check the events of one subject by their inclusion proofs."""
        before, about = self.broken, self.bundle.about["subject"]
        for event in self.bundle.events():
            record, index = json.loads(event["record"]), event["index"]
            leaf = sha256(b"\x00" + sha256(bytes.fromhex(event["salt"]) + event["record"].encode()))
            proof = [bytes.fromhex(item) for item in event["proof"]]
            if index is None:
                self.unsealed(record)
            elif root_from_proof(leaf, index, self.size, proof) != self.root:
                what = describe(event)
                self.say(
                    False,
                    f"#{index} は署名された台帳にありません：{what}",
                    f"#{index} is not in the signed log: {what}",
                )
            if [record["subject_kind"], record["subject_id"]] != [about["kind"], about["id"]]:
                self.say(False, f"#{index} は別の対象の記録です。", f"#{index} belongs to another subject.")
        if printed and printed != self.root.hex():
            self.say(
                None, "ルートの照合は団体全体の書き出しで行ってください。", "Compare the root with a whole export."
            )
        if before == self.broken:
            ja = "この対象の記録はすべて、署名された台帳に含まれています。"
            self.say(True, ja, "Every event of this subject is in the signed log.")


def describe(event: Record) -> str:
    """Say in a few words which event this claims to be."""
    try:
        record = json.loads(event["record"])
        return " ".join(str(record[name]) for name in ("code", "occurred_at", "subject_kind", "subject_id"))
    except (ValueError, KeyError, TypeError):
        return "?"


def verify(path: str, key_line: str = "", printed: str = "") -> int:
    """Verify one bundle, print the result, and return the exit status."""
    try:
        bundle = Bundle(path)
        check = Check(bundle, key_line or bundle.text("key.txt"))
        check.say(None, f"団体 {bundle.about['government_id']}", f"signed by {check.key[0]}, key {check.key[1].hex()}")
        check.signatures()
        if check.times:
            printed = "".join(printed.split()).lower()
            (check.tree if bundle.about["scope"] == "government" else check.subject)(printed)
    except (Unreadable, ValueError, KeyError, TypeError, UnicodeError, IndexError) as error:
        sys.stdout.write(f"[NG] 読み取れません：{error}\n     The bundle cannot be read: {error}\n")
        return 2
    if check.broken:
        sys.stdout.write(f"\n結果：壊れています（{check.broken} か所）。上の [NG] をご覧ください。\n")
        sys.stdout.write(f"Result: BROKEN in {check.broken} places. See the lines marked [NG].\n")
        return 1
    sys.stdout.write("\n結果：改ざんは見つかりませんでした。\nResult: VERIFIED. ")
    if not printed:
        sys.stdout.write(
            "Compare the root above with one printed outside (広報). 上のルートを広報等と照合してください。"
        )
    sys.stdout.write("\n")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="exported zip / 書き出した zip")
    parser.add_argument("--key", default="", help="verifier key printed outside / 広報等に載った検証鍵")
    parser.add_argument("--root", default="", help="root printed outside, 64 hex digits / 広報等に載ったルート")
    options = parser.parse_args()
    return verify(options.bundle, options.key, options.root)


if __name__ == "__main__":
    sys.exit(main())
