"""What tests of split installations share: two halves on two databases, and the ceremony that pairs them.

The halves have their own databases and key folders; nothing but the bytes of a bundle passes from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.test import override_settings

from kakehashi.exchange.domain.cards import Card
from kakehashi.exchange.domain.envelope import Keys, seal, unseal
from kakehashi.exchange.domain.payload import CarriedFile, Item, Payload, pack, unpack
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.services import Receipt, introduce_side, pair_side, read_bundle, write_bundle
from kakehashi.kernel import clock
from kakehashi.kernel.actor import SystemActor, system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope


@dataclass
class Half:
    """One installation: `use` points the program at its database, `home` holds its keys and files."""

    side: Side
    home: Path
    use: Callable[[], None]
    government_id: UUID

    @property
    def program(self) -> SystemActor:
        """The program itself, acting here."""
        return system_actor(self.government_id, "外との受け渡し")

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The installation's database and folders, without a scope: for clients of the browser's side."""
        self.use()
        keys, quarantine, files = self.home / "keys", self.home / "quarantine", self.home / "files"
        with override_settings(EXCHANGE_KEYS=keys, EXCHANGE_QUARANTINE=quarantine, FILES_ROOT=files):
            yield

    @contextmanager
    def open(self) -> Iterator[None]:
        """The installation with its town's scope."""
        with self.installed(), tenant_scope(self.government_id):
            yield

    def write(self) -> bytes:
        """Write one bundle as a file."""
        with self.open():
            return write_bundle(actor=self.program, via="file")[1]

    def read(self, content: bytes) -> Receipt:
        """Read one bundle that was carried here."""
        with self.open():
            return read_bundle(actor=self.program, content=content, via="file")


def pair(one: Half, other: Half) -> None:
    """The ceremony: each makes its card, and each trusts the other's by the fingerprint that is read aloud."""
    cards: dict[Side, Card] = {}
    for half in (one, other):
        with half.open():
            cards[half.side] = introduce_side(actor=half.program, side=half.side)
    for half in (one, other):
        theirs = cards[half.side.other]
        with half.open():
            pair_side(actor=half.program, card_text=theirs.to_text(), fingerprint=theirs.fingerprint)


@dataclass
class FarSide:
    """The other half as a pair of keys in memory, for tests that need no second database."""

    card: Card
    keys: Keys
    our_card: Card
    sequence: int = 0

    def bundle(self, *items: Item, contents: dict[str, bytes] | None = None, **changes: Any) -> bytes:
        """A bundle with these items, as the far side writes it; `changes` go to the payload."""
        self.sequence += 1
        payload = Payload(items=items, contents=contents or {}, **changes)
        return seal(
            pack(payload), keys=self.keys, me=self.card, peer=self.our_card, bundle=uuid7(), sequence=self.sequence,
            made_at=clock.now(),
        )  # fmt: skip

    def opened(self, content: bytes) -> Payload:
        """Open what our side wrote."""
        return unpack(unseal(content, keys=self.keys, me=self.card, peer=self.our_card)[1])

    def answer(self, content: bytes, **changes: Any) -> bytes:
        """Answer a call as the public side does: everything has arrived, and here is ours."""
        header, _ = unseal(content, keys=self.keys, me=self.card, peer=self.our_card)
        return self.bundle(received=(header.bundle,), **changes)


def new_keys() -> Keys:
    """Keys in memory."""
    return Keys(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def card_of(keys: Keys, side: Side, code: str = "990019") -> Card:
    """The card of keys in memory."""
    return Card(code, side, keys.sign.public_key().public_bytes_raw(), keys.seal.public_key().public_bytes_raw())


def paired_with_far_side(government_id: UUID, our: Side) -> FarSide:
    """Pair the open government with a far side in memory; the settings name a folder for our keys."""
    program = system_actor(government_id, "外との受け渡し")
    keys = new_keys()
    ours = introduce_side(actor=program, side=our)
    card = card_of(keys, our.other, ours.government)
    pair_side(actor=program, card_text=card.to_text(), fingerprint=card.fingerprint)
    return FarSide(card, keys, ours)


def carried(
    kind: str, item_id: UUID, data: dict[str, Any], revision: int = 1, files: Sequence[CarriedFile] = ()
) -> Item:
    """One thing on its way."""
    return Item(kind, item_id, revision, clock.now(), data, tuple(files))


def carried_file(name: str, content: bytes, purpose: str) -> CarriedFile:
    """A file on its way; its content goes into the bundle's `contents` under its SHA-256."""
    return CarriedFile(uuid7(), name, purpose, sha256(content).hexdigest(), len(content))
