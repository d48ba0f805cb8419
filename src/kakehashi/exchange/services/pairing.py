"""名乗りと組: make this side's keys, and know the other side by the fingerprint two people read to each other."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from kakehashi.exchange.adapters.keys import keys_of, make_keys
from kakehashi.exchange.domain.cards import BadCard, Card, normalise_fingerprint
from kakehashi.exchange.domain.envelope import Keys
from kakehashi.exchange.domain.kinds import PEER
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import Peer
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.outbound import OutboundRefused, check_address
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["introduce_side", "our_card", "pair_side"]


def _card(code: str, side: Side, keys: Keys, url: str) -> Card:
    return Card(
        code, side, keys.sign.public_key().public_bytes_raw(), keys.seal.public_key().public_bytes_raw(), url.strip()
    )


def our_card(side: Side, url: str = "") -> Card:
    """The card of this side with the keys it has. Raises DomainError when there are none."""
    code = get_government(current_government_id()).code
    return _card(code, side, keys_of(code), url)


@service
def introduce_side(*, actor: Actor, side: Side, url: str = "", renew: bool = False) -> Card:
    """名乗る: the card to be carried to the other side; makes the keys at the first need, or new ones with `renew`.

    `url` is the public side's https address of the exchange, where it can be reached. An official act.
    """
    require(actor, ExchangePermission.PAIR)
    code = get_government(current_government_id()).code
    card = _card(code, side, make_keys(code, renew=renew), url)
    if renew:
        Peer.objects.update(our_fingerprint=card.fingerprint)
    record_event(
        actor=actor, code="exchange.side.introduced", subject_kind=PEER, subject_id=current_government_id(),
        payload={"side": side.value, "fingerprint": card.fingerprint, "renewed": renew},
    )  # fmt: skip
    return card


@service
def pair_side(*, actor: Actor, card_text: str, fingerprint: str, url: str | None = None) -> Peer:
    """組にする: trust the side on this card, whose fingerprint was read to us by a person we know.

    From now on this government is split: we are the half the card is not. Raises DomainError for a card of another town,
    for our own card, and for a fingerprint that does not match what is on the card.
    """
    require(actor, ExchangePermission.PAIR)
    try:
        card = Card.from_text(card_text)
    except BadCard as error:
        raise DomainError(str(error), field="card") from error
    government = get_government(current_government_id())
    if card.government != government.code:
        raise DomainError(f"ほかの団体（{card.government[:6]}）の名乗りです。", field="card")
    if normalise_fingerprint(fingerprint) != card.fingerprint:
        raise DomainError(
            "指紋が合いません。電話などで、相手の画面の指紋を読み上げてもらって入れてください。", field="fingerprint"
        )
    ours = our_card(card.side.other)
    if ours.fingerprint == card.fingerprint:
        raise DomainError("こちら自身の名乗りです。相手の側で作ったファイルを選んでください。", field="card")
    address = card.url if url is None else url.strip()
    _check_keys(card)
    _check_url(address)
    peer, _ = Peer.objects.update_or_create(
        defaults={
            "our_side": card.side.other.value,
            "sign": card.sign,
            "seal": card.seal,
            "fingerprint": card.fingerprint,
            "our_fingerprint": ours.fingerprint,
            "url": address if card.side is Side.PUBLIC else "",
            "paired_at": clock.now(),
        }
    )
    record_event(
        actor=actor, code="exchange.side.paired", subject_kind=PEER, subject_id=government.id,
        payload={"side": peer.our_side, "peer": card.fingerprint, "ours": ours.fingerprint},
    )  # fmt: skip
    return peer


def _check_keys(card: Card) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(card.sign)
        X25519PublicKey.from_public_bytes(card.seal)
    except ValueError as error:
        raise DomainError("名乗りのファイルの鍵が正しくありません。", field="card") from error


def _check_url(url: str) -> None:
    try:
        if url:
            check_address(url)
    except OutboundRefused as error:
        raise DomainError(str(error), field="url") from error
