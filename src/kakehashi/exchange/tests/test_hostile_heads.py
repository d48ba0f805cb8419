"""What anybody can send to the door of the exchange before a signature was looked at, and what a paired side could still do."""

import io
import json
import zipfile

import pytest

from kakehashi.exchange.domain import payload
from kakehashi.exchange.domain.cards import BadCard, Card
from kakehashi.exchange.domain.envelope import MAGIC, BadBundle, parse_head
from kakehashi.exchange.domain.payload import unpack

DEEP = b"[" * 7_000


@pytest.mark.parametrize(
    "line", [DEEP, b'{"bundle":' * 700, b'{"sequence": 1e999}', b"[]", b"7", b'{"bundle": "\xff"}']
)
def test_a_head_that_is_no_head_is_refused(line):
    with pytest.raises(BadBundle):
        parse_head(b"\n".join((MAGIC, line, b"c2ln", b"sealed")))


@pytest.mark.parametrize("text", ["[" * 7_000, "[]", "7", '{"format": 1e999}'])
def test_a_card_that_is_no_card_is_refused(text):
    with pytest.raises(BadCard):
        Card.from_text(text)


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".json", content)
    return made.getvalue()


@pytest.mark.parametrize(
    "manifest", [DEEP, b'{"items": [], "files": []}', b'{"items": {}, "files": {"x": 1e999}}', b"[]"]
)
def test_a_manifest_that_is_none_is_refused(manifest):
    with pytest.raises(BadBundle):
        unpack(packed(manifest=manifest))


def test_a_bundle_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(payload, "MOST_UNPACKED", 1_000_000)
    manifest = json.dumps(
        {"items": [], "files": {}, "received": [], "missing": [], "given_up": [], "waiting": 0}
    ).encode()
    with pytest.raises(BadBundle, match="大きくなりすぎ"):
        unpack(packed(manifest=manifest, items__00001=b" " * 2_000_000))
