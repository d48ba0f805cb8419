"""The ceremony: keys in files nobody else reads, and a fingerprint read aloud."""

import pytest

from kakehashi.exchange.adapters.keys import keys_of
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import Peer
from kakehashi.exchange.services import introduce_side, pair_side
from kakehashi.exchange.testing import card_of, new_keys
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused

THEIRS = card_of(new_keys(), Side.PUBLIC)


def pair(town, card=THEIRS, fingerprint=None, **more):
    introduce_side(actor=town.administrator, side=Side.STAFF)
    return pair_side(
        actor=town.administrator, card_text=card.to_text(), fingerprint=fingerprint or card.fingerprint, **more
    )


def test_pairing_makes_the_government_split(town, homes):
    peer = pair(
        town, fingerprint=THEIRS.fingerprint.lower().replace("-", ""), url="https://shinsei.example.jp/hibari/exchange/"
    )
    assert (peer.side, peer.fingerprint) == (Side.STAFF, THEIRS.fingerprint)
    assert Event.objects.filter(code="exchange.side.paired").count() == 1
    assert pair(town).id == peer.id


def test_keys_lie_outside_the_database_and_only_we_read_them(town, homes):
    pair(town)
    files = sorted((homes / "keys").rglob("*.pem"))
    assert [path.name for path in files] == ["seal.pem", "sign.pem"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert b"PRIVATE" not in b"".join(bytes(value) for value in Peer.objects.values_list("sign", "seal").get())


def test_a_key_others_may_read_is_refused(town, homes):
    pair(town)
    next((homes / "keys").rglob("seal.pem")).chmod(0o644)
    with pytest.raises(DomainError, match="chmod 600"):
        keys_of(town.government.code)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fingerprint": "0000-1111"}, "fingerprint"),
        ({"card": card_of(new_keys(), Side.PUBLIC, "990027")}, "card"),
        ({"url": "http://shinsei.example.jp/"}, "url"),
    ],
)
def test_what_does_not_match_is_refused(town, homes, changes, field):
    with pytest.raises(DomainError) as caught:
        pair(town, **changes)
    assert caught.value.field == field
    assert not Peer.objects.exists()


def test_ones_own_card_is_refused(town, homes):
    own = introduce_side(actor=town.administrator, side=Side.PUBLIC)
    with pytest.raises(DomainError, match="こちら自身"):
        pair_side(actor=town.administrator, card_text=own.to_text(), fingerprint=own.fingerprint)


def test_new_keys_are_new(town, homes):
    first = introduce_side(actor=town.administrator, side=Side.STAFF)
    assert introduce_side(actor=town.administrator, side=Side.STAFF).fingerprint == first.fingerprint
    assert introduce_side(actor=town.administrator, side=Side.STAFF, renew=True).fingerprint != first.fingerprint


def test_it_needs_the_permission(town, homes):
    from kakehashi.kernel.actor import AnonymousActor

    with pytest.raises(PermissionRefused):
        introduce_side(actor=AnonymousActor(government_id=town.id), side=Side.STAFF)
