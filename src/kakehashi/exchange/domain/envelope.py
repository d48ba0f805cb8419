"""包みの外側: magic line, header, signature, sealed content. The format is described in docs/operate/split-networks.md.

Line 1 is the format's name, line 2 the header (JSON), line 3 the Ed25519 signature over lines 1 and 2 (base64); then the sealed
content to the end. The header carries the SHA-256 and size of the sealed content, so the signature covers it too, and a forged
envelope is refused before its content is read. The content is ChaCha20-Poly1305 under a key that is agreed (X25519) with a key
pair made for this one bundle: whoever takes the sender's machine later cannot open what it sent.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kakehashi.exchange.domain.cards import Card
from kakehashi.exchange.domain.sides import Side
from kakehashi.kernel.json_text import read_json

__all__ = ["HEAD_BYTES", "MAGIC", "MOST_BYTES", "BadBundle", "Header", "Keys", "parse_head", "seal", "unseal", "verify"]

MAGIC = b"KAKEHASHI-BUNDLE 1"
HEAD_BYTES = 8_192
MOST_BYTES = 256_000_000
_NONCE = bytes(12)


class BadBundle(ValueError):
    """A bundle that is refused. `code` is for machines, the message a Japanese sentence for the person at the counter."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys of one side."""

    sign: Ed25519PrivateKey
    seal: X25519PrivateKey


@dataclass(frozen=True, slots=True)
class Header:
    """What is readable from outside: who sends what to whom, and which bundle it is. No personal data."""

    bundle: UUID
    government: str
    side: Side
    sender: str
    receiver: str
    sequence: int
    made_at: dt.datetime
    ephemeral: bytes
    size: int
    sha256: str

    def to_line(self) -> bytes:
        """The header line."""
        return json.dumps(
            {
                "bundle": str(self.bundle),
                "government": self.government,
                "from": self.side.value,
                "sender": self.sender,
                "receiver": self.receiver,
                "sequence": self.sequence,
                "made_at": self.made_at.isoformat(),
                "ephemeral": base64.b64encode(self.ephemeral).decode(),
                "size": self.size,
                "sha256": self.sha256,
            },
            separators=(",", ":"),
        ).encode()


def _key(shared: bytes, ephemeral: bytes, receiver: bytes, bundle: UUID) -> bytes:
    return HKDF(SHA256(), 32, salt=ephemeral + receiver, info=MAGIC + bundle.bytes).derive(shared)


def seal(
    content: bytes, *, keys: Keys, me: Card, peer: Card, bundle: UUID, sequence: int, made_at: dt.datetime
) -> bytes:
    """Close content for the peer and sign it; gives the whole file."""
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(peer.seal)), ephemeral, peer.seal, bundle)
    sealed = ChaCha20Poly1305(key).encrypt(_NONCE, content, me.government.encode())
    header = Header(
        bundle, me.government, me.side, me.fingerprint, peer.fingerprint, sequence, made_at, ephemeral, len(sealed),
        hashlib.sha256(sealed).hexdigest(),
    )  # fmt: skip
    line = header.to_line()
    signature = base64.b64encode(keys.sign.sign(MAGIC + b"\n" + line))
    return b"\n".join((MAGIC, line, signature, sealed))


def parse_head(head: bytes) -> tuple[Header, bytes, int]:
    """The header of a file's first `HEAD_BYTES`, its signature, and where the sealed content begins. Raises BadBundle."""
    parts = head[:HEAD_BYTES].split(b"\n", 3)
    if len(parts) < 4 or parts[0] != MAGIC:
        raise BadBundle("format", "かけはしの受け渡しの包みではありません。ファイルを確かめてください。")
    try:
        raw = read_json(parts[1])
        header = Header(
            bundle=UUID(raw["bundle"]),
            government=str(raw["government"]),
            side=Side(raw["from"]),
            sender=str(raw["sender"]),
            receiver=str(raw["receiver"]),
            sequence=int(raw["sequence"]),
            made_at=dt.datetime.fromisoformat(raw["made_at"]),
            ephemeral=base64.b64decode(raw["ephemeral"], validate=True),
            size=int(raw["size"]),
            sha256=str(raw["sha256"]),
        )
        signature = base64.b64decode(parts[2], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise BadBundle("format", "包みの表書きが壊れています。送り直しを頼んでください。") from error
    if header.made_at.tzinfo is None or header.sequence < 1 or not 0 <= header.size <= MOST_BYTES:
        raise BadBundle("format", "包みの表書きが正しくありません。送り直しを頼んでください。")
    return header, signature, sum(len(part) + 1 for part in parts[:3])


def verify(head: bytes, *, me: Card, peer: Card) -> tuple[Header, int]:
    """Check that the peer signed this header for us, before anything else of the file is read. Raises BadBundle."""
    header, signature, at = parse_head(head)
    if header.government != me.government:
        raise BadBundle("government", f"ほかの団体（{header.government[:6]}）の包みです。この団体では開けません。")
    if header.side is me.side:
        raise BadBundle("side", "こちらの側で作った包みです。相手の側で読み取ってください。")
    if header.receiver != me.fingerprint:
        raise BadBundle(
            "receiver", "こちらの今の鍵に宛てた包みではありません。鍵を替えたときは、送り直しを頼んでください。"
        )
    if header.sender != peer.fingerprint:
        raise BadBundle("sender", "組にした相手の鍵ではありません。組にした相手かを確かめてください。")
    try:
        Ed25519PublicKey.from_public_bytes(peer.sign).verify(signature, b"\n".join(head.split(b"\n", 2)[:2]))
    except InvalidSignature as error:
        raise BadBundle("signature", "署名が合いません。偽物か、途中で書き換えられた包みです。") from error
    return header, at


def unseal(content: bytes, *, keys: Keys, me: Card, peer: Card) -> tuple[Header, bytes]:
    """Check and open a whole file. Raises BadBundle."""
    header, at = verify(content, me=me, peer=peer)
    sealed = content[at:]
    if len(sealed) != header.size or hashlib.sha256(sealed).hexdigest() != header.sha256:
        raise BadBundle("altered", "包みの中身が、署名されたものと違います。途中で壊れたか、書き換えられています。")
    try:
        shared = keys.seal.exchange(X25519PublicKey.from_public_bytes(header.ephemeral))
        key = _key(shared, header.ephemeral, me.seal, header.bundle)
        return header, ChaCha20Poly1305(key).decrypt(_NONCE, sealed, me.government.encode())
    except (InvalidTag, ValueError) as error:
        raise BadBundle("sealed", "包みが開きません。こちらの鍵に宛てたものではないか、壊れています。") from error
