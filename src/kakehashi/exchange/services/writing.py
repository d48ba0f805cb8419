"""包みを作る: what waits to be sent is found in the rows themselves; no act of anybody ever waits for the exchange."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from kakehashi.exchange.adapters.keys import keys_of
from kakehashi.exchange.domain.envelope import seal
from kakehashi.exchange.domain.kinds import PEER, ItemKind, Waiting, Written, kinds
from kakehashi.exchange.domain.payload import MOST_ITEMS, CarriedFile, Item, Payload, pack
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import IncomingBundle, Outcome, OutgoingBundle, OutgoingItem, Peer, Via
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import missing_sequences, waiting_counts
from kakehashi.exchange.services.pairing import our_card
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["ask_again", "locked_peer", "write_bundle"]

SOFT_BYTES = 40_000_000
"""A bundle is closed when it has grown to this size; what is left goes with the next one."""

SOFT_ITEMS = 500
_RECEIPTS = 500
NOT_SPLIT = "この団体は、公開側と職員側に分かれていません。"


@dataclass
class _Filling:
    """A bundle while it is filled."""

    items: list[Item] = field(default_factory=list)
    sent: list[OutgoingItem] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    @property
    def is_full(self) -> bool:
        return self.size >= SOFT_BYTES or len(self.items) >= SOFT_ITEMS


def locked_peer() -> Peer:
    """The peer, locked: one bundle is written or read at a time. Raises DomainError when the government is not split."""
    peer: Peer | None = Peer.objects.select_for_update().first()
    if peer is None:
        raise DomainError(NOT_SPLIT, code="not_split")
    return peer


@service
def write_bundle(*, actor: Actor, via: str) -> tuple[OutgoingBundle, bytes]:
    """Write one bundle with what waits, up to its size, and give it with the bytes of its file.

    It always says which bundles came here, so an empty one is an acknowledgement. Writing it does not change any other
    room's rows. `via` is a value of `Via`. Raises DomainError when the government is not split, PermissionRefused.
    """
    require(actor, ExchangePermission.CARRY)
    peer = locked_peer()
    filling = _Filling()
    for kind, how, waiting in _all_waiting(peer.side):
        if filling.is_full:
            break
        _put_in(filling, kind, how, waiting)
    bundle = _bundle(peer, filling, via, actor)
    OutgoingItem.objects.bulk_create(
        _assigned(filling.sent, bundle),
        update_conflicts=True,
        unique_fields=["government_id", "kind", "item_id"],
        update_fields=["revision", "mark", "bundle", "is_waiting"],
    )
    content = _closed(peer, bundle, filling)
    bundle.size = len(content)
    bundle.save(update_fields=["size"])
    Peer.objects.filter(id=peer.id).update(sequence=bundle.sequence)
    if filling.items:
        record_event(
            actor=actor, code="exchange.bundle.written", subject_kind=PEER, subject_id=peer.id,
            payload={"bundle": str(bundle.id), "sequence": bundle.sequence, "items": bundle.item_count,
                     "sha256": hashlib.sha256(content).hexdigest(), "via": via},
        )  # fmt: skip
    return bundle, content


def _all_waiting(side: Side) -> Iterator[tuple[str, ItemKind, Waiting]]:
    for kind, how in kinds():
        if side in how.origins:
            for waiting in how.pending(SOFT_ITEMS):
                yield kind, how, waiting


def _put_in(filling: _Filling, kind: str, how: ItemKind, waiting: Waiting) -> None:
    written = how.write(waiting.item_id)
    if written is None:
        return
    files = [_carried(filling, stored) for stored in written.files]
    before: OutgoingItem | None = OutgoingItem.objects.filter(kind=kind, item_id=waiting.item_id).first()
    # The same content sent again keeps its revision, so that a bundle found again later changes nothing.
    same = before is not None and before.mark == waiting.mark
    revision = 1 if before is None else before.revision + (0 if same else 1)
    filling.items.append(_item(kind, waiting.item_id, revision, written, files))
    filling.sent.append(
        OutgoingItem(kind=kind, item_id=waiting.item_id, revision=revision, mark=waiting.mark, is_waiting=False)
    )


def _item(kind: str, item_id: UUID, revision: int, written: Written, files: list[CarriedFile]) -> Item:
    return Item(kind, item_id, revision, written.made_at, written.data, tuple(files))


def _carried(filling: _Filling, stored: StoredFile) -> CarriedFile:
    content = read_file(stored)
    # A sealed file lies under the digest of what was sealed; it travels by the digest of what was given.
    digest = hashlib.sha256(content).hexdigest() if stored.key_id else stored.sha256
    if digest not in filling.contents:
        filling.contents[digest] = content
        filling.size += len(content)
    return CarriedFile(stored.id, stored.name, stored.purpose, digest, len(content))


def _assigned(rows: list[OutgoingItem], bundle: OutgoingBundle) -> list[OutgoingItem]:
    for row in rows:
        row.bundle = bundle
    return rows


def _bundle(peer: Peer, filling: _Filling, via: str, actor: Actor) -> OutgoingBundle:
    bundle: OutgoingBundle = OutgoingBundle.objects.create(
        id=uuid7(),
        sequence=peer.sequence + 1,
        via=Via(via),
        item_count=len(filling.items),
        size=0,
        made_at=clock.now(),
        made_by=actor.label[:200],
    )
    return bundle


def _closed(peer: Peer, bundle: OutgoingBundle, filling: _Filling) -> bytes:
    code = get_government(peer.government_id).code
    came = IncomingBundle.objects.filter(outcome=Outcome.READ).order_by("-arrived_at")
    given_up = OutgoingBundle.objects.filter(given_up_at__isnull=False).order_by("-sequence")
    left = sum(count for _, count in waiting_counts(peer.side))
    payload = Payload(
        items=tuple(filling.items),
        received=tuple(each for each in came.values_list("bundle_id", flat=True)[:_RECEIPTS] if each),
        missing=tuple(missing_sequences(peer.given_up)),
        given_up=tuple(given_up.values_list("sequence", flat=True)[: MOST_ITEMS // 4]),
        waiting=left,
        contents=filling.contents,
    )
    return seal(
        pack(payload), keys=keys_of(code), me=our_card(peer.side), peer=peer.card(code), bundle=bundle.id,
        sequence=bundle.sequence, made_at=bundle.made_at,
    )  # fmt: skip


@service
def ask_again(*, actor: Actor, bundle: OutgoingBundle) -> int:
    """送り直す: a bundle of ours was lost; everything in it waits to be sent again. Gives how many things that are.

    Harmless for one that is only late: what comes twice changes nothing. Already given up or acknowledged: nothing happens.
    """
    require(actor, ExchangePermission.CARRY)
    now = clock.now()
    mine = OutgoingBundle.objects.filter(id=bundle.id, acknowledged_at__isnull=True, given_up_at__isnull=True)
    if not mine.update(given_up_at=now):
        return 0
    count = OutgoingItem.objects.filter(bundle=bundle).update(is_waiting=True)
    record_event(
        actor=actor, code="exchange.bundle.given_up", subject_kind=PEER, subject_id=bundle.id,
        payload={"sequence": bundle.sequence, "items": count},
    )  # fmt: skip
    return count
