"""包みを取り込む: check, open, settle receipts, take things in one by one, then try again what waited for them.

A refused bundle changes nothing but the list of bundles, where it stands with the reason. A bundle that comes again changes
nothing at all. What is inside is idempotent and does not care for order, so neither late, doubled nor reordered bundles matter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from kakehashi.exchange.adapters.keys import keys_of
from kakehashi.exchange.domain.envelope import BadBundle, Header, parse_head, unseal
from kakehashi.exchange.domain.kinds import PEER
from kakehashi.exchange.domain.payload import Payload, unpack
from kakehashi.exchange.models import IncomingBundle, Outcome, OutgoingBundle, OutgoingItem, Peer, Via
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.services.items import retry_open_items, take_item
from kakehashi.exchange.services.pairing import our_card
from kakehashi.exchange.services.writing import locked_peer
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["Receipt", "read_bundle", "refuse_bundle"]

_MOST_REFUSED_AN_HOUR = 200
ALREADY = "同じ包みを前に取り込んでいます。何も変えていません。"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a bundle: `outcome` is read, already or refused; `message` says it to a person."""

    outcome: str
    message: str
    code: str = ""
    applied: int = 0
    waiting: int = 0
    refused: int = 0
    sequence: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether nothing was taken in because something is wrong with it."""
        return self.outcome == "refused"


@service
def read_bundle(*, actor: Actor, content: bytes, via: str) -> Receipt:
    """Take in a bundle of the peer and say what became of it; never raises for a bad one, which is recorded.

    Raises DomainError when the government is not split, PermissionRefused.
    """
    require(actor, ExchangePermission.CARRY)
    peer = locked_peer()
    code = get_government(peer.government_id).code
    try:
        me, other = our_card(peer.side), peer.card(code)
        header, opened = unseal(content, keys=keys_of(code), me=me, peer=other)
        if (known := _seen_before(actor, peer, header)) is not None:
            return known
        with transaction.atomic():
            payload = unpack(opened)
            return _taken_in(actor, peer, header, payload, via, len(content))
    except BadBundle as bad:
        return refuse_bundle(actor=actor, peer=peer, bad=bad, via=via, head=content, size=len(content))


def _seen_before(actor: Actor, peer: Peer, header: Header) -> Receipt | None:
    known = IncomingBundle.objects.filter(bundle_id=header.bundle, outcome=Outcome.READ)
    if not known.update(again=F("again") + 1):
        return None
    record_event(
        actor=actor, code="exchange.bundle.repeated", subject_kind=PEER, subject_id=peer.id,
        payload={"bundle": str(header.bundle), "sequence": header.sequence},
    )  # fmt: skip
    return Receipt("already", ALREADY, sequence=header.sequence)


def _taken_in(actor: Actor, peer: Peer, header: Header, payload: Payload, via: str, size: int) -> Receipt:
    bundle = IncomingBundle.objects.create(
        bundle_id=header.bundle, sequence=header.sequence, via=Via(via), outcome=Outcome.READ,
        item_count=len(payload.items), size=size, made_at=header.made_at, read_by=actor.label[:200],
    )  # fmt: skip
    _settle_receipts(actor, header, payload, via)
    counts = {"applied": 0, "waiting": 0, "refused": 0, "known": 0}
    for item in payload.items:
        counts[take_item(actor=actor, item=item, contents=payload.contents, side=peer.side)] += 1
    retried = retry_open_items(actor=actor)
    _remember(peer, header, payload)
    if payload.items:
        record_event(
            actor=actor, code="exchange.bundle.read", subject_kind=PEER, subject_id=peer.id,
            payload={"bundle": str(header.bundle), "sequence": header.sequence, "items": bundle.item_count, "via": via},
        )  # fmt: skip
    waiting = max(counts["waiting"] - retried, 0)
    message = f"第{header.sequence}号を取り込みました（{len(payload.items)}件）。"
    if counts["refused"]:
        message += f" 取り込めないものが{counts['refused']}件あります。下の一覧で確かめてください。"
    return Receipt(
        "read", message, applied=counts["applied"] + retried, waiting=waiting, refused=counts["refused"],
        sequence=header.sequence,
    )  # fmt: skip


def _settle_receipts(actor: Actor, header: Header, payload: Payload, via: str) -> None:
    """Bundles of ours that arrived are settled; those that were overtaken or are asked for again go out once more."""
    now = clock.now()
    open_ones = OutgoingBundle.objects.filter(acknowledged_at__isnull=True, given_up_at__isnull=True)
    open_ones.filter(id__in=payload.received).update(acknowledged_at=now)
    # A late one may have arrived after all: then its content need not go out a second time.
    late = OutgoingBundle.objects.filter(
        id__in=payload.received, given_up_at__isnull=False, acknowledged_at__isnull=True
    )
    OutgoingItem.objects.filter(bundle__in=late, is_waiting=True).update(is_waiting=False)
    late.update(acknowledged_at=now)
    reached = OutgoingBundle.objects.filter(id__in=payload.received).order_by("-sequence").first()
    lost = open_ones.filter(sequence__in=payload.missing)
    if reached is not None:
        lost = lost | open_ones.filter(sequence__lt=reached.sequence)
    if via == Via.HTTPS:
        # On one connection the answer comes at once: what the peer does not know by now was lost on the way.
        lost = lost | open_ones.filter(via=Via.HTTPS, made_at__lt=header.made_at)
    numbers = list(lost.values_list("id", flat=True))
    if numbers:
        OutgoingBundle.objects.filter(id__in=numbers).update(given_up_at=now)
        OutgoingItem.objects.filter(bundle_id__in=numbers).update(is_waiting=True)


def _remember(peer: Peer, header: Header, payload: Payload) -> None:
    """What we know of the other side is as of its newest bundle, whichever came last."""
    values: dict[str, object] = {"exchanged_at": clock.now(), "failed_at": None, "failure": ""}
    if peer.their_made_at is None or header.made_at > peer.their_made_at:
        values |= {
            "their_made_at": min(header.made_at, clock.now() + dt.timedelta(minutes=5)),
            "their_waiting": min(max(payload.waiting, 0), 1_000_000),
            "given_up": list(payload.given_up),
        }
    Peer.objects.filter(id=peer.id).update(**values)


def refuse_bundle(*, actor: Actor, peer: Peer, bad: BadBundle, via: str, head: bytes, size: int) -> Receipt:
    """Write down that a bundle was refused and why; a flood of them is cut off so that nobody can fill the table."""
    since = clock.now() - dt.timedelta(hours=1)
    if IncomingBundle.objects.filter(outcome=Outcome.REFUSED, arrived_at__gt=since).count() < _MOST_REFUSED_AN_HOUR:
        sequence = _claimed_sequence(head)
        IncomingBundle.objects.create(
            sequence=sequence, via=Via(via), outcome=Outcome.REFUSED, code=bad.code, reason=bad.message[:300],
            size=size, read_by=actor.label[:200],
        )  # fmt: skip
        record_event(
            actor=actor, code="exchange.bundle.refused", subject_kind=PEER, subject_id=peer.id,
            payload={"code": bad.code, "via": via},
        )  # fmt: skip
    return Receipt("refused", bad.message, bad.code)


def _claimed_sequence(head: bytes) -> int:
    """What the envelope says its number is; nothing is proved by it."""
    try:
        return min(parse_head(head)[0].sequence, 2**31)
    except BadBundle:
        return 0
