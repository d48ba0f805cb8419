"""回線での受け渡し: the staff side calls, the public side answers in the same connection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from kakehashi.exchange.adapters.transport import TransportError, post_bundle
from kakehashi.exchange.domain.envelope import HEAD_BYTES, MOST_BYTES, BadBundle, verify
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import IncomingBundle, IntakeRun, OutgoingBundle, Peer, RunState, Via
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import waiting_counts
from kakehashi.exchange.services.pairing import our_card
from kakehashi.exchange.services.reading import Receipt, read_bundle, refuse_bundle
from kakehashi.exchange.services.writing import NOT_SPLIT, locked_peer, write_bundle
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["Answer", "Round", "answer_call", "claim_round", "forget_old_rows", "run_round"]

FRESH = dt.timedelta(minutes=10)
_MOST_TURNS = 20
_KEPT_EMPTY = dt.timedelta(days=30)
_EVERY = dt.timedelta(seconds=55)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: how many turns, things taken in and refused; `failure` when the line did not hold."""

    turns: int = 0
    applied: int = 0
    refused: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the public side says to a call: a bundle, or a refusal in words with its HTTP status."""

    status: int
    content: bytes


@service
def run_round(*, actor: Actor, post: Callable[[str, bytes], bytes] = post_bundle) -> Round:
    """Take and bring what waits on both sides, in as many turns as it needs, over connections that we open.

    A line that breaks undoes only what was being written: it waits again. Raises DomainError when this is not the staff side
    of a split government with an address, PermissionRefused.
    """
    require(actor, ExchangePermission.CARRY)
    peer = _unlocked_peer()
    if peer is None:
        return Round(failure="いま受け渡しの途中です。少し待ってください。")
    if peer.side is not Side.STAFF or not peer.url:
        raise DomainError("回線での受け渡しは、公開側の住所を登録した職員側から行います。", code="no_url")
    turns = applied = refused = 0
    while turns < _MOST_TURNS:
        try:
            receipt = _turn(actor, peer, post)
        except TransportError as error:
            return Round(turns, applied, refused, _failed(peer, str(error)))
        if receipt.is_refused:
            return Round(turns, applied, refused, _failed(peer, receipt.message))
        turns, applied, refused = turns + 1, applied + receipt.applied, refused + receipt.refused
        peer.refresh_from_db()
        if not peer.their_waiting and not waiting_counts(Side.STAFF):
            break
    return Round(turns, applied, refused)


def _unlocked_peer() -> Peer | None:
    """The peer, locked for us; None when another round is under way, so that nobody waits behind a slow line."""
    free: Peer | None = Peer.objects.select_for_update(skip_locked=True).first()
    if free is None and not Peer.objects.exists():
        raise DomainError(NOT_SPLIT, code="not_split")
    return free


def _turn(actor: Actor, peer: Peer, post: Callable[[str, bytes], bytes]) -> Receipt:
    """One bundle there and one back. The savepoint lets what was written wait again when the line breaks."""
    with transaction.atomic():
        _, content = write_bundle(actor=actor, via=Via.HTTPS)
        answer = post(peer.url, content)
    return read_bundle(actor=actor, content=answer, via=Via.HTTPS)


def _failed(peer: Peer, message: str) -> str:
    Peer.objects.filter(id=peer.id).update(failed_at=clock.now(), failure=message[:300])
    return message


@service
def answer_call(*, actor: Actor, stream: BinaryIO, length: int) -> Answer:
    """Answer the staff side's call: take in its bundle and give ours. Only the paired key's signature opens the door.

    The signature is checked before more than the first bytes are read. A call that was recorded and is played again is
    refused: it is too old or its bundle is known. Raises DomainError when this is not the public side of a split government.
    """
    peer = locked_peer()
    if peer.side is not Side.PUBLIC:
        raise DomainError("公開側ではありません。", code="not_public")
    code = get_government(peer.government_id).code
    head = stream.read(min(HEAD_BYTES, max(length, 0)))
    try:
        header, at = verify(head, me=our_card(peer.side), peer=peer.card(code))
        if abs(clock.now() - header.made_at) > FRESH:
            raise BadBundle("stale", "古い呼び出しです。職員側と公開側の時計が合っているかも確かめてください。")
        if length != at + header.size or length > MOST_BYTES:
            raise BadBundle("altered", "届いた大きさが、署名されたものと違います。")
    except BadBundle as bad:
        refuse_bundle(actor=actor, peer=peer, bad=bad, via=Via.HTTPS, head=head, size=max(length, 0))
        return Answer(403, bad.message.encode())
    receipt = read_bundle(actor=actor, content=head + stream.read(length - len(head)), via=Via.HTTPS)
    if receipt.outcome != "read":
        return Answer(409 if receipt.outcome == "already" else 403, receipt.message.encode())
    return Answer(200, write_bundle(actor=actor, via=Via.HTTPS)[1])


def claim_round() -> bool:
    """Whether a call is due: this is the staff side, has an address, and nobody called within the last minute."""
    now = clock.now()
    due = Peer.objects.filter(our_side=Side.STAFF.value).exclude(url="")
    return bool(due.filter(Q(called_at__isnull=True) | Q(called_at__lt=now - _EVERY)).update(called_at=now))


def forget_old_rows() -> int:
    """Drop the rows of calls in which nothing travelled, and files that nobody took in, after thirty days."""
    before = clock.now() - _KEPT_EMPTY
    out, _ = OutgoingBundle.objects.filter(via=Via.HTTPS, item_count=0, made_at__lt=before).delete()
    came, _ = IncomingBundle.objects.filter(via=Via.HTTPS, item_count=0, again=0, arrived_at__lt=before).delete()
    runs, _ = IntakeRun.objects.filter(state=RunState.DRAFT, made_at__lt=before).delete()
    return out + came + runs
