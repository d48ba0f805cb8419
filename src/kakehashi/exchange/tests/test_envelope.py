import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.exchange.domain.cards import BadCard, Card, normalise_fingerprint
from kakehashi.exchange.domain.envelope import BadBundle, seal, unseal
from kakehashi.exchange.domain.payload import Payload, pack, unpack
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.testing import card_of, carried, carried_file, new_keys
from kakehashi.kernel.ids import uuid7

PUBLIC, STAFF = new_keys(), new_keys()
SENDER, RECEIVER = card_of(PUBLIC, Side.PUBLIC), card_of(STAFF, Side.STAFF)
MADE_AT = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
CONTENT = "中身".encode() * 20


def sealed(content: bytes = CONTENT, sender=PUBLIC, me=SENDER, peer=RECEIVER) -> bytes:
    return seal(content, keys=sender, me=me, peer=peer, bundle=uuid7(), sequence=7, made_at=MADE_AT)


BUNDLE = sealed()


def refused(content: bytes, *, keys=STAFF, me=RECEIVER, peer=SENDER) -> str:
    with pytest.raises(BadBundle) as caught:
        unseal(content, keys=keys, me=me, peer=peer)
    return caught.value.code


def test_a_bundle_opens_on_the_other_side():
    header, content = unseal(BUNDLE, keys=STAFF, me=RECEIVER, peer=SENDER)
    assert (content, header.sequence, header.made_at) == (CONTENT, 7, MADE_AT)


def test_nothing_inside_is_readable_from_outside():
    assert "中身".encode() not in BUNDLE


@given(at=st.integers(0, len(BUNDLE) - 1), by=st.integers(1, 255))
def test_any_changed_byte_is_refused(at, by):
    changed = BUNDLE[:at] + bytes([BUNDLE[at] ^ by]) + BUNDLE[at + 1 :]
    try:
        _, content = unseal(changed, keys=STAFF, me=RECEIVER, peer=SENDER)
    except BadBundle:
        return
    # Only the padding bits of the signature's base64 may differ without meaning anything.
    assert content == CONTENT


@given(st.binary(max_size=400))
def test_rubbish_is_refused(rubbish):
    refused(rubbish)
    refused(b"KAKEHASHI-BUNDLE 1\n" + rubbish)


def test_a_bundle_cut_short_or_made_longer_is_refused():
    assert {refused(BUNDLE[:-1]), refused(BUNDLE + b"x")} == {"altered"}


def test_another_towns_bundle_is_refused():
    other = card_of(PUBLIC, Side.PUBLIC, "990027")
    assert refused(sealed(me=other)) == "government"


def test_our_own_bundle_is_refused():
    assert refused(sealed(sender=STAFF, me=RECEIVER, peer=SENDER)) == "side"


def test_a_forger_is_refused():
    forger = new_keys()
    assert refused(sealed(sender=forger, me=card_of(forger, Side.PUBLIC))) == "sender"
    assert refused(sealed(sender=forger)) == "signature"


def test_a_bundle_for_old_keys_is_refused():
    new = new_keys()
    assert refused(BUNDLE, keys=new, me=card_of(new, Side.STAFF)) == "receiver"


def test_a_card_goes_round_and_keeps_its_fingerprint():
    card = Card.from_text(SENDER.to_text())
    assert card == SENDER
    assert normalise_fingerprint(card.fingerprint.lower().replace("-", " ")) == card.fingerprint


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "kakehashi-pairing/9"}', SENDER.to_text().replace("public", "x")]
)
def test_a_bad_card_is_refused(text):
    with pytest.raises(BadCard):
        Card.from_text(text)


FILE = b"%PDF-1.7 x"
ATTACHED = carried_file("見積書.pdf", FILE, "procedures.answer")
ITEMS = (
    carried("exchange.test", uuid7(), {"名": "一"}, files=[ATTACHED]),
    carried("exchange.test", uuid7(), {"名": "二"}),
)
PAYLOAD = Payload(
    items=ITEMS, received=(uuid7(),), missing=(3,), given_up=(2,), waiting=4, contents={ATTACHED.sha256: FILE}
)


def test_a_payload_goes_round():
    assert unpack(pack(PAYLOAD)) == PAYLOAD


def repacked(change) -> bytes:
    """The payload after somebody inside changed its members."""
    import io
    import zipfile

    members = {}
    with zipfile.ZipFile(io.BytesIO(pack(PAYLOAD))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def swap(members):
    one, two = "items/00001.json", "items/00002.json"
    members[one], members[two] = members[two], members[one]


def reorder(members):
    manifest = json.loads(members["manifest.json"])
    manifest["items"].reverse()
    members["manifest.json"] = json.dumps(manifest).encode()


def exchange_file(members):
    members[f"files/{ATTACHED.sha256}"] = b"%PDF-1.7 y"


@pytest.mark.parametrize(
    "change",
    [
        swap,
        reorder,
        exchange_file,
        lambda members: members.pop("items/00002.json"),
        lambda members: members.update({"items/00003.json": b"{}"}),
        lambda members: members.update({"manifest.json": b"{}"}),
        lambda members: members.pop("manifest.json"),
    ],
)
def test_what_is_exchanged_reordered_taken_out_or_put_in_is_refused(change):
    with pytest.raises(BadBundle):
        unpack(repacked(change))


@given(st.binary(max_size=300))
def test_a_broken_payload_is_refused(rubbish):
    with pytest.raises(BadBundle):
        unpack(rubbish)
